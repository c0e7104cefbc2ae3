using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>Refused writes and conflicts, for a dispatcher to go through; and the look at one ticket.</summary>
internal static class WriteReviewEndpoints
{
    public static void MapWriteReview(this IEndpointRouteBuilder api)
    {
        var one = api.MapGroup("/connections/{id:guid}").WithTags("Connections").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("/refused-writes", RefusedAsync).RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("Writes that the ticket system refused or that were given up, newest first, with its exact words").ProducesProblem(StatusCodes.Status400BadRequest);
        one.MapGet("/conflicts", ConflictsAsync).RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("Fields that both sides had changed, with what was decided, until somebody clears them").ProducesProblem(StatusCodes.Status400BadRequest);
        one.MapPost("/tickets/{ticket}/sync", SyncTicketAsync).RequireAuthorization(Policies.Dispatcher, Scopes.Alerts)
            .WithSummary("Read one ticket now and do what it asks for").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);

        var answer = one.MapGroup("").RequireAuthorization(Policies.Dispatcher, Scopes.Alerts).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        answer.MapPost("/refused-writes/{write:guid}/retry", RetryAsync).WithSummary("Try a refused write again")
            .WithDescription("Fields are planned anew from what the ticket shows and the alert is by then; notes and schedule entries are sent as they were.");
        answer.MapPost("/refused-writes/{write:guid}/discard", DiscardAsync).WithSummary("Give a refused write up: the ticket stays as it is");
        answer.MapPost("/conflicts/clear", ClearAsync).WithSummary("Take conflicts off the list").WithDescription("They stay on their alerts.");
    }

    private static async Task<Results<Ok<ListOf<RefusedWrite>>, ProblemHttpResult>> RefusedAsync(
        Guid id, WriteReview review, ConnectionQueries connections, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        await connections.FindAsync(id, cancel) is null
            ? new ConnectionNotFound(id).ToProblem()
            : (await review.ReadAsync(id, cancel)).Refused.InParts(limit, cursor, write => write.Id.ToString());

    private static async Task<Results<Ok<ListOf<OpenConflict>>, ProblemHttpResult>> ConflictsAsync(
        Guid id, WriteReview review, ConnectionQueries connections, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        await connections.FindAsync(id, cancel) is null
            ? new ConnectionNotFound(id).ToProblem()
            : (await review.ReadAsync(id, cancel)).Conflicts.InParts(limit, cursor, conflict => conflict.Id.ToString());

    private static async Task<Results<NoContent, ProblemHttpResult>> RetryAsync(Guid id, Guid write, Caller caller, WriteReview review, CancellationToken cancel) =>
        Done(await review.RetryAsync(id, write, caller.Person, cancel));

    private static async Task<Results<NoContent, ProblemHttpResult>> DiscardAsync(Guid id, Guid write, Caller caller, WriteReview review, CancellationToken cancel) =>
        Done(await review.DiscardAsync(id, write, caller.Person, cancel));

    private static async Task<Results<NoContent, ProblemHttpResult>> ClearAsync(Guid id, ClearedBody body, Caller caller, WriteReview review, CancellationToken cancel) =>
        Done(await review.ClearAsync(id, body.Conflicts ?? [], caller.Person, cancel));

    private static async Task<Results<Ok<SyncedTicket>, ProblemHttpResult>> SyncTicketAsync(Guid id, string ticket, LookAtTicket look, CancellationToken cancel)
    {
        var looked = await look.RunAsync(id, ticket, cancel);
        return looked.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(new SyncedTicket(ticket, looked.Value));
    }

    private static Results<NoContent, ProblemHttpResult> Done(Failure? refused) => refused is null ? TypedResults.NoContent() : refused.ToProblem();
}

/// <summary>Conflicts that somebody looked at, by the ids of the list.</summary>
internal sealed record ClearedBody(IReadOnlyList<Guid>? Conflicts);

/// <summary>The ticket that is looked at.</summary>
internal sealed record SyncedTicket(string Ticket, string Title);
