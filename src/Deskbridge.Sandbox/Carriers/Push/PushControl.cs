using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Carriers.Twilio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers.Push;

/// <summary>What a test does with browsers: subscribe one, end its subscription, read what it would show. The group it is mapped to checks the control token.</summary>
internal sealed class PushControl(PushService service, TimeProvider clock)
{
    private const int MostItems = 1000;

    public void Map(RouteGroupBuilder control)
    {
        control.MapPost("/push/subscriptions", (Delegate)SubscribeAsync);
        control.MapGet("/push/subscriptions", (HttpContext http) => ControlJson.Answer(new { items = service.Subscriptions.Select(subscription => View(http.Request, subscription)) }));
        control.MapPut("/push/subscriptions/{id}", SetAsync);
        control.MapGet("/push", (HttpContext http) => List(http, null));
        control.MapGet("/phones/{number}/push", List);
    }

    private async Task<IResult> SubscribeAsync(HttpContext http)
    {
        var (wish, problem) = await ControlJson.ReadAsync<Wish>(http);
        if (wish is null) return problem!;
        if (wish.Phone is { } phone && !SmsText.IsNumber(phone)) return ControlJson.Problem(400, $"'{phone}' is no phone number such as +15555550123.");
        var (privateKey, p256dh, auth) = PushEncryption.NewKeys();
        var made = new StoredSubscription(RandomNumberGenerator.GetHexString(32, lowercase: true), wish.Phone, wish.ApplicationServerKey, privateKey, p256dh, auth);
        await service.SaveAsync(new PushLine(clock.GetUtcNow(), Subscription: made));
        return ControlJson.Answer(View(http.Request, made), 201);
    }

    private async Task<IResult> SetAsync(HttpContext http, string id)
    {
        if (service.Find(id) is not { } found) return ControlJson.Problem(404, $"There is no subscription {id}.");
        var (wish, problem) = await ControlJson.ReadAsync<StateWish>(http);
        if (wish is null) return problem!;
        var changed = found with { State = wish.State };
        await service.SaveAsync(new PushLine(clock.GetUtcNow(), Subscription: changed));
        return ControlJson.Answer(View(http.Request, changed));
    }

    private IResult List(HttpContext http, string? number)
    {
        var (seq, problem) = ControlJson.After(http);
        if (problem is not null) return problem;
        var items = service.After(seq).Where(push => number is null || push.Phone == number).Take(MostItems).ToList();
        return ControlJson.Answer(new { items, next = items.Count > 0 ? items[^1].Seq : seq });
    }

    // "subscription" is what PushSubscription.toJSON() gives in a browser.
    private static JsonObject View(HttpRequest request, StoredSubscription subscription) => new()
    {
        ["id"] = subscription.Id,
        ["phone"] = subscription.Phone,
        ["state"] = subscription.State.ToString().ToLowerInvariant(),
        ["subscription"] = new JsonObject
        {
            ["endpoint"] = PushEndpoints.Address(request, subscription.Id),
            ["expirationTime"] = null,
            ["keys"] = new JsonObject { ["p256dh"] = Base64Url.EncodeToString(subscription.P256dh), ["auth"] = Base64Url.EncodeToString(subscription.Auth) },
        },
    };

    private sealed record Wish(string? Phone, string? ApplicationServerKey);

    private sealed record StateWish(SubscriptionState State);
}
