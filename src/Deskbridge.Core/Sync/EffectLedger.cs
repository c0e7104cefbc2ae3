using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Every state change of a claimed effect, each one transaction that holds only while the claim does: a sender that lost
/// its claim changes nothing.
/// </summary>
internal sealed class EffectLedger(
    HubStore store, ObservationBook book, ITicketAttachment attachment, RandomIds ids, IOptions<SyncLeases> leases, Failpoints failpoints, TimeProvider clock)
{
    private const int GiveUpAfter = 10;
    private const string Broken = "failed";

    /// <summary>Marks an effect Sent, with what was read before. False when the claim is lost or too short to send in.</summary>
    public async Task<bool> MarkSentAsync(Effect effect, BeforeImage? before, CancellationToken cancel)
    {
        failpoints.Pass("effect.before-sent");
        var marked = await ChangeAsync(
            effect,
            async (db, row) =>
            {
                var now = clock.GetUtcNow();
                if (row.State != EffectState.Claimed || row.LeaseUntil - now < leases.Value.SendMargin) return false;
                row.State = EffectState.Sent;
                row.SentAt = now;
                row.Attempts++;
                row.NotFoundProbes = 0;
                row.Before = before is null ? null : Json.Write(before);
                await RaiseWriteMarkAsync(db, row, cancel);
                return true;
            },
            cancel);
        failpoints.Pass("effect.sent");
        return marked;
    }

    /// <summary>A write is on the remote: base takes the values written, the answer becomes an observation.</summary>
    public async Task ConfirmWriteAsync(
        Effect effect, LiveConnection live, FieldWrite write, RemoteTicket before, Observation after, CustomFieldMode? learnt, string how, CancellationToken cancel)
    {
        failpoints.Pass("effect.before-confirm");
        await ChangeAsync(
            effect,
            async (db, row) =>
            {
                var link = await db.Links.SingleAsync(l => l.Id == row.LinkId, cancel);
                var stale = await IsStaleAsync(db, row, after, cancel);
                link.Base = Json.Write(attachment.Confirmed(live, Json.Read<LinkBase>(link.Base), write, before));
                link.Supersedes = 0;
                link.Version++;
                Settle(db, row, EffectState.Confirmed, null);
                var connection = await RaiseWriteMarkAsync(db, row, cancel);
                if (learnt is { } mode) connection.CustomFields = mode;
                if (await db.ConnectionHealth.FindAsync([row.ConnectionId], cancel) is { } health) health.LastWriteAt = clock.GetUtcNow();
                await attachment.SettledAsync(db, row, $"Ticket updated: {EffectWords.Of(write)} ({write.Why}{how}).", cancel);
                await db.WakeAsync(row.ConnectionId, RecordTypes.Ticket, row.RemoteId, clock.GetUtcNow(), "written", needsRead: stale, cancel: cancel);
                return true;
            },
            cancel);
        failpoints.Pass("effect.confirmed");
    }

    /// <summary>An object (note, schedule entry) is on the remote.</summary>
    public Task ConfirmObjectAsync(Effect effect, string objectId, ChildPair pair, string message, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                Settle(db, row, EffectState.Confirmed, null);
                row.ObjectId = objectId;
                if (await db.ChildPairs.FindAsync([pair.LinkId, pair.Kind, pair.Marker], cancel) is null) db.ChildPairs.Add(pair);
                await RaiseWriteMarkAsync(db, row, cancel);
                await attachment.SettledAsync(db, row, message, cancel);
                return true;
            },
            cancel);

    /// <summary>Overtaken by a change of somebody: the link is planned again from what was read.</summary>
    public Task SupersedeAsync(Effect effect, Observation? read, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                var stale = read is null || await IsStaleAsync(db, row, read, cancel);
                var link = await db.Links.SingleAsync(l => l.Id == row.LinkId, cancel);
                link.PlanAgain = true;
                link.Supersedes++;
                Settle(db, row, EffectState.Superseded, why);
                await RaiseWriteMarkAsync(db, row, cancel);
                await db.WakeAsync(row.ConnectionId, RecordTypes.Ticket, row.RemoteId, clock.GetUtcNow(), "overtaken", needsRead: stale, cancel: cancel);
                return true;
            },
            cancel);

    /// <summary>No effect so far: tried again later.</summary>
    public Task RetryAsync(Effect effect, TimeSpan wait, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                row.State = EffectState.Retry;
                row.NotBefore = clock.GetUtcNow() + wait;
                row.LeaseUntil = null;
                row.Error = why;
                Count(db, row);
                await RaiseWriteMarkAsync(db, row, cancel);
                await WakeAfterDoubtAsync(db, row, cancel);
                return true;
            },
            cancel);

    /// <summary>The outcome is unknown: stays Sent, and is probed at its time.</summary>
    public Task DoubtAsync(Effect effect, TimeSpan wait, string why, int notFoundProbes, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            (_, row) =>
            {
                row.NotBefore = clock.GetUtcNow() + wait;
                row.LeaseUntil = null;
                row.Error = why;
                row.NotFoundProbes = notFoundProbes;
                return Task.FromResult(true);
            },
            cancel);

    /// <summary>
    /// Gives a claim back after a failure that decided nothing. The row says whether it is in doubt: a claimed effect is
    /// tried again, a sent one probed, one that the failure's handling settled or released already is left alone.
    /// </summary>
    public Task ReleaseAsync(Effect effect, TimeSpan wait, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            (_, row) => Task.FromResult(GiveBack(row, wait, why)),
            cancel);

    /// <summary>
    /// Gives a claim back after a failure that no answer of the remote explains, each time for longer. One that keeps failing is given up: people are
    /// told, and what waits for it goes on.
    /// </summary>
    public Task BrokenAsync(Effect effect, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                if (row.LeaseUntil is null) return false; // settled or given back by what handled the failure
                var failures = await db.EffectAttempts.CountAsync(a => a.EffectId == row.Id && a.Action == Broken, cancel) + 1;
                if (failures < GiveUpAfter)
                {
                    GiveBack(row, TimeSpan.FromSeconds(30) * failures, why);
                }
                else
                {
                    var arrived = row.State == EffectState.Sent ? " Whether it arrived is not known: look at the ticket." : "";
                    await RefuseAsync(db, row, EffectState.Dead, $"Given up after {failures} failures: {why}{arrived}", ticketMissing: false, cancel);
                }

                await AddAttemptAsync(db, row, Broken, why, TimeSpan.Zero, cancel);
                return true;
            },
            cancel);

    /// <summary>Refused for good. With <paramref name="ticketMissing"/> the ticket is read again, so that people are told when it is gone.</summary>
    public Task RejectAsync(Effect effect, EffectState state, string why, CancellationToken cancel, bool ticketMissing = false) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                await RefuseAsync(db, row, state, why, ticketMissing, cancel);
                return true;
            },
            cancel);

    /// <summary>Takes refused fields out of a joint write: each becomes a refused effect of its own, the rest is sent again at once.</summary>
    public Task SplitAsync(Effect effect, FieldWrite write, IReadOnlyList<string> refused, bool knownToBeRefused, string why, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                var link = await db.Links.SingleAsync(l => l.Id == row.LinkId, cancel);
                var writer = new EffectWriter(db, link, ids, clock.GetUtcNow());
                foreach (var field in refused)
                {
                    var alone = write.Only([field]);
                    var key = $"{row.IdemKey}:{field}";
                    if (knownToBeRefused) writer.AddRejected(key, alone, row.AlertId, why);
                    else writer.Add(EffectKind.Field, key, alone, row.AlertId);
                    if (knownToBeRefused) await attachment.RefusedAsync(db, row, why, cancel);
                }

                row.Payload = Json.Write(write.Only([.. write.Set.Keys.Except(refused)]));
                SendAgain(db, row);
                await RaiseWriteMarkAsync(db, row, cancel);
                await WakeAfterDoubtAsync(db, row, cancel);
                return true;
            },
            cancel);

    /// <summary>
    /// A partial write left custom fields of others empty: whole arrays from now on, and every loss is a decided row that people see. Said once per write;
    /// the effect stays in doubt until what is to be put back is there.
    /// </summary>
    public Task WipedAsync(Effect effect, IReadOnlyList<CustomFieldValue> lost, bool restores, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                var image = Json.Read<BeforeImage>(row.Before!);
                if (image.Wiped) return false;
                row.Before = Json.Write(image with { Wiped = true });
                var connection = await db.Connections.SingleAsync(c => c.Id == row.ConnectionId, cancel);
                connection.CustomFields = CustomFieldMode.Whole;
                var decision = restores
                    ? "Emptied together with our write, which had left it out; put back unless somebody has filled it since."
                    : "Found empty after our write, which had left it out; whether that or a person emptied it cannot be told, so it is left as it is.";
                var now = clock.GetUtcNow();
                foreach (var field in lost)
                {
                    db.Conflicts.Add(new Conflict
                    {
                        Id = ids.NewId(),
                        LinkId = row.LinkId,
                        Field = $"custom field {field.Caption}",
                        BaseValue = field.Value,
                        HubValue = field.Value,
                        RemoteValue = null,
                        Decision = decision,
                        At = now,
                    });
                }

                var names = string.Join(", ", lost.Select(field => field.Caption));
                var message = restores ? $"Custom fields emptied by our write are put back: {names}." : $"Custom fields found empty after our write: {names}.";
                const string Why = "The ticket system wiped the custom fields that the write left out. From now on this connection sends all of them with every write.";
                await attachment.TellAsync(db, row, "conflict", message, restores ? Why : decision, cancel);
                db.LogConnectionEvent(row.ConnectionId, "custom-fields", row.RemoteId, $"Ticket {row.RemoteId}: {message} {Why}", image.Body, null, now);
                return true;
            },
            cancel);

    /// <summary>
    /// Leaves out marker fields that the ticket does not carry any more: each becomes a refused effect with its fix, one finding tells of all,
    /// and the rest is sent at once, to be probed by what it writes.
    /// </summary>
    public Task LeaveOutMissingAsync(Effect effect, FieldWrite write, IReadOnlyList<string> missing, CancellationToken cancel) =>
        ChangeAsync(
            effect,
            async (db, row) =>
            {
                var why = await attachment.MarkersMissingAsync(db, row, missing, cancel);
                if (missing.Count == write.Set.Count)
                {
                    Settle(db, row, EffectState.Rejected, why);
                    await RaiseWriteMarkAsync(db, row, cancel);
                    return true;
                }

                var link = await db.Links.SingleAsync(l => l.Id == row.LinkId, cancel);
                var writer = new EffectWriter(db, link, ids, clock.GetUtcNow());
                foreach (var field in missing) writer.AddRejected($"{row.IdemKey}:{field}", write.Only([field]), row.AlertId, why);
                row.Payload = Json.Write(write.Only([.. write.Set.Keys.Except(missing)]));
                SendAgain(db, row);
                await RaiseWriteMarkAsync(db, row, cancel);
                return true;
            },
            cancel);

    /// <summary>Learns how custom fields behave without settling the effect.</summary>
    public Task LearnAsync(Guid connectionId, CustomFieldMode mode, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var connection = await db.Connections.SingleAsync(c => c.Id == connectionId, cancel);
                connection.CustomFields = mode;
            },
            cancel);

    /// <summary>Writes down an attempt, as evidence for people.</summary>
    public Task NoteAttemptAsync(Effect effect, string action, string outcome, TimeSpan took, CancellationToken cancel) =>
        store.WriteAsync(db => AddAttemptAsync(db, effect, action, outcome, took, cancel), cancel);

    private async Task AddAttemptAsync(HubDb db, Effect effect, string action, string outcome, TimeSpan took, CancellationToken cancel)
    {
        var number = await db.EffectAttempts.CountAsync(a => a.EffectId == effect.Id, cancel) + 1;
        db.EffectAttempts.Add(new EffectAttempt
        {
            EffectId = effect.Id,
            Number = number,
            At = clock.GetUtcNow(),
            Action = action,
            Outcome = outcome,
            Milliseconds = (long)took.TotalMilliseconds,
        });
    }

    private async Task RefuseAsync(HubDb db, Effect row, EffectState state, string why, bool ticketMissing, CancellationToken cancel)
    {
        Settle(db, row, state, why);
        await RaiseWriteMarkAsync(db, row, cancel);
        await attachment.RefusedAsync(db, row, why, cancel);
        await db.WakeAsync(row.ConnectionId, RecordTypes.Ticket, row.RemoteId, clock.GetUtcNow(), "refused", needsRead: ticketMissing, cancel: cancel);
    }

    private bool GiveBack(Effect row, TimeSpan wait, string why)
    {
        if (row.LeaseUntil is null) return false;
        if (row.State == EffectState.Claimed) row.State = EffectState.Retry;
        row.NotBefore = clock.GetUtcNow() + wait;
        row.LeaseUntil = null;
        row.Error = why;
        return true;
    }

    private async Task<bool> ChangeAsync(Effect claimed, Func<HubDb, Effect, Task<bool>> change, CancellationToken cancel) =>
        await store.WriteAsync(
            async db =>
            {
                var row = await db.Effects.SingleOrDefaultAsync(e => e.Id == claimed.Id, cancel);
                if (row is null || row.Epoch != claimed.Epoch) return false;
                if (row.State is not (EffectState.Claimed or EffectState.Sent)) return false;
                return await change(db, row);
            },
            cancel);

    /// <summary>Brings what was read into the mirror; true when it came too late to count, so that the record must be read again.</summary>
    private async Task<bool> IsStaleAsync(HubDb db, Effect row, Observation read, CancellationToken cancel) =>
        (await book.ApplyAsync(db, row.ConnectionId, [read], cancel))[0].Outcome == ObservationOutcome.Stale;

    /// <summary>Nothing of its link was planned while the write was on its way; what was read meanwhile must not wait until one is accepted.</summary>
    private async Task WakeAfterDoubtAsync(HubDb db, Effect row, CancellationToken cancel)
    {
        if (row.Kind is EffectKind.Transition or EffectKind.Field)
            await db.WakeAsync(row.ConnectionId, RecordTypes.Ticket, row.RemoteId, clock.GetUtcNow(), "in doubt no more", cancel: cancel);
    }

    private void SendAgain(HubDb db, Effect row)
    {
        row.State = EffectState.Pending;
        row.NotBefore = clock.GetUtcNow();
        row.LeaseUntil = null;
        db.Hints.Add(WorkHint.Effects);
    }

    private void Settle(HubDb db, Effect row, EffectState state, string? why)
    {
        row.State = state;
        row.Error = why;
        row.LeaseUntil = null;
        row.SettledAt = clock.GetUtcNow();
        Count(db, row);
    }

    /// <summary>Counts the state that an effect has just reached.</summary>
    public static void Count(HubDb db, Effect row)
    {
        var state = row.State.ToString().ToLowerInvariant();
        db.Counts.Add(metrics => metrics.Effect(row.ConnectionId, row.Kind.ToString().ToLowerInvariant(), state));
    }

    /// <summary>Raises the connection's write counter and stamps the link with it (engine.md §8).</summary>
    private static async Task<Connection> RaiseWriteMarkAsync(HubDb db, Effect row, CancellationToken cancel)
    {
        var connection = await db.Connections.SingleAsync(c => c.Id == row.ConnectionId, cancel);
        var link = await db.Links.SingleAsync(l => l.Id == row.LinkId, cancel);
        link.WriteMark = ++connection.WriteCounter;
        return connection;
    }
}
