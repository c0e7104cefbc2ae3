using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Sync;
using Microsoft.AspNetCore.Mvc;

namespace Deskbridge.Features.Callbacks;

/// <summary>
/// Where remote systems tell of changes. Open to the world: the token in the address leads to a connection, whose connector verifies the
/// request. Senders append to the address they were given (ConnectWise: the record's id and the action), so what follows the token is taken
/// and ignored.
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
        var answer = await intake.AcceptAsync(token, new CallbackRequest(body.GetBuffer().AsMemory(0, (int)body.Length), headers), cancel);
        switch (answer)
        {
            case CallbackAnswer.Stored:
                return TypedResults.Ok();
            case CallbackAnswer.Refused:
                Refusals.Explain(http, StatusCodes.Status401Unauthorized, "The callback could not be verified as coming from the system of this connection. The event log of the connection says which check failed.");
                break;
            default:
                Refusals.Explain(http, StatusCodes.Status404NotFound, "No connection in use has this callback address. Remove the subscription in the remote system.");
                break;
        }

        return TypedResults.Empty;
    }
}
