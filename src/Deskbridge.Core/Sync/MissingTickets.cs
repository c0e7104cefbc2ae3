using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Tickets that the remote no longer finds: told at once, believed late (engine.md §8, invariant I13). Deleted means: missed by two
/// complete sweeps and by a read by id, and not too many at once; beyond that a person is asked. Or the remote's own log of deletions says so.
/// </summary>
internal sealed class MissingTickets(HubStore store, ObservationBook book, ITicketAttachment attachment, SyncSafeties safeties, TimeProvider clock)
{
    private const int Proof = 2;
    private const int Batch = 200;
    private const string NotFound = "The ticket was not found.";

    /// <summary>A read by id, or a write, did not find it. Part of the caller's transaction; said once until it is found again.</summary>
    public async Task NotFoundAsync(HubDb db, Guid connectionId, string remoteId, CancellationToken cancel)
    {
        if (await db.Mirrors.FindAsync([connectionId, RecordTypes.Ticket, remoteId], cancel) is not { TombstonedAt: null, MissingSince: null } mirror) return;
        mirror.MissingSince = clock.GetUtcNow();
        db.LogConnectionEvent(
            connectionId, "missing", remoteId,
            $"Ticket {remoteId} was not found. It counts as deleted once two complete sweeps miss it too, or when an administrator confirms it on the connection's page.",
            null, null, mirror.MissingSince.Value);
        if (await LinkAsync(db, connectionId, remoteId, cancel) is not { } link) return;
        link.Reason = NotFound;
        await attachment.MissingAsync(db, link, cancel);
    }

    /// <summary>
    /// Says so when a ticket that was missing shows again. One that counted as deleted, because the hub lost the right to see it or because it was
    /// restored there, comes back as one that was closed meanwhile. Part of the plan's transaction.
    /// </summary>
    public async Task ShownAsync(HubDb db, Mirror mirror, Link? link, CancellationToken cancel)
    {
        if (link is null || mirror is not { MissingSince: null, TombstonedAt: null }) return;
        if (link.State == LinkState.Tombstoned) Revive(link);
        else if (link.Reason != NotFound) return;
        link.Reason = null;
        await attachment.FoundAgainAsync(db, link, cancel);
    }

    private static void Revive(Link link)
    {
        link.State = link.Generation > 0 ? LinkState.Active : LinkState.Candidate;
        var agreed = Json.Read<LinkBase>(link.Base);
        link.Base = Json.Write(agreed with { Fields = new Dictionary<string, string?>(agreed.Fields) { [TicketFields.Closed] = "true" } });
    }

    /// <summary>A complete sweep missed these. Answers how many are believed to be gone now.</summary>
    /// <param name="live">The connection.</param>
    /// <param name="reader">Its reader.</param>
    /// <param name="missing">Linked tickets that the sweep did not find.</param>
    /// <param name="linked">How many it looked for.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<int> SweptAsync(LiveConnection live, IReadsTickets reader, IReadOnlyList<string> missing, int linked, CancellationToken cancel)
    {
        var believed = safeties.Deletions.Believes(missing.Count, linked);
        var absent = believed ? await NotReadableAsync(reader, missing, cancel) : missing;
        var gone = 0;
        foreach (var batch in absent.Chunk(Batch)) gone += await CountAsync(live.Id, batch, believed, cancel);
        await AskAsync(live.Id, believed ? 0 : missing.Count, linked, cancel);
        return gone;
    }

    /// <summary>What is missing now, and whether that is too much to be believed without a person's word.</summary>
    public Task<MissingView> ReadAsync(Guid connectionId, CancellationToken cancel) =>
        store.ReadAsync(
            async db =>
            {
                var rows = await (from mirror in Missing(db, connectionId)
                                  join ticket in db.Tickets on new { mirror.ConnectionId, mirror.RemoteId } equals new { ticket.ConnectionId, ticket.RemoteId }
                                  orderby mirror.MissingSince
                                  select new MissingTicket(mirror.RemoteId, ticket.Title, mirror.MissingSince!.Value, mirror.AbsentCount)).ToListAsync(cancel);
                var linked = rows.Count == 0 ? 0 : await db.Links.CountAsync(link => link.ConnectionId == connectionId && link.Type == RecordTypes.Ticket && link.State != LinkState.Tombstoned, cancel);
                return new MissingView(rows, linked, rows.Count > 0 && !safeties.Deletions.Believes(rows.Count, linked));
            },
            cancel);

