using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Sync;
using Microsoft.AspNetCore.Mvc;

namespace Deskbridge.Features.Callbacks;

/// <summary>
/// Where remote systems tell of changes. Open to the world: the token in the address leads to a connection, whose connector verifies the
/// request. Senders append to the address they were given (ConnectWise: the record's id and the action), so what follows the token is taken
/// and left to the connector.
/// </summary>
internal static class CallbackEndpoints
{
    public static void MapCallbacks(this IEndpointRouteBuilder app)
    {
        var callbacks = app.MapGroup("/callbacks/{token}").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(CallbackIntake.MaxBody)).RequireRateLimiting(ApiModule.CallbackLimit);
        callbacks.MapPost("", AcceptAsync);
        callbacks.MapPost("/{**appended}", AcceptAsync);
    }

    private static async Task<IResult> AcceptAsync(string token, HttpContext http, CallbackIntake intake, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancel);
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var answer = await intake.AcceptAsync(token, new CallbackRequest(body.GetBuffer().AsMemory(0, (int)body.Length), headers) { Appended = (http.GetRouteValue("appended") as string ?? "").Trim('/') }, cancel);
        switch (answer)
        {
            case CallbackAnswer.Stored:
                return TypedResults.Ok();
            case CallbackAnswer.Refused:
                Refusals.Explain(
                    http, StatusCodes.Status401Unauthorized,
                    "Its signature, the company in it or the address of its key is not that of the connection's system, so nothing it says was believed. It must come from there, signed with that system's key; the connection's event log in the hub (refused-callback) says which check failed.",
                    title: "The callback is not verified");
                break;
            default:
                Refusals.Explain(http, StatusCodes.Status404NotFound, "No connection in use has this callback address. Remove the subscription in the remote system.");
                break;
        }

        return TypedResults.Empty;
    }
}
