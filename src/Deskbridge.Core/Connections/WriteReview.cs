using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>What a dispatcher goes through on a connection: writes that were refused or given up, and fields that both sides had changed.</summary>
internal sealed class WriteReview(HubStore store, RefusalFinding finding, TimeProvider clock)
{
    private const int Most = 200;

    /// <summary>The newest of each, at most 200.</summary>
    public Task<WriteReviewView> ReadAsync(Guid connectionId, CancellationToken cancel) =>
        store.ReadAsync(async db => new WriteReviewView(await RefusedAsync(db, connectionId, cancel), await ConflictsAsync(db, connectionId, cancel)), cancel);

    /// <summary>Tries a refused write again; with it every refused field of its ticket, for they are planned anew together.</summary>
    /// <returns>Null when done, else why not.</returns>
    public Task<Failure?> RetryAsync(Guid connectionId, Guid effectId, Person by, CancellationToken cancel) =>
        AnswerAsync(
            connectionId, effectId, by, "lets it be tried again",
            async (db, row, now) =>
            {
                var together = row.Kind is not (EffectKind.Transition or EffectKind.Field) || row.IsChoice
                    ? [row]
                    : (await db.Effects.Where(e => e.LinkId == row.LinkId && (e.Kind == EffectKind.Transition || e.Kind == EffectKind.Field) && (e.State == EffectState.Rejected || e.State == EffectState.Dead)).ToListAsync(cancel)).FindAll(e => !e.IsChoice);
                foreach (var one in together) await db.GoOnAsync(one, $"{by.Name} lets it be tried again", now, cancel);
                return together;
            },
            cancel);

    /// <summary>Gives a refused write up for good: the ticket stays as it is.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    public Task<Failure?> DiscardAsync(Guid connectionId, Guid effectId, Person by, CancellationToken cancel) =>
        AnswerAsync(connectionId, effectId, by, "discarded it", (_, row, _) => Task.FromResult<List<Effect>>([row]), cancel);

    /// <summary>Takes conflicts off the list; they stay on their alerts' pages.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="conflicts">Their ids, as the list named them.</param>
    /// <param name="by">Who looked at them.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Failure?> ClearAsync(Guid connectionId, IReadOnlyCollection<Guid> conflicts, Person by, CancellationToken cancel)
    {
        if (by.Role < PersonRole.Dispatcher) return Task.FromResult<Failure?>(new OnlyDispatchers());
        if (conflicts.Count == 0) return Task.FromResult<Failure?>(new InvalidFailure("conflicts", "Name the conflicts that you looked at, by the ids in the list."));
        return store.WriteAsync<Failure?>(
            async db =>
            {
                var rows = await (from conflict in db.Conflicts
                                  join link in db.Links on conflict.LinkId equals link.Id
                                  where link.ConnectionId == connectionId && conflicts.Contains(conflict.Id)
                                  select conflict).ToListAsync(cancel);
                if (conflicts.Except(rows.Select(row => row.Id)).Select(id => (Guid?)id).FirstOrDefault() is { } unknown) return new ConflictNotFound(unknown);
                foreach (var row in rows) row.ClearedAt ??= clock.GetUtcNow();
                return null;
            },
            cancel);
    }

    private Task<Failure?> AnswerAsync(
        Guid connectionId, Guid effectId, Person by, string did, Func<HubDb, Effect, DateTimeOffset, Task<List<Effect>>> go, CancellationToken cancel)
    {
        if (by.Role < PersonRole.Dispatcher) return Task.FromResult<Failure?>(new OnlyDispatchers());
        return store.WriteAsync<Failure?>(
            async db =>
            {
                if (await db.Effects.FindAsync([effectId], cancel) is not { } row || row.ConnectionId != connectionId) return new WriteNotFound(effectId);
                if (row.State is not (EffectState.Rejected or EffectState.Dead)) return new WriteNotRefused(row.State);
                if (await db.Connections.FindAsync([connectionId], cancel) is not { State: ConnectionState.Active or ConnectionState.Paused }) return new ConnectionNotRunning(connectionId);
                var now = clock.GetUtcNow();
                var (what, why) = (EffectWords.Of(row), row.Error);
                var answered = await go(db, row, now);
                foreach (var over in answered.Where(e => e.State is EffectState.Rejected or EffectState.Dead)) db.Settle(over, EffectState.Superseded, $"{by.Name} {did}. It had been refused: {over.Error}", now);
                if (row.AlertId is { } alertId && await db.Alerts.FindAsync([alertId], cancel) is { } alert)
                    db.AddEvent(alert, "write-answered", $"{by.Name} looked at a refused write and {did}.", $"{what} {why}", by.Id, now);
                await finding.EndWithoutRefusalsAsync(db, connectionId, answered.ConvertAll(e => e.Id), $"{by.Name} {did}.", now, cancel);
                return null;
            },
            cancel);
    }