    /// <summary>A person says that these were deleted: each is read by id once more, and those still not found are gone. Answers how many.</summary>
    /// <param name="live">The connection.</param>
    /// <param name="reader">Its reader.</param>
    /// <param name="remoteIds">The tickets.</param>
    /// <param name="why">Who said so, for the timeline.</param>
    /// <param name="cancel">Gives up between tickets.</param>
    public async Task<int> ConfirmedAsync(LiveConnection live, IReadsTickets reader, IReadOnlyCollection<string> remoteIds, string why, CancellationToken cancel)
    {
        var gone = 0;
        foreach (var id in remoteIds)
        {
            if (await BuryUnlessReadAsync(live, reader, id, db => Missing(db, live.Id).SingleOrDefaultAsync(mirror => mirror.RemoteId == id, cancel), why, cancel)) gone++;
        }

        await AskAsync(live.Id, 0, 0, cancel);
        return gone;
    }

    /// <summary>The remote's own log says that these were deleted: linked ones that a read by id does not find are gone. Answers how many.</summary>
    /// <param name="live">The connection.</param>
    /// <param name="reader">Its reader.</param>
    /// <param name="deleted">Rows of the log.</param>
    /// <param name="cancel">Gives up between tickets.</param>
    public async Task<int> LoggedAsync(LiveConnection live, IReadsTickets reader, IReadOnlyList<DeletedTicket> deleted, CancellationToken cancel)
    {
        var ids = deleted.Select(row => row.Id).ToList();
        var known = ids.Count == 0 ? [] : await store.ReadAsync(
            db => db.Links.Where(link => link.ConnectionId == live.Id && link.Type == RecordTypes.Ticket && link.State != LinkState.Tombstoned && ids.Contains(link.RemoteId)).Select(link => link.RemoteId).ToListAsync(cancel),
            cancel);
        var gone = 0;
        foreach (var row in deleted.IntersectBy(known, row => row.Id))
        {
            if (await BuryUnlessReadAsync(live, reader, row.Id, db => PresentAsync(db, live.Id, row.Id, cancel), Say(row), cancel)) gone++;
        }

        return gone;
    }

    /// <summary>The same for one that was just not found by id. Part of the caller's transaction.</summary>
    public async Task LoggedAsync(HubDb db, Guid connectionId, DeletedTicket deleted, CancellationToken cancel)
    {
        if (await PresentAsync(db, connectionId, deleted.Id, cancel) is { } mirror) await BuryAsync(db, mirror, Say(deleted), cancel);
    }

