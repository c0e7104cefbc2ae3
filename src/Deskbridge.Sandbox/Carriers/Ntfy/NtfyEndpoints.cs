using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>The routes of an ntfy server: publishing and subscribing.</summary>
internal sealed class NtfyEndpoints(AppendLog<StoredNtfy> log, FaultList faults, CarriersOptions options, TimeProvider clock, CancellationToken stopping)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods("/", ["POST", "PUT"], PublishJsonAsync);
        app.MapMethods("/{topic}", ["POST", "PUT"], PublishAsync);
        foreach (var verb in new[] { "publish", "send", "trigger" }) app.MapGet("/{topic}/" + verb, PublishAsync);
        foreach (var format in new[] { "json", "sse", "raw" }) app.MapGet("/{topics}/" + format, (HttpContext http) => SubscribeAsync(http, format));
        app.MapGet("/{topic}/auth", AuthAsync);
        app.MapGet("/v1/health", (HttpContext http) => AnswerAsync(http, 200, new { healthy = true }));
        app.MapFallback((HttpContext http) => RefuseAsync(http, NtfyError.NotFound));
    }

    public static Task RefuseAsync(HttpContext http, NtfyError refusal) => AnswerAsync(http, refusal.Http, refusal);

    private async Task PublishAsync(HttpContext http)
    {
        if (http.Request.RouteValues["topic"] is not string topic || !NtfyText.IsTopic(topic)) { await RefuseAsync(http, NtfyError.NotFound); return; }
        var body = await CarriersHttp.ReadBodyAsync(http, NtfyDraft.LongestMessage + 1);
        var (draft, refusal) = body.Length > NtfyDraft.LongestMessage ? (null, NtfyError.AttachmentsDisallowed) : NtfyDraft.FromHeaders(topic, http.Request, body);
        await PublishAsync(http, draft, refusal);
    }

    private async Task PublishJsonAsync(HttpContext http)
    {
        var (draft, refusal) = NtfyDraft.FromJson(await CarriersHttp.ReadBodyAsync(http, 2 * NtfyDraft.LongestMessage + 1));
        await PublishAsync(http, draft, refusal);
    }

    private async Task PublishAsync(HttpContext http, NtfyDraft? draft, NtfyError? refusal)
    {
        NtfyMessage? message = null;
        refusal ??= Denial(http.Request);
        if (refusal is null) (message, refusal) = NtfyComposer.Compose(draft!, clock.GetUtcNow());
        if (message is null) { await RefuseAsync(http, refusal!); return; }

        if (!await PassAsync(http, FaultMoment.Before, message.Topic)) return;
        await log.AppendAsync(new StoredNtfy(clock.GetUtcNow(), draft!.Cache, message), http.RequestAborted);
        if (!await PassAsync(http, FaultMoment.After, message.Topic)) return;
        await AnswerAsync(http, 200, message);
    }

    private async Task SubscribeAsync(HttpContext http, string format)
    {
        var topics = (string)http.Request.RouteValues["topics"]!;
        var (subscription, refusal) = NtfySubscription.Read(topics, http.Request, clock.GetUtcNow());
        refusal ??= Denial(http.Request);
        if (refusal is not null) { await RefuseAsync(http, refusal); return; }

        http.Response.ContentType = format switch { "json" => "application/x-ndjson", "sse" => "text/event-stream", _ => "text/plain" } + "; charset=utf-8";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.CacheControl = "no-cache";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await new NtfyStream(http.Response, format, subscription!, log, options.KeepaliveInterval, clock).RunAsync(topics, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The subscriber left or the server stops.
        }
    }

    private Task AuthAsync(HttpContext http) =>
        Denial(http.Request) is { } denial ? RefuseAsync(http, denial) : AnswerAsync(http, 200, new { success = true });

    /// <summary>Lets an ordered fault strike; false when it has answered in the place of the caller.</summary>
    private async Task<bool> PassAsync(HttpContext http, FaultMoment moment, string topic)
    {
        if (await CarriersHttp.StrikeAsync(http, faults.Take(Carrier.Ntfy, FaultStage.Publish, moment, topic), clock) is not { } fault) return true;
        if (fault.Kind == FaultKind.Cut) return false;
        await RefuseAsync(http, NtfyError.Ordered(fault.Status ?? 500, fault.Text));
        return false;
    }

    // As ntfy does: nobody is forbidden (403), a wrong name is unauthorized (401).
    private NtfyError? Denial(HttpRequest request)
    {
        if (options.NtfyToken is not { } token) return null;
        var shown = request.Headers.Authorization.ToString();
        if (shown.Length == 0 && request.Query["auth"].ToString() is { Length: > 0 } query) shown = FromBase64(query.Replace('-', '+').Replace('_', '/'));
        if (shown.Length == 0) return NtfyError.Forbidden;
        var secret = shown.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? shown[7..].Trim()
            : shown.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? FromBase64(shown[6..].Trim()).Split(':', 2)[^1]
            : "";
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(token)) ? null : NtfyError.Unauthorized;
    }

    private static string FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var written) ? Encoding.UTF8.GetString(bytes, 0, written) : "";
    }

    private static async Task AnswerAsync<T>(HttpContext http, int status, T body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        await http.Response.WriteAsync(JsonSerializer.Serialize(body, CarriersJson.Options) + "\n", http.RequestAborted);
    }
}
