using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
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
        await ForgetAnswersAsync(db, connection.Id, versionId, cancel);
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

    /// <summary>Answers about events that are evaluated here from now on say nothing any more, and neither does it matter that they stopped coming.</summary>
    private static async Task ForgetAnswersAsync(HubDb db, Guid connectionId, Guid versionId, CancellationToken cancel)
    {
        var version = await db.RuleVersions.FindAsync([versionId], cancel);
        var asked = version?.AskedEvents is { } events ? Json.Read<Dictionary<string, string>>(events) : [];
        var answers = await db.RemoteAnswers.Where(answer => answer.ConnectionId == connectionId).ToListAsync(cancel);
        db.RemoteAnswers.RemoveRange(answers.Where(answer => !asked.ContainsKey(answer.EventId)));
    }

    /// <summary>After the commit: running connectors take the new version.</summary>
    public void Announce(Guid connectionId) => changes.Raise(connectionId);
}

/// <summary>Counts the alerts that a changed rule book would newly raise.</summary>
internal sealed class RulePreview(AlertSafeties safeties, HubStore store)
{
    /// <summary>The same with everything evaluated here, as for conditions that only the hub knows yet.</summary>
    public Task<int> CountAsync(LiveConnection live, IReadsRules reader, RuleBook book, CancellationToken cancel) =>
        CountAsync(live, book, RuleJudge.Here(reader), RuleJudge.Here(reader), cancel);

    /// <summary>Open tickets inside the age window without an alert, that match the new rules and did not match before.</summary>
    /// <param name="live">The connection.</param>
    /// <param name="book">The new rules.</param>
    /// <param name="judge">Judges by them.</param>
    /// <param name="before">Judges by those in force.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<int> CountAsync(LiveConnection live, RuleBook book, RuleJudge judge, RuleJudge before, CancellationToken cancel)
    {
        if (live.Connector is not IReadsTickets tickets) return 0;
        var now = live.RemoteNow;
        var oldest = now - book.AgeWindow;
        return await store.ReadAsync(
            async db =>
            {
                var rows = from mirror in db.Mirrors
                           where mirror.ConnectionId == live.Id && mirror.Type == RecordTypes.Ticket && mirror.TombstonedAt == null && mirror.RemoteUpdatedAt >= oldest
                           join link in db.Links
                               on new { mirror.ConnectionId, mirror.Type, mirror.RemoteId } equals new { link.ConnectionId, link.Type, link.RemoteId } into found
                           from link in found.DefaultIfEmpty()
                           where link == null || link.Generation == 0
                           select new { mirror.Body, Base = link == null ? null : link.Base };
                var count = 0;
                await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancel)) // one body in memory at a time
                {
                    if (Raises(row.Body, row.Base)) count++;
                }

                return count;
            },
            cancel);

        bool Raises(string body, string? linked)
        {
            var ticket = tickets.ParseTicket(body);
            var verdicts = RuleReading.Judge(judge, book, ticket, now);
            if (!verdicts.RaisesOn(ticket)) return false;
            if (linked is { } known) return verdicts.Firing(InboundEventKind.Raise, Json.Read<LinkBase>(known), newRules: true, safeties.Edge).Count > 0;
            return live.Rules is not { } old || !RuleReading.Judge(before, old, ticket, now).RaisesOn(ticket);
        }
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
                await alerts.ClearAsync(db, connectionId, AskRules.SilentCause, "The rules changed.", now, cancel);
                return null;
            },
            cancel);
        if (failure is null) force.Announce(connectionId);
        return failure;
    }
}
