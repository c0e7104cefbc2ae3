using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>
/// What Install finds when it starts a connection (engine.md §6.11): tickets that match already raise nothing, tickets already marked
/// are linked with their marker's state and do not page. What is read here is known from then on and would not be news to the stream: a
/// ticket that changed after the start instant, or that time alone will make match, is woken.
/// </summary>
internal class GoLive(HubStore store, ObservationBook book, LinkFactory links, AlertFactory alerts, TimeProvider clock)
{
    private const int PageSize = 500;

    /// <summary>Reads everything inside the age window, page by page; each page is one transaction and may be repeated.</summary>
    /// <param name="live">The connection.</param>
    /// <param name="rules">The rules that take force.</param>
    /// <param name="judge">Judges by them.</param>
    /// <param name="versionId">Their version.</param>
    /// <param name="startedAt">The start instant, on the remote's clock, recorded before the first read.</param>
    /// <param name="cancel">Stops between pages.</param>
    public virtual async Task<GoLiveCount> ReadAsync(LiveConnection live, RuleBook rules, RuleJudge judge, Guid versionId, DateTimeOffset startedAt, CancellationToken cancel)
    {
        var tickets = (IReadsTickets)live.Connector;
        var count = new GoLiveCount(0, 0, 0);
        string? after = null;
        while (true)
        {
            var reading = await Reading.BeginAsync(store, live, cancel);
            var page = await tickets.ReadEnteredAsync(startedAt - rules.AgeWindow, after, PageSize, cancel);
            if (page.Tickets.Count > 0) count += await StoreAsync(live, rules, judge, versionId, startedAt, page.Tickets, reading, cancel);
            if (!page.Full || page.Tickets.Count == 0) return count;
            after = page.Tickets[^1].Id;
        }
    }

    /// <summary>An open ticket that carries the marker already is linked in its marker's state, whatever the rules say of it.</summary>
    public static bool IsMarked(RemoteTicket ticket) => ticket is { MarkerRetrieved: true, Closed: false };

    private Task<GoLiveCount> StoreAsync(
        LiveConnection live, RuleBook rules, RuleJudge judge, Guid versionId, DateTimeOffset startedAt, IReadOnlyList<RemoteTicket> tickets, Reading reading, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                await book.ApplyAsync(db, live.Id, [.. tickets.Select(reading.Of)], cancel);
                var remoteIds = tickets.Select(ticket => ticket.Id).ToList();
                var known = await db.Links.Where(link => link.ConnectionId == live.Id && link.Type == RecordTypes.Ticket && remoteIds.Contains(link.RemoteId)).Select(link => link.RemoteId).ToListAsync(cancel);
                int matching = 0, marked = 0;
                foreach (var ticket in tickets.Where(ticket => !ticket.Closed && !known.Contains(ticket.Id, StringComparer.Ordinal)))
                {
                    var verdicts = RuleReading.Judge(judge, rules, ticket, reading.At);
                    if (IsMarked(ticket))
                    {
                        await AdoptAsync(db, live, ticket, verdicts, versionId, cancel);
                        marked++;
                    }
                    else if (ticket.UpdatedAt > startedAt)
                    {
                        await db.WakeAsync(live.Id, RecordTypes.Ticket, ticket.Id, clock.GetUtcNow(), "changed during Install", cancel: cancel);
                    }
                    else if (verdicts.RaisesOn(ticket))
                    {
                        links.Create(db, live.Id, ticket, BaseOf(ticket, verdicts), versionId);
                        matching++;
                    }

                    if (verdicts.ChangesAt is { } turns) await db.WakeAsync(live.Id, RecordTypes.Ticket, ticket.Id, turns - live.ClockOffset, "time", cancel: cancel);
                }

                return new GoLiveCount(tickets.Count, matching, marked);
            },
            cancel);

    private async Task AdoptAsync(HubDb db, LiveConnection live, RemoteTicket ticket, EventVerdicts verdicts, Guid versionId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var link = links.Create(db, live.Id, ticket, BaseOf(ticket, verdicts), versionId);
        var alert = await alerts.CreateAsync(db, live, link, ticket, MarkerWord.Read(ticket.MarkerStatus), TransitionOrigin.Hub, now, cancel);
        db.AddEvent(
            alert, "raised", $"Found at install, already marked: linked as {alert.Status.ToString().ToLowerInvariant()} without a page.",
            "Install links open tickets that carry the retrieval marker and pages nobody for them.", null, now);
    }

    private static LinkBase BaseOf(RemoteTicket ticket, EventVerdicts verdicts) => new LinkBase().Observed(ticket) with { Verdicts = verdicts.ForBase };
}

/// <summary>What go-live found.</summary>
/// <param name="Read">Tickets read.</param>
/// <param name="Matching">Open tickets that match and raise nothing.</param>
/// <param name="Marked">Open tickets already marked, linked without a page.</param>
internal sealed record GoLiveCount(int Read, int Matching, int Marked)
{
    public static GoLiveCount operator +(GoLiveCount a, GoLiveCount b) => new(a.Read + b.Read, a.Matching + b.Matching, a.Marked + b.Marked);
}
