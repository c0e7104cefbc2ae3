using System.Security;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Audit;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Deskbridge.Features.Settings;

/// <summary>The account at Twilio, for administrators, and what Twilio itself posts to the hub, which is open to the world and believed by its signature only.</summary>
internal static class TwilioEndpoints
{
    private const long MaxBody = 64 * 1024;

    public static void MapTwilio(this IEndpointRouteBuilder api)
    {
        var twilio = api.MapGroup("/settings/twilio").WithTags("Settings").RequireAuthorization(Policies.Admin, Scopes.Admin);
        twilio.MapGet("", static (TwilioSettings settings, CancellationToken cancel) => settings.ReadAsync(cancel)).WithSummary("The account at Twilio by which people are paged by text");
        twilio.MapPut("", ChangeAsync).WithSummary("Set or change the account at Twilio")
            .WithDescription("What is left away stays as it is, what is empty is removed. With another address the stored authToken must come again, or \"\" to forget it.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        twilio.MapPost("/test", static (TestTwilio test, CancellationToken cancel) => test.RunAsync(cancel)).WithSummary("Ask Twilio for the account; nothing is sent to anybody");
    }

    public static void MapTwilioCalls(this IEndpointRouteBuilder app)
    {
        var calls = app.MapGroup("/twilio").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody)).RequireRateLimiting(ApiModule.CallbackLimit);
        calls.MapPost("/sms", (HttpContext http, CancellationToken cancel) => BelievedAsync(http, SmsAsync, cancel));
        calls.MapPost("/pages/{page:guid}/{attempt:int}", (Guid page, int attempt, HttpContext http, CancellationToken cancel) => BelievedAsync(http, (h, form, c) => StatusAsync(page, attempt, h, form, c), cancel));
    }

    private static async Task<Results<Ok<TwilioView>, ProblemHttpResult>> ChangeAsync(TwilioChange body, TwilioSettings settings, CancellationToken cancel) =>
        await settings.ChangeAsync(body, cancel) is { } refused ? refused.ToProblem() : TypedResults.Ok(await settings.ReadAsync(cancel));

    /// <summary>Goes on with what Twilio signed; its address is the hub's public one, whatever a proxy made of it.</summary>
    private static async Task<IResult> BelievedAsync(HttpContext http, Func<HttpContext, Dictionary<string, string>, CancellationToken, Task<IResult>> take, CancellationToken cancel)
    {
        var fields = http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(cancel)).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal) : [];
        if (await AccountAsync(http, cancel) is { } account
            && account.Callback(http.Request.GetEncodedPathAndQuery()) is { } url
            && TwilioSignature.Holds(account.Token, url, [.. fields], http.Request.Headers["X-Twilio-Signature"])
            && fields.GetValueOrDefault("AccountSid") == account.Sid)
            return await take(http, fields, CancellationToken.None); // taken whole, whether or not Twilio waits for the answer
        Refusals.Explain(
            http, StatusCodes.Status403Forbidden,
            "Its signature (X-Twilio-Signature) is not that of the hub's Twilio account for the hub's public address, so nothing it says was believed. Check auth token and public address under Settings, and the webhook's address in Twilio.",
            title: "The request is not verified");
        return TypedResults.Empty;
    }

    private static async Task<TwilioAccount?> AccountAsync(HttpContext http, CancellationToken cancel)
    {
        try
        {
            return await http.RequestServices.GetRequiredService<TwilioAccounts>().ReadAsync(cancel);
        }
        catch (InvalidOperationException)
        {
            return null; // the token cannot be decrypted; Health says so
        }
    }

    private static async Task<IResult> SmsAsync(HttpContext http, Dictionary<string, string> form, CancellationToken cancel)
    {
        var take = http.RequestServices.GetRequiredService<TakeSms>();
        var (sid, from) = (form.GetValueOrDefault("MessageSid", ""), form.GetValueOrDefault("From", ""));
        var answer = "";
        if (sid.Length > 0 && await take.SenderAsync(from, cancel) is { } sender)
        {
            Actor.Set(Actor.Current.As(sender) with { Via = "SMS" }); // the confirmed number is their proof
            answer = await take.RunAsync(sid, from, form.GetValueOrDefault("Body", ""), sender, cancel);
        }

        var message = answer.Length > 0 ? $"<Message>{SecurityElement.Escape(answer)}</Message>" : "";
        return TypedResults.Content($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{message}</Response>", "application/xml; charset=utf-8");
    }

    private static async Task<IResult> StatusAsync(Guid page, int attempt, HttpContext http, Dictionary<string, string> form, CancellationToken cancel)
    {
        if (TwilioReceipts.Read(form.GetValueOrDefault("MessageStatus", ""), form.GetValueOrDefault("ErrorCode"), form.GetValueOrDefault("MessageSid")) is { } receipt)
            await http.RequestServices.GetRequiredService<PageReceipts>().TakeAsync(page, attempt, receipt, cancel);
        return TypedResults.NoContent();
    }
}
