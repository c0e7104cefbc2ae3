using Deskbridge.Connectors;
using Deskbridge.Core.Connections;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>The boards that a rule's actions move tickets to.</summary>
internal static class OtherBoards
{
    /// <summary>Their statuses, by board; the ticket's own board left out.</summary>
    public static async Task<Dictionary<string, IReadOnlyList<RemoteStatus>>> ReadAsync(LiveConnection live, RemoteTicket ticket, CancellationToken cancel)
    {
        var others = new Dictionary<string, IReadOnlyList<RemoteStatus>>(StringComparer.Ordinal);
        foreach (var move in (live.Rules is { } rules ? rules.OnAcknowledge.Concat(rules.OnClose) : []).Where(action => action.Field == TicketFields.Board && action.Value.Id != ticket.Board?.Id))
            others[move.Value.Id] = await StatusesAsync(live, move.Value.Id, cancel);
        return others;
    }

    /// <summary>A board that is gone or not visible has none: the move to it is refused with its fix, and every other ticket goes on.</summary>
    private static async Task<IReadOnlyList<RemoteStatus>> StatusesAsync(LiveConnection live, string boardId, CancellationToken cancel)
    {
        try
        {
            return await live.StatusesAsync(boardId, static _ => true, cancel);
        }
        catch (Exception failure) when (failure is ConnectorNotFoundException or ConnectorRejectedException)
        {
            return [];
        }
    }
}