    /// <summary>A person says that they may come back: counting begins anew, and the question is put again after the next sweep that misses them.</summary>
    public Task KeepAsync(Guid connectionId, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                foreach (var mirror in await Missing(db, connectionId).ToListAsync(cancel)) mirror.AbsentCount = 0;
                await attachment.ManyMissingAsync(db, connectionId, null, cancel);
            },
            cancel);

    private async Task<bool> BuryUnlessReadAsync(LiveConnection live, IReadsTickets reader, string id, Func<HubDb, Task<Mirror?>> find, string why, CancellationToken cancel)
    {
        var reading = await Reading.BeginAsync(store, live, cancel);
        var ticket = await reader.ReadTicketAsync(id, cancel);
        return await store.WriteAsync(
            async db =>
            {
                if (ticket is not null)
                {
                    await book.ApplyAsync(db, live.Id, [reading.Of(ticket)], cancel);
                    await db.WakeAsync(live.Id, RecordTypes.Ticket, id, clock.GetUtcNow(), "found again", cancel: cancel);
                    return false;
                }

                if (await find(db) is not { } mirror) return false;
                await BuryAsync(db, mirror, why, cancel);
                return true;
            },
            cancel);
    }

    private static string Say(DeletedTicket deleted) =>
        $"The ticket system's log of deletions says that {(deleted.By is { } by ? $"{by} deleted it" : "it was deleted")} at {deleted.At:yyyy-MM-dd HH:mm} UTC, and a read by id does not find it.";

    private static Task<Mirror?> PresentAsync(HubDb db, Guid connectionId, string remoteId, CancellationToken cancel) =>
        db.Mirrors.SingleOrDefaultAsync(mirror => mirror.ConnectionId == connectionId && mirror.Type == RecordTypes.Ticket && mirror.RemoteId == remoteId && mirror.TombstonedAt == null, cancel);

    private static IQueryable<Mirror> Missing(HubDb db, Guid connectionId) =>
        db.Mirrors.Where(mirror => mirror.ConnectionId == connectionId && mirror.Type == RecordTypes.Ticket && mirror.MissingSince != null && mirror.TombstonedAt == null);

    private static Task<Link?> LinkAsync(HubDb db, Guid connectionId, string remoteId, CancellationToken cancel) =>
        db.Links.SingleOrDefaultAsync(link => link.ConnectionId == connectionId && link.Type == RecordTypes.Ticket && link.RemoteId == remoteId, cancel);

    private static async Task<IReadOnlyList<string>> NotReadableAsync(IReadsTickets reader, IReadOnlyList<string> missing, CancellationToken cancel)
    {
        var absent = new List<string>();
        foreach (var id in missing)
        {
            if (await reader.ReadTicketAsync(id, cancel) is null) absent.Add(id);
        }

        return absent;
    }

    private Task<int> CountAsync(Guid connectionId, IReadOnlyList<string> remoteIds, bool believed, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var gone = 0;
                foreach (var id in remoteIds)
                {
                    await NotFoundAsync(db, connectionId, id, cancel);
                    if (await db.Mirrors.FindAsync([connectionId, RecordTypes.Ticket, id], cancel) is not { TombstonedAt: null } mirror) continue;
                    if (++mirror.AbsentCount < Proof || !believed) continue;
                    await BuryAsync(db, mirror, "Two complete sweeps and a read by id did not find it.", cancel);
                    gone++;
                }

                return gone;
            },
            cancel);

    private async Task BuryAsync(HubDb db, Mirror mirror, string why, CancellationToken cancel)
    {
        mirror.TombstonedAt = clock.GetUtcNow();
        mirror.MissingSince ??= mirror.TombstonedAt;
        if (await LinkAsync(db, mirror.ConnectionId, mirror.RemoteId, cancel) is not { } link) return;
        link.State = LinkState.Tombstoned;
        link.Reason = "The ticket no longer exists.";
        await attachment.GoneAsync(db, link, why, cancel);
    }

    /// <summary>The question stands on the connection's page from the first sweep on; unanswered at the second, it becomes an alert.</summary>
    private Task AskAsync(Guid connectionId, int missing, int linked, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                if (missing == 0)
                {
                    await attachment.ManyMissingAsync(db, connectionId, null, cancel);
                    return;
                }

                var question = $"{missing} of {linked} linked tickets were not found at once. Nothing is treated as deleted: check the API member's rights, and say on the connection's page whether the tickets were deleted.";
                db.LogConnectionEvent(connectionId, "missing", null, question, null, null, clock.GetUtcNow());
                if (await Missing(db, connectionId).AnyAsync(mirror => mirror.AbsentCount >= Proof, cancel)) await attachment.ManyMissingAsync(db, connectionId, question, cancel);
            },
            cancel);
}

/// <summary>What a connection misses.</summary>
/// <param name="Tickets">The tickets, longest missing first.</param>
/// <param name="Linked">How many are linked in all.</param>
/// <param name="Asks">Too many to be believed: a person must say whether they were deleted.</param>
internal sealed record MissingView(IReadOnlyList<MissingTicket> Tickets, int Linked, bool Asks);

/// <summary>A ticket that was not found.</summary>
/// <param name="RemoteId">Its id.</param>
/// <param name="Title">Its subject line as last seen.</param>
/// <param name="Since">When it was first not found.</param>
/// <param name="Sweeps">Complete sweeps in a row that missed it.</param>
internal sealed record MissingTicket(string RemoteId, string Title, DateTimeOffset Since, int Sweeps);
