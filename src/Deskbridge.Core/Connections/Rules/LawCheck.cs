using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Gathers sample tickets, holds a rule book to its laws (<see cref="RuleLaws"/>) and looks for events that never get their turn (<see cref="RuleOverlaps"/>): one ticket with nothing set and some real ones, in every open status of their boards.</summary>
internal sealed class LawCheck(HubStore store)
{
    private const int RealTickets = 50;
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(30);

    /// <summary>What the rules break; empty when they break nothing or the connector knows no boards.</summary>
    public Task<IReadOnlyList<RuleProblem>> RunAsync(LiveConnection live, IReadsRules reader, RuleBook book, CancellationToken cancel) =>
        RunAsync(live, reader, book, live.Preferences, cancel);

    /// <summary>The same with other mappings than those in force.</summary>
    public async Task<IReadOnlyList<RuleProblem>> RunAsync(LiveConnection live, IReadsRules reader, RuleBook book, IAlertingPreferences preferences, CancellationToken cancel)
    {
        var boards = new Dictionary<string, (RemoteRef Board, IReadOnlyList<RemoteStatus> Statuses)>(StringComparer.Ordinal);
        foreach (var board in await live.BoardsAsync(cancel)) boards[board.Id] = (board, await live.StatusesAsync(board.Id, static _ => true, cancel));

        var samples = boards.Values.SelectMany(one => LawSample.Of(reader.Blank, one.Board, one.Statuses, reader)).ToList();
        foreach (var ticket in await TicketsAsync(live, cancel))
        {
            if (ticket.Board is { } at && boards.TryGetValue(at.Id, out var known)) samples.AddRange(LawSample.Of(ticket, known.Board, known.Statuses, reader));
        }

        var readable = book with { Inbound = [.. book.Inbound.Where(inbound => inbound.Unreadable is null)] };
        var broken = RuleLaws.Broken(readable, reader, samples, preferences, live.RemoteNow);
        return [.. broken, .. RuleOverlaps.Find(readable, reader, samples, preferences.Flows, live.RemoteNow).Where(overlap => broken.All(problem => problem.Rule != overlap.Rule))];
    }

    /// <summary>Those seen last; before anything was read, some of the last 30 days.</summary>
    private async Task<IReadOnlyList<RemoteTicket>> TicketsAsync(LiveConnection live, CancellationToken cancel)
    {
        if (live.Connector is not IReadsTickets tickets) return [];
        var bodies = await store.ReadAsync(
            db => db.Mirrors
                .Where(mirror => mirror.ConnectionId == live.Id && mirror.Type == RecordTypes.Ticket && mirror.TombstonedAt == null)
                .OrderByDescending(mirror => mirror.RemoteUpdatedAt)
                .Take(RealTickets)
                .Select(mirror => mirror.Body)
                .ToListAsync(cancel),
            cancel);
        return bodies.Count > 0 ? bodies.ConvertAll(tickets.ParseTicket) : (await tickets.ReadEnteredAsync(live.RemoteNow - LookBack, null, RealTickets, cancel)).Tickets;
    }
}
