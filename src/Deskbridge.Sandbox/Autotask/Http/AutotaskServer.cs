using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deskbridge.Sandbox.Autotask.Http;

/// <summary>Takes every call to the simulated Autotask: zone lookup, versions, API. Logs it before the answer leaves.</summary>
internal sealed class AutotaskServer(Router router, SignIn signIn, Limits limits, AutotaskSettings settings, AutotaskCredentials credentials, FaultBook faults, Journal journal, SandboxClock clock)
{
    private const int LargestBody = 64 * 1024 * 1024;
    private const int LongestAddress = 2_048;
    private const string Service = "ATServicesRest";
    private const string Version = "V1.0";
    private const int DatabaseNumber = 118_342;

    /// <summary>Whether a path belongs to Autotask.</summary>
    public static bool Owns(PathString path) => Split(path).Take(2).Any(s => Is(s, Service));

    public async Task HandleAsync(HttpContext http)
    {
        var started = clock.Time.GetTimestamp();
        var body = await ReadBodyAsync(http);
        var path = Split(http.Request.Path);
        string[] below = [.. path.SkipWhile(s => !Is(s, Service)).Skip(1)];
        string[] segments = below is [var version, .. var rest] && Is(version, Version) ? rest : below;
        var call = new Call { Http = http, Body = body, Segments = segments, Struck = faults.Strike(false, http.Request.Method, "/" + string.Join('/', segments)) };
        var answer = await AnswerAsync(call, Is(path[0], Service) ? "" : path[0], versioned: below.Length > segments.Length);
        var cut = call.Has(FaultKind.CutBefore) || call.Has(FaultKind.CutAfter);
        Log(call, cut ? 0 : answer.Status, clock.Time.GetElapsedTime(started));
        if (cut) http.Abort();
        else await WriteAsync(http, answer);
    }

    private async Task<Answer> AnswerAsync(Call call, string zone, bool versioned)
    {
        try
        {
            var isLookup = versioned && call.Segments is [var lookup] && Is(lookup, "zoneInformation");
            using var place = isLookup ? null : limits.Enter(Router.Target(call.Segments));
            foreach (var slow in call.Struck.Where(f => f.Kind == FaultKind.Latency))
                await Task.Delay(TimeSpan.FromMilliseconds(slow.Milliseconds), clock.Time, call.Http.RequestAborted);
            if (Before(call) is { } instead) return instead;
            var answer = isLookup ? Zone(call) : !versioned ? Unversioned(call) : await DispatchAsync(call, zone);
            return call.Has(FaultKind.ErrorAfter) ? Broken() : answer;
        }
        catch (Refusal refusal)
        {
            return new Answer(refusal.Status, refusal.Body()) { RetryAfter = refusal.Status == 429 ? RetryAfter() : null };
        }
        catch (PlainRefusal refusal)
        {
            return new Answer(refusal.Status, refusal.Body);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // A fault of ours, not of the caller: told as such, so that nobody looks for it in the vendor's system.
            return new Answer(500, new Refusal(500, $"{Refusal.OwnFault} {bug.GetType().Name}: {bug.Message}").Body());
        }
    }

    private static Answer? Before(Call call)
    {
        if (call.Struck.FirstOrDefault(f => f.Kind == FaultKind.Throttle) is { } throttle)
            return new Answer(429, new Refusal(500, "The API request threshold for the database has been exceeded. Try again later.").Body()) { RetryAfter = throttle.RetryAfter };
        if (call.Has(FaultKind.ErrorBefore) || call.Has(FaultKind.CutBefore)) return Broken();
        if (call.Has(FaultKind.Forbidden)) return new Answer(403, Refusal.Permission("use this entity type").Body());
        if (call.Has(FaultKind.NotFound) || call.Http.Request.Path.Value!.Length + call.Http.Request.QueryString.Value!.Length > LongestAddress) return new Answer(404);
        return null;
    }

    private async Task<Answer> DispatchAsync(Call call, string zone)
    {
        if (!Is(zone, settings.Current.Zone)) throw new PlainRefusal(401);
        call.By = signIn.Caller(call.Http.Request);
        var wait = limits.Take();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock.Time, call.Http.RequestAborted);
        if (call.Method != HttpMethods.Get) call.By = signIn.Acting(call.Http.Request, call.By);
        return router.Handle(call, $"{Origin(call.Http)}{ZonePath()}{Service}/{Version}/");
    }

    private Answer Zone(Call call)
    {
        if (settings.Current.NoZoneLookup) return new Answer(404);
        if (call.Http.Request.Headers.TryGetValue("ApiIntegrationCode", out var code) && code != credentials.IntegrationCode) throw new Refusal(500, "IntegrationCode is invalid");
        if (!string.Equals(call["user"], credentials.UserName, StringComparison.OrdinalIgnoreCase)) throw new Refusal(500, "Zone information could not be determined");
        return new Answer(200, new JsonObject
        {
            ["zoneName"] = settings.Current.Zone.Length == 0 ? "Sandbox" : settings.Current.Zone,
            ["url"] = $"{Origin(call.Http)}{ZonePath()}{Service}/",
            ["webUrl"] = Origin(call.Http),
            ["ci"] = DatabaseNumber,
        });
    }

    private static Answer Unversioned(Call call) => call.Segments is [var word] && (Is(word, "versioninformation") || Is(word, "version"))
        ? new Answer(200, new JsonObject { ["apiVersions"] = new JsonArray("v1.0") })
        : throw PlainRefusal.NoRoute();

    private async Task WriteAsync(HttpContext http, Answer answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers.Date = clock.Now.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-cache";
        if (answer.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (answer.Text is null && answer.Body is null) return;
        response.ContentType = answer.Text is null ? "application/json; charset=utf-8" : "text/html";
        var bytes = answer.Text is { } text ? Encoding.UTF8.GetBytes(text) : JsonSerializer.SerializeToUtf8Bytes(answer.Body);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private void Log(Call call, int status, TimeSpan took) => journal.Append(clock.Now, [("request", new JsonObject
    {
        ["method"] = call.Method,
        ["path"] = "/" + string.Join('/', call.Segments),
        ["query"] = call.Http.Request.QueryString.ToString(),
        ["status"] = status,
        ["ms"] = Math.Round(took.TotalMilliseconds, 1),
        ["by"] = call.By?.Resource,
        ["body"] = call.Body.Length == 0 ? null : call.Body.Length > 1 << 20 ? $"({call.Body.Length} bytes)" : Encoding.UTF8.GetString(call.Body),
        ["faults"] = call.Struck.Count == 0 ? null : new JsonArray([.. call.Struck.Select(f => (JsonNode)f.Kind.ToString())]),
    })]);

    private string ZonePath() => settings.Current.Zone.Length == 0 ? "" : settings.Current.Zone + "/";

    private int? RetryAfter() => settings.Current.RetryAfterSeconds > 0 ? settings.Current.RetryAfterSeconds : null;

    // What stands before the API when it breaks answers in HTML, without errors.
    private static Answer Broken() => new(500) { Text = "<html><body><h1>500 - Internal server error.</h1></body></html>" };

    private static async Task<byte[]> ReadBodyAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LargestBody;
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }

    private static string Origin(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}/";

    private static string[] Split(PathString path) => path.ToString().Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
