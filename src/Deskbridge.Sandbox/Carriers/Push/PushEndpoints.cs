using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers.Push;

/// <summary>The web push service that browsers would be subscribed to (RFC 8030). Nobody's phone is off: what is accepted arrives.</summary>
internal sealed class PushEndpoints(PushService service, FaultList faults, TimeProvider clock)
{
    /// <summary>The size that every push service takes (RFC 8030, 7.2).</summary>
    public const int LargestBody = 4096;

    private const int LongestTopic = 32;

    public void Map(IEndpointRouteBuilder app) => app.MapPost("/push/{subscription}", PostAsync);

    /// <summary>The address of a subscription.</summary>
    public static string Address(HttpRequest request, string id) => $"{Origin(request)}/push/{id}";

    private async Task PostAsync(HttpContext http, string subscription)
    {
        var origin = Origin(http.Request);
        if (service.Find(subscription) is not { State: not SubscriptionState.Unknown } found) { await RefuseAsync(http, 404, "There is no such subscription."); return; }
        if (found.State == SubscriptionState.Gone) { await RefuseAsync(http, 410, "The subscription has ended."); return; }
        var body = await CarriersHttp.ReadBodyAsync(http, LargestBody + 1);
        var (push, status, problem) = Judge(http.Request, found, origin, body);
        if (push is null) { await RefuseAsync(http, status, problem!); return; }

        if (!await PassAsync(http, FaultMoment.Before, found)) return;
        await service.SaveAsync(new PushLine(clock.GetUtcNow(), Push: push));
        if (!await PassAsync(http, FaultMoment.After, found)) return;
        http.Response.StatusCode = 201;
        http.Response.Headers.Location = $"{origin}/push/messages/{push.Id}";
        http.Response.Headers["TTL"] = push.Ttl.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The message, or the status and words that refuse it.</summary>
    private (StoredPush? Push, int Status, string? Problem) Judge(HttpRequest request, StoredSubscription subscription, string origin, byte[] body)
    {
        var headers = request.Headers;
        var authorization = headers.Authorization.ToString();
        if (authorization.Length == 0) return (null, 401, "Say who you are: Authorization: vapid t=…, k=….");
        var (key, stranger) = Vapid.Check(authorization, origin, clock.GetUtcNow());
        if (stranger is not null) return (null, 403, stranger);
        if (subscription.ServerKey is { } only && only != key) return (null, 403, "The subscription was made for another application server key.");
        if (!int.TryParse(headers["TTL"], NumberStyles.None, CultureInfo.InvariantCulture, out var ttl)) return (null, 400, "TTL must say a number of seconds.");
        var urgency = headers["Urgency"].ToString() is { Length: > 0 } said ? said : "normal";
        if (urgency is not ("very-low" or "low" or "normal" or "high")) return (null, 400, "Urgency is very-low, low, normal or high.");
        var topic = headers["Topic"].ToString() is { Length: > 0 } named ? named : null;
        if (topic is not null && (topic.Length > LongestTopic || topic.Any(sign => !char.IsAsciiLetterOrDigit(sign) && sign is not ('-' or '_')))) return (null, 400, "Topic has at most 32 signs of base64url.");
        if (body.Length > LargestBody) return (null, 413, "A message has at most 4096 bytes.");
        if (body.Length > 0 && headers.ContentEncoding != "aes128gcm") return (null, 400, "Content-Encoding must be aes128gcm.");
        return (new StoredPush(RandomNumberGenerator.GetHexString(32, lowercase: true), subscription.Id, ttl, urgency, topic, key!, body), 0, null);
    }

    /// <summary>Lets an ordered fault strike; false when it has answered in the place of the caller.</summary>
    private async Task<bool> PassAsync(HttpContext http, FaultMoment moment, StoredSubscription subscription)
    {
        string[] concerned = [subscription.Id, subscription.Phone ?? ""];
        if (await CarriersHttp.StrikeAsync(http, faults.Take(Carrier.Push, FaultStage.Publish, moment, concerned), clock) is not { } fault) return true;
        if (fault.Kind != FaultKind.Cut) await RefuseAsync(http, fault.Status ?? 500, fault.Text ?? "A fault was ordered.");
        return false;
    }

    private static string Origin(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static Task RefuseAsync(HttpContext http, int status, string words)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(words + "\n", http.RequestAborted);
    }
}
