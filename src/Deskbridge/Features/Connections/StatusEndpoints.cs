using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Rules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>Which status acknowledge and close set on each board.</summary>
internal static class StatusEndpoints
{
    public static void MapBoardStatuses(this IEndpointRouteBuilder api)
    {
        var one = api.MapGroup("/connections/{id:guid}/statuses").WithTags("Connections").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        one.MapGet("", ReadAsync).RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("Every board with the status that an acknowledge and a close set there")
            .WithDescription("A problem says that a chosen status is gone or renamed, or that the board has none of the rule's name.");
        one.MapPut("", SetAsync).RequireAuthorization(Policies.Admin, Scopes.Connections)
            .WithSummary("Choose statuses for boards that lack the one the rule names").WithDescription("Replaces all choices. on is acknowledged or closed.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<BoardStatusesView>, ProblemHttpResult>> ReadAsync(Guid id, BoardStatuses statuses, CancellationToken cancel) => Answer(await statuses.ReadAsync(id, cancel));

    private static async Task<Results<Ok<BoardStatusesView>, ProblemHttpResult>> SetAsync(Guid id, BoardStatusesBody body, Caller caller, BoardStatuses statuses, CancellationToken cancel)
    {
        var choices = new List<BoardChoice>();
        foreach (var (index, item) in (body.Items ?? []).Index())
        {
            if (!Words.TryRead<OutboundState>(item.On, out var on)) return new InvalidFailure($"items[{index}].on", $"'{item.On}' is neither acknowledged nor closed.").ToProblem();
            choices.Add(new BoardChoice(on, item.BoardId ?? "", item.StatusId ?? ""));
        }

        return Answer(await statuses.SetAsync(id, choices, caller.Person, cancel));
    }

    private static Results<Ok<BoardStatusesView>, ProblemHttpResult> Answer(Result<BoardStatusTable> table) =>
        table.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(BoardStatusesView.Of(table.Value));
}

/// <summary>Choices to save; what is not named follows the rule.</summary>
internal sealed record BoardStatusesBody(IReadOnlyList<BoardStatusBody>? Items);

/// <summary>A choice: for acknowledged or closed, by remote ids.</summary>
internal sealed record BoardStatusBody(string? On, string? BoardId, string? StatusId);

/// <summary>The statuses by board. <c>Gone</c> names choices for boards that are no more.</summary>
internal sealed record BoardStatusesView(IReadOnlyList<BoardStatusView> Items, IReadOnlyList<string> Gone)
{
    public static BoardStatusesView Of(BoardStatusTable table) => new(
        [.. from board in table.Boards
            from choice in board.Choices
            select new BoardStatusView($"{choice.On}".ToLowerInvariant(), board.Board, choice.Wanted, choice.Chosen, choice.Found is { } found ? new RemoteRef(found.Id, found.Name) : null, choice.Problem)],
        table.Gone);
}

/// <summary>What one state sets on one board: the rule's status, the one chosen for the board, and the one that is set in the end (null: refused, or none).</summary>
internal sealed record BoardStatusView(string On, RemoteRef Board, RemoteRef? Rule, RemoteRef? Chosen, RemoteRef? Sets, string? Problem);
