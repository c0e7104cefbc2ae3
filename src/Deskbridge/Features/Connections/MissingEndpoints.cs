using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>Tickets that are not found any more, and the answer to whether they were deleted.</summary>
internal static class MissingEndpoints
{
    public static void MapMissingTickets(this IEndpointRouteBuilder api)
    {
        var one = api.MapGroup("/connections/{id:guid}/missing-tickets").WithTags("Connections").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("", ReadAsync).RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("Linked tickets that are not found any more")
            .WithDescription("asks: they are too many to be believed, and nothing is treated as deleted before somebody answers.");
        one.MapPost("/confirm", ConfirmAsync).RequireAuthorization(Policies.Admin, Scopes.Connections)
            .WithSummary("Say that tickets were deleted").WithDescription("Each is read once more; the alerts of those still not found close. The answer lists what is still missing.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/keep", KeepAsync).RequireAuthorization(Policies.Admin, Scopes.Connections)
            .WithSummary("Say that they may come back: nothing is treated as deleted").WithDescription("The question comes again after the next sweep that misses them.");
    }

    private static async Task<Results<Ok<MissingView>, ProblemHttpResult>> ReadAsync(Guid id, MissingTickets missing, ConnectionQueries connections, CancellationToken cancel) =>
        await connections.FindAsync(id, cancel) is null ? new ConnectionNotFound(id).ToProblem() : TypedResults.Ok(await missing.ReadAsync(id, cancel));

    private static async Task<Results<Ok<MissingView>, ProblemHttpResult>> ConfirmAsync(
        Guid id, DeletedBody body, Caller caller, AnswerDeletion answer, MissingTickets missing, ConnectionQueries connections, CancellationToken cancel)
    {
        if (await connections.FindAsync(id, cancel) is null) return new ConnectionNotFound(id).ToProblem();
        var confirmed = await answer.ConfirmAsync(id, body.Tickets ?? [], caller.Person, cancel);
        return confirmed.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(await missing.ReadAsync(id, cancel));
    }

    private static async Task<Results<Ok<MissingView>, ProblemHttpResult>> KeepAsync(
        Guid id, Caller caller, AnswerDeletion answer, MissingTickets missing, ConnectionQueries connections, CancellationToken cancel)
    {
        if (await connections.FindAsync(id, cancel) is null) return new ConnectionNotFound(id).ToProblem();
        return await answer.KeepAsync(id, caller.Person, cancel) is { } refused ? refused.ToProblem() : TypedResults.Ok(await missing.ReadAsync(id, cancel));
    }
}

/// <summary>The tickets that were deleted, by remote id, as the list named them.</summary>
internal sealed record DeletedBody(IReadOnlyList<string>? Tickets);