    private static async Task<IReadOnlyList<RefusedWrite>> RefusedAsync(HubDb db, Guid connectionId, CancellationToken cancel)
    {
        var rows = await (from effect in db.Effects
                          join link in db.Links on effect.LinkId equals link.Id
                          join ticket in db.Tickets on link.TicketId equals ticket.Id
                          where effect.ConnectionId == connectionId && (effect.State == EffectState.Rejected || effect.State == EffectState.Dead)
                          orderby effect.SettledAt descending, effect.Seq descending
                          select new { Effect = effect, ticket.Title, ticket.Number }).Take(Most).ToListAsync(cancel);
        return rows.ConvertAll(row => new RefusedWrite(
            row.Effect.Id, row.Number ?? row.Effect.RemoteId, row.Title, row.Effect.AlertId, EffectWords.Of(row.Effect), row.Effect.Error ?? "", row.Effect.State == EffectState.Dead, row.Effect.SettledAt ?? row.Effect.CreatedAt));
    }

    private static Task<List<OpenConflict>> ConflictsAsync(HubDb db, Guid connectionId, CancellationToken cancel) =>
        (from conflict in db.Conflicts
         join link in db.Links on conflict.LinkId equals link.Id
         join ticket in db.Tickets on link.TicketId equals ticket.Id
         join alert in db.Alerts on new { LinkId = (Guid?)link.Id, link.Generation } equals new { alert.LinkId, alert.Generation } into alerts
         from alert in alerts.DefaultIfEmpty()
         where link.ConnectionId == connectionId && conflict.ClearedAt == null
         orderby conflict.At descending, conflict.Id
         select new OpenConflict(conflict.Id, ticket.Number ?? link.RemoteId, ticket.Title, alert == null ? null : alert.Id, conflict.Field, conflict.BaseValue, conflict.HubValue, conflict.RemoteValue, conflict.Decision, conflict.At))
            .Take(Most).ToListAsync(cancel);
}

/// <summary>What waits for a dispatcher.</summary>
/// <param name="Refused">Writes that were refused or given up.</param>
/// <param name="Conflicts">Decided conflicts that nobody took off the list yet.</param>
internal sealed record WriteReviewView(IReadOnlyList<RefusedWrite> Refused, IReadOnlyList<OpenConflict> Conflicts);

/// <summary>A write that was refused (<c>GivenUp</c>: that failed too often without an answer), with the ticket system's exact words in <c>Why</c>.</summary>
internal sealed record RefusedWrite(Guid Id, string Ticket, string Title, Guid? AlertId, string What, string Why, bool GivenUp, DateTimeOffset At);

/// <summary>A field that both sides had changed, and what was decided.</summary>
internal sealed record OpenConflict(
    Guid Id, string Ticket, string Title, Guid? AlertId, string Field, string? BaseValue, string? HubValue, string? RemoteValue, string Decision, DateTimeOffset At);

/// <summary>Dispatchers go through refused writes and conflicts.</summary>
internal sealed record OnlyDispatchers() : ForbiddenFailure("Only dispatchers and administrators answer refused writes and conflicts. Ask one of them, or have your role changed.");

/// <summary>No such write.</summary>
internal sealed record WriteNotFound(Guid Id) : NotFoundFailure($"This connection has no write {Id}.");

/// <summary>Somebody answered it before, or it went on by itself.</summary>
internal sealed record WriteNotRefused(EffectState State)
    : ConflictFailure($"This write does not wait for anybody: it is {State.ToString().ToLowerInvariant()}. Read the list again.");

/// <summary>No such conflict.</summary>
internal sealed record ConflictNotFound(Guid Id) : NotFoundFailure($"This connection has no conflict {Id}.");
