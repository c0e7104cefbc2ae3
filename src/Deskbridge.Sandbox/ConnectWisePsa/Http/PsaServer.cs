using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Takes every call to the simulated PSA: login lookup, callback key, API. Logs it before the answer leaves.</summary>
internal sealed class PsaServer(Router router, Psa psa, PsaCredentials credentials, Authentication authentication, FaultBook faults, Journal journal, SandboxClock clock)
{
    private const int LargestBody = 64 * 1024 * 1024;
    private const string Classic = "v4_6_release";

    private readonly RateLimit _rate = new(clock, psa.Settings);

    /// <summary>Whether a path belongs to the PSA.</summary>
    public static bool Owns(PathString path) => Split(path) is [var first, var second, ..]
        && (first.Equals("login", StringComparison.OrdinalIgnoreCase) || second.Equals("apis", StringComparison.OrdinalIgnoreCase)
            || second.Equals("system", StringComparison.OrdinalIgnoreCase)
            || second.Equals("login", StringComparison.OrdinalIgnoreCase));

    public async Task HandleAsync(HttpContext http)
    {
        var started = clock.Time.GetTimestamp();
        var body = await ReadBodyAsync(http);
        var call = new Call { Body = body, Struck = faults.Strike(false, http.Request.Method, Below(http.Request.Path)) };
        foreach (var slow in call.Struck.Where(f => f.Kind == FaultKind.Latency))
            await Task.Delay(TimeSpan.FromMilliseconds(slow.Milliseconds), clock.Time, http.RequestAborted);
        var answer = Answer(http, call);
        var cut = call.Has(FaultKind.CutBefore) || call.Has(FaultKind.CutAfter);
        Log(http, call, cut ? 0 : answer.Status, clock.Time.GetElapsedTime(started));
        if (cut) http.Abort();
        else await WriteAsync(http, answer);
    }

    private PsaAnswer Answer(HttpContext http, Call call)
    {
        try
        {
            Before(call);
            var answer = Dispatch(http, call);
            return call.Has(FaultKind.ErrorAfter) ? new PsaAnswer(500, Timeout().Body()) : answer;
        }
        catch (PsaRefusal refusal)
        {
            return new PsaAnswer(refusal.Status, refusal.Body());
        }
        catch (Throttled throttled)
        {
            return throttled.Answer();
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // A fault of ours, not of the caller: told as such, so that nobody looks for it in the vendor's system.
            return new PsaAnswer(500, PsaRefusal.Fault($"{PsaRefusal.OwnFault} {bug.GetType().Name}: {bug.Message}").Body());
        }
    }

    private static void Before(Call call)
    {
        if (call.Struck.FirstOrDefault(f => f.Kind == FaultKind.Throttle) is { } throttle) throw new Throttled(throttle.RetryAfter);
        if (call.Has(FaultKind.ErrorBefore) || call.Has(FaultKind.CutBefore)) throw Timeout();
        if (call.Has(FaultKind.Forbidden)) throw PsaRefusal.Forbidden();
        if (call.Has(FaultKind.NotFound)) throw PsaRefusal.NoRoute();
    }

    private PsaAnswer Dispatch(HttpContext http, Call call)
    {
        var path = Split(http.Request.Path);
        if (path is [_, _, var company] && Is(path[0], "login") && Is(path[1], "companyinfo")) return new PsaAnswer(200, CompanyInfo(http, company));
        if (!Is(path[0], Classic) && !Is(path[0], Codebase().TrimEnd('/'))) throw PsaRefusal.NoRoute();
        if (path.Length >= 3 && Is(path[1], "system") && Is(path[2], "callbackkey")) return new PsaAnswer(200, SigningKey(http));
        if (path is [_, _, var page] && Is(path[1], "login") && Is(page, "login.aspx")) return SignIn(http, call.Body);
        if (path.Length < 4 || !Is(path[1], "apis") || path[2] != "3.0") throw PsaRefusal.NoRoute();
        call.By = authentication.Caller(http.Request);
        _rate.Take();
        CheckVersion(http);
        string[] route = path[3..];
        var method = HttpMethods.IsHead(http.Request.Method) ? HttpMethods.Get : http.Request.Method;
        CheckRights(method, route);
        return router.Handle(new PsaRequest
        {
            Method = method,
            Segments = route,
            Query = http.Request.Query,
            Body = call.Body,
            Http = http,
            By = call.By,
            Root = Root(http, path[0]),
        });
    }

    private JsonObject? CompanyInfo(HttpContext http, string company)
    {
        if (!Is(company, credentials.CompanyId)) return null;
        var cloud = psa.Settings.Current.CloudCompanyInfo;
        var version = psa.Settings.Current.Version;
        return new JsonObject
        {
            ["CompanyName"] = credentials.CompanyId,
            ["Codebase"] = Codebase(),
            ["VersionCode"] = "v" + version,
            ["VersionNumber"] = "v4.6.118731",
            ["CompanyID"] = credentials.CompanyId,
            ["IsCloud"] = cloud,
            ["SiteUrl"] = http.Request.Host.ToString(),
        };
    }

