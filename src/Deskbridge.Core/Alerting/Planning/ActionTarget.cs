using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>Where the actions of a rule lead a ticket. Asked by the planner and by the laws, which try what the planner would write.</summary>
internal static class ActionTarget
{
    /// <summary>The board that the ticket is on afterwards.</summary>
    /// <param name="actions">The actions.</param>
    /// <param name="board">Its board now.</param>
    public static RemoteRef? Board(IReadOnlyList<TicketAction> actions, RemoteRef? board) =>
        actions.FirstOrDefault(action => action.Field == TicketFields.Board)?.Value ?? board;

    /// <summary>
    /// A ticket on another board needs a status of that board; left to itself the remote takes the board's first one, which may raise again. The one of
    /// the same name, when no action sets any; null when it keeps its board, or the new one has none of that name.
    /// </summary>
    /// <param name="actions">The actions.</param>
    /// <param name="board">Its board now.</param>
    /// <param name="status">Its status now.</param>
    /// <param name="statuses">Those of the board that it is on afterwards.</param>
    /// <param name="resolver">Finds a status on a board.</param>
    public static RemoteStatus? KeptStatus(IReadOnlyList<TicketAction> actions, RemoteRef? board, RemoteRef? status, IReadOnlyList<RemoteStatus> statuses, StatusResolver resolver) =>
        status is null || Board(actions, board)?.Id == board?.Id || actions.Any(action => action.Field == TicketFields.Status) ? null : resolver.Resolve(status, null, statuses);
}
