using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Which status acknowledge and close set on each board: read and chosen (S40, engine.md §6.7).</summary>
internal sealed class BoardStatuses(ConnectorPool pool, ChangeConnection change, AlertSafeties safeties)
{
    /// <summary>Every board with what an acknowledge and a close set there.</summary>
    public async Task<Result<BoardStatusTable>> ReadAsync(Guid connectionId, CancellationToken cancel)
    {
        try
        {
            if (await pool.FindInAnyStateAsync(connectionId, cancel) is not { } live) return new ConnectionNotFound(connectionId);
            var boards = new List<BoardChoices>();
            foreach (var board in await live.BoardsAsync(cancel))
            {
                var statuses = await live.StatusesAsync(board.Id, static _ => true, cancel);
                boards.Add(new BoardChoices(board, statuses, [.. Enum.GetValues<OutboundState>().Select(on => Choice(live, on, board, statuses))]));
            }

            var gone = live.Preferences.BoardStatuses.Where(chosen => boards.TrueForAll(known => known.Board.Id != chosen.Board.Id));
            return new BoardStatusTable(boards, [.. gone.Select(chosen => $"Board \"{chosen.Board.Name}\" is gone or inactive; \"{chosen.Status.Name}\" was chosen for it.")]);
        }
        catch (ConnectorException failure)
        {
            return new BoardsNotRead(failure.Message);
        }
    }

    /// <summary>Replaces all choices. Each is looked up, and the laws of mappings are tried, before anything is saved.</summary>
    public async Task<Result<BoardStatusTable>> SetAsync(Guid connectionId, IReadOnlyList<BoardChoice> choices, Person by, CancellationToken cancel)
    {
        var present = await ReadAsync(connectionId, cancel);
        if (present.Failure is not null) return present;
        var chosen = new List<BoardStatus>();
        foreach (var choice in choices)
        {
            if (present.Value.Boards.FirstOrDefault(known => known.Board.Id == choice.BoardId) is not { } board) return new InvalidFailure("board", $"There is no active board with the id {choice.BoardId}.");
            if (board.Statuses.FirstOrDefault(known => known.Id == choice.StatusId) is not { } status) return new InvalidFailure("status", $"Board \"{board.Board.Name}\" has no status with the id {choice.StatusId}.");
            if (chosen.Exists(known => known.On == choice.On && known.Board.Id == choice.BoardId)) return new InvalidFailure("board", $"Board \"{board.Board.Name}\" is named twice for one state.");
            chosen.Add(new BoardStatus(choice.On, board.Board, new RemoteRef(status.Id, status.Name)));
        }

        var texts = new JsonArray([.. chosen.Select(one => (JsonNode)JsonValue.Create($"{one}"))]);
        var saved = await change.RunAsync(connectionId, new ConnectionDraft { Settings = new JsonObject { ["boardStatuses"] = texts } }, by, cancel);
        return saved.Failure is { } refused ? refused : await ReadAsync(connectionId, cancel);
    }

    private StatusChoice Choice(LiveConnection live, OutboundState on, RemoteRef board, IReadOnlyList<RemoteStatus> statuses)
    {
        var wanted = ActionsOf(live.Rules, on).FirstOrDefault(action => action.Field == TicketFields.Status)?.Value;
        var chosen = live.Preferences.BoardStatuses.FirstOrDefault(one => one.On == on && one.Board.Id == board.Id)?.Status;
        var found = wanted is null ? null : safeties.Statuses.Resolve(wanted, chosen, statuses);
        return new StatusChoice(on, wanted, statuses.Any(status => status.Id == wanted?.Id), chosen, found) { Problem = Problem(board, statuses, wanted, chosen, found) };
    }

    private static IReadOnlyList<TicketAction> ActionsOf(RuleBook? rules, OutboundState on) => on == OutboundState.Acknowledged ? rules?.OnAcknowledge ?? [] : rules?.OnClose ?? [];

    private static string? Problem(RemoteRef board, IReadOnlyList<RemoteStatus> statuses, RemoteRef? wanted, RemoteRef? chosen, RemoteStatus? found)
    {
        var shown = chosen is null ? null : statuses.FirstOrDefault(status => status.Id == chosen.Id);
        if (chosen is not null && shown is null) return $"\"{chosen.Name}\", which was chosen here, is gone or inactive. Choose another.";
        if (chosen is not null && shown!.Name != chosen.Name) return $"\"{chosen.Name}\" is called \"{shown.Name}\" now.";
        return wanted is not null && found is null ? $"Board \"{board.Name}\" has no status \"{wanted.Name}\": it is refused on tickets of this board until you choose one." : null;
    }
}

/// <summary>The statuses that acknowledge and close set, by board.</summary>
/// <param name="Boards">Every active board.</param>
/// <param name="Gone">Choices for boards that are no more, in words.</param>
internal sealed record BoardStatusTable(IReadOnlyList<BoardChoices> Boards, IReadOnlyList<string> Gone);

/// <summary>One board.</summary>
/// <param name="Board">The board.</param>
/// <param name="Statuses">Its active statuses.</param>
/// <param name="Choices">One per outbound state.</param>
internal sealed record BoardChoices(RemoteRef Board, IReadOnlyList<RemoteStatus> Statuses, IReadOnlyList<StatusChoice> Choices);

/// <summary>What one state sets on one board.</summary>
/// <param name="On">The state.</param>
/// <param name="Wanted">The status that the rule's action names; null when it sets none.</param>
/// <param name="IsOwn">The action names a status of this very board, so that nothing need be chosen.</param>
/// <param name="Chosen">What was chosen for this board; null for nothing.</param>
/// <param name="Found">What is set in the end; null when it is refused.</param>
internal sealed record StatusChoice(OutboundState On, RemoteRef? Wanted, bool IsOwn, RemoteRef? Chosen, RemoteStatus? Found)
{
    /// <summary>What somebody should look at; null for nothing.</summary>
    public string? Problem { get; init; }
}

/// <summary>A choice to save.</summary>
/// <param name="On">The state.</param>
/// <param name="BoardId">The board.</param>
/// <param name="StatusId">A status of it.</param>
internal sealed record BoardChoice(OutboundState On, string BoardId, string StatusId);

/// <summary>Boards and statuses could not be read.</summary>
internal sealed record BoardsNotRead(string Reason) : ConflictFailure($"The boards could not be read: {Reason}");