    private PsaAnswer SignIn(HttpContext http, byte[] body)
    {
        if (!HttpMethods.IsPost(http.Request.Method)) throw PsaRefusal.NoVerb();
        return authentication.SignIn(SentForm.Read(http, body));
    }

    private JsonObject SigningKey(HttpContext http)
    {
        var (company, id) = (http.Request.Query["companyName"].ToString(), http.Request.Query["id"].ToString());
        var key = Is(company, credentials.CompanyId) && id == credentials.SigningKeyId ? credentials.SigningKey
            : Is(company, PsaCredentials.Neighbour) && id == PsaCredentials.NeighbourKeyId ? credentials.NeighbourKey
            : throw PsaRefusal.NotFound("Callback key", id);
        return new JsonObject { ["signing_key"] = key };
    }

    private string Codebase() => psa.Settings.Current.CloudCompanyInfo
        ? $"v{psa.Settings.Current.Version.Replace('.', '_')}/"
        : Classic + "/";

    private void CheckVersion(HttpContext http)
    {
        foreach (var part in http.Request.Headers.Accept.ToString().Split(';', ','))
        {
            if (part.Trim() is not { Length: > 8 } text || !text.StartsWith("version=", StringComparison.OrdinalIgnoreCase)) continue;
            if (!text[8..].Trim().Split('.').All(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                throw PsaRefusal.BadRequest($"The version '{text[8..]}' is not a release such as {psa.Settings.Current.Version}.");
            http.Items["version"] = text[8..].Trim();
        }
    }

    private void CheckRights(string method, string[] route)
    {
        var path = "/" + string.Join('/', route);
        foreach (var denied in psa.Settings.Current.Forbidden)
        {
            var (verb, prefix) = denied.Split(' ', 2) is [var v, var p] ? (v, p) : ("*", denied);
            if ((verb == "*" || Is(verb, method)) && path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) throw PsaRefusal.Forbidden();
        }
    }

    private async Task WriteAsync(HttpContext http, PsaAnswer answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers.CacheControl = "no-cache";
        response.Headers.Date = clock.Now.ToString("R", CultureInfo.InvariantCulture);
        response.Headers["x-cw-request-id"] = Guid.CreateVersion7(clock.Now).ToString();
        response.Headers["x-server-name"] = "sandbox";
        response.Headers["api-current-version"] = psa.Settings.Current.Version;
        response.Headers.XFrameOptions = "SAMEORIGIN";
        if (http.Request.IsHttps) response.Headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        foreach (var (name, value) in answer.Headers) response.Headers[name] = value;
        foreach (var (name, value) in answer.Cookies) response.Cookies.Append(name, value, new CookieOptions { Path = "/", Secure = http.Request.IsHttps });
        if (answer.Status == 204) return;
        response.ContentType = answer.ContentType ?? MediaType(http);
        var bytes = answer.Bytes ?? ViewWriter.Bytes(answer.Json, Root(http, Split(http.Request.Path)[0]));
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private string MediaType(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("vnd.connectwise", StringComparison.OrdinalIgnoreCase) || http.Request.Headers.Accept.Count == 0
            ? $"application/vnd.connectwise.com+json; version={http.Items["version"] ?? psa.Settings.Current.Version}"
            : "application/json; charset=utf-8";

    private void Log(HttpContext http, Call call, int status, TimeSpan took)
    {
        var text = call.Body.Length == 0 ? null : call.Body.Length > 1 << 20 || http.Request.HasFormContentType ? $"({call.Body.Length} bytes)" : Encoding.UTF8.GetString(call.Body);
        journal.Append(clock.Now, [("request", new JsonObject
        {
            ["method"] = http.Request.Method,
            ["path"] = http.Request.Path.ToString(),
            ["query"] = http.Request.QueryString.ToString(),
            ["status"] = status,
            ["ms"] = Math.Round(took.TotalMilliseconds, 1),
            ["member"] = call.By,
            ["body"] = text,
            ["faults"] = call.Struck.Count == 0 ? null : new JsonArray([.. call.Struck.Select(f => (JsonNode)f.Kind.ToString())]),
        })]);
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LargestBody;
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }

    private static PsaRefusal Timeout() => PsaRefusal.Fault("A timeout has occured. Please try again.");

    private static string Root(HttpContext http, string codebase) => $"{http.Request.Scheme}://{http.Request.Host}/{codebase}/apis/3.0";

    private static string Below(PathString path) =>
        Split(path) is [_, "apis", "3.0", .. var rest] ? "/" + string.Join('/', rest) : path.ToString();

    private static string[] Split(PathString path) => path.ToString().Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private sealed class Call
    {
        public required byte[] Body { get; init; }

        public required IReadOnlyList<FaultRule> Struck { get; init; }

        public string? By { get; set; }

        public bool Has(FaultKind kind) => Struck.Any(f => f.Kind == kind);
    }
}
