using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using HubAlerts = Deskbridge.Core.Alerting.HubAlerts;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Puts a rule version into force.</summary>
internal sealed class RuleForce(ConnectionChanges changes, TimeProvider clock)
{
    /// <summary>In the caller's transaction: the version is in force, and every ticket that could be inside its age window is looked at again.</summary>
    public async Task TakeAsync(HubDb db, Connection connection, Guid versionId, TimeSpan ageWindow, DateTimeOffset remoteNow, CancellationToken cancel)
    {
        connection.RuleVersionId = versionId;
        connection.HeldRuleVersionId = null;
        var oldest = remoteNow - ageWindow;
        var tickets = await db.Mirrors
            .Where(mirror => mirror.ConnectionId == connection.Id && mirror.Type == RecordTypes.Ticket && mirror.TombstonedAt == null && mirror.RemoteUpdatedAt >= oldest)
            .Select(mirror => mirror.RemoteId)
            .ToListAsync(cancel);
        var linked = await db.Links
            .Where(link => link.ConnectionId == connection.Id && link.Type == RecordTypes.Ticket && link.State == LinkState.Active)
            .Select(link => link.RemoteId)
            .ToListAsync(cancel);
        await db.WakeManyAsync(connection.Id, [.. tickets.Union(linked, StringComparer.Ordinal)], clock.GetUtcNow(), "rules changed", needsRead: false, cancel);
    }

    /// <summary>After the commit: running connectors take the new version.</summary>
    public void Announce(Guid connectionId) => changes.Raise(connectionId);
}

/// <summary>Counts the alerts that a changed rule book would newly raise.</summary>
internal sealed class RulePreview(HubStore store)
{
    /// <summary>Open tickets inside the age window without an alert, that match the new rules and did not match before.</summary>
    public async Task<int> CountAsync(LiveConnection live, IReadsRules reader, RuleBook book, CancellationToken cancel)
    {
        if (live.Connector is not IReadsTickets tickets) return 0;
        var now = live.RemoteNow;
        var oldest = now - book.AgeWindow;
        var rows = await store.ReadAsync(
            db => (from mirror in db.Mirrors
                   where mirror.ConnectionId == live.Id && mirror.Type == RecordTypes.Ticket && mirror.TombstonedAt == null && mirror.RemoteUpdatedAt >= oldest
                   join link in db.Links
                       on new { mirror.ConnectionId, mirror.Type, mirror.RemoteId } equals new { link.ConnectionId, link.Type, link.RemoteId } into found
                   from link in found.DefaultIfEmpty()
                   where link == null || link.Generation == 0
                   select new { mirror.Body, Base = link == null ? null : link.Base }).ToListAsync(cancel),
            cancel);
        return rows.Count(row =>
        {
            var ticket = tickets.ParseTicket(row.Body);
            if (!RuleReading.Judge(reader, book, ticket, now).RaisesOn(ticket)) return false;
            if (row.Base is { } known) return Json.Read<LinkBase>(known).Verdicts.GetValueOrDefault(InboundEventKind.Raise) is false;
            return live.Rules is not { } old || !RuleReading.Judge(reader, old, ticket, now).RaisesOn(ticket);
        });
    }
}

/// <summary>A person lets a held rule change take force.</summary>
internal sealed class ConfirmRuleChange(ConnectorPool pool, RuleForce force, HubAlerts alerts, HubStore store, TimeProvider clock)
{
    public async Task<Failure?> RunAsync(Guid connectionId, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        if (await pool.FindInAnyStateAsync(connectionId, cancel) is not { Connector: IReadsRules reader } live) return new ConnectionNotFound(connectionId);
        var failure = await store.WriteAsync<Failure?>(
            async db =>
            {
                var connection = (await db.Connections.FindAsync([connectionId], cancel))!;
                if (connection.HeldRuleVersionId is not { } held) return new NoRuleChangeHeld(connection.Name);
                var body = await db.RuleVersions.Where(version => version.Id == held).Select(version => version.Body).SingleAsync(cancel);
                await force.TakeAsync(db, connection, held, reader.ParseRules(body).AgeWindow, live.RemoteNow, cancel);
                var now = clock.GetUtcNow();
                db.LogConnectionEvent(connectionId, "rules", null, $"{by.Name} confirmed the changed rules; they are in force.", null, null, now);
                await alerts.ClearAsync(db, connectionId, RefreshRules.HeldCause, $"{by.Name} confirmed the change.", now, cancel);
                return null;
            },
            cancel);
        if (failure is null) force.Announce(connectionId);
        return failure;
    }
}
