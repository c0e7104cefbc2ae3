using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>A write that the remote shows.</summary>
/// <param name="Effect">The claimed effect.</param>
/// <param name="Live">Its connection.</param>
/// <param name="Write">What was written.</param>
/// <param name="Before">The record before the write.</param>
/// <param name="After">The record as it shows now.</param>
/// <param name="Learnt">What the connection learnt about custom fields; null for nothing.</param>
/// <param name="How">How that was found out when not by the write's own answer, for people.</param>
/// <param name="Attempt">The attempt that ended so, as evidence; null when it is written down already.</param>
internal sealed record ConfirmedWrite(
    Effect Effect, LiveConnection Live, FieldWrite Write, RemoteTicket Before, Observation After, CustomFieldMode? Learnt, string How, Attempt? Attempt);

/// <summary>Confirms writes, those that are answered at the same time in one transaction: base takes the values written, the answer becomes an observation.</summary>
internal sealed class WriteConfirmations
{
    private const int MostTogether = 64;

    private readonly HubStore _store;
    private readonly ObservationBook _book;
    private readonly ITicketAttachment _attachment;
    private readonly SyncSafeties _safeties;
    private readonly TimeProvider _clock;
    private readonly Gathering<(ConfirmedWrite Done, CancellationToken Cancel)> _confirmations;

    public WriteConfirmations(HubStore store, ObservationBook book, ITicketAttachment attachment, SyncSafeties safeties, TimeProvider clock)
    {
        (_store, _book, _attachment, _safeties, _clock) = (store, book, attachment, safeties, clock);
        _confirmations = new Gathering<(ConfirmedWrite, CancellationToken)>(MostTogether, ConfirmAsync);
    }

    /// <summary>Confirms one write, unless its claim was lost.</summary>
    public Task ConfirmAsync(ConfirmedWrite done, CancellationToken cancel) => _confirmations.DoAsync((done, cancel));

    private Task ConfirmAsync(IReadOnlyList<(ConfirmedWrite Done, CancellationToken Cancel)> group)
    {
        var cancel = group[0].Cancel;
        return _store.WriteAsync(db => ConfirmAsync(db, [.. group.Select(item => item.Done)], cancel), cancel);
    }

    private async Task ConfirmAsync(HubDb db, IReadOnlyList<ConfirmedWrite> group, CancellationToken cancel)
    {
        await db.TrackEffectsAsync([.. group.Select(done => done.Effect)], cancel);
        await db.NoteAttemptsAsync([.. group.Where(done => done.Attempt is not null).Select(done => (done.Effect.Id, done.Attempt!))], cancel);
        foreach (var ofConnection in group.GroupBy(done => done.Live.Id))
        {
            var held = new List<(ConfirmedWrite Done, Effect Row)>();
            foreach (var done in ofConnection)
            {
                if (await db.HeldAsync(done.Effect, cancel) is { } row) held.Add((done, row));
            }

            if (held.Count > 0) await ConfirmAsync(db, ofConnection.Key, held, cancel);
        }
    }

    private async Task ConfirmAsync(HubDb db, Guid connectionId, List<(ConfirmedWrite Done, Effect Row)> held, CancellationToken cancel)
    {
        var now = _clock.GetUtcNow();
        var outcomes = await _book.ApplyAsync(db, connectionId, [.. held.Select(h => h.Done.After)], cancel);
        await _attachment.TrackAsync(db, [.. held.Select(h => h.Row.LinkId)], cancel);
        var inDoubt = await InDoubtAsync(db, held, cancel);
        var wakes = await WakesAsync(db, connectionId, held, cancel);
        List<string> look = [], read = [];
        foreach (var ((done, row), (_, outcome)) in held.Zip(outcomes))
        {
            var link = await db.LinkOfAsync(row, cancel);
            link.Base = Json.Write(_attachment.Confirmed(done.Live, Json.Read<LinkBase>(link.Base), done.Write, done.Before));
            link.Supersedes = 0;
            link.Version++;
            db.Settle(row, EffectState.Confirmed, null, now);
            var connection = await db.RaiseWriteMarkAsync(row, cancel);
            if (done.Learnt > connection.CustomFields) connection.CustomFields = done.Learnt.Value; // what others learnt meanwhile is not unlearnt
            await _attachment.SettledAsync(db, row, $"Ticket updated: {EffectWords.Of(done.Write)} ({done.Write.Why}{done.How}).", cancel);
            if (outcome == ObservationOutcome.Stale) read.Add(row.RemoteId);
            else if (_safeties.Doubt.Blocks(inDoubt[row.LinkId]) || !_attachment.IsQuiet(db, done.Live, done.After.Ticket, link, out var again)) look.Add(row.RemoteId);
            else if (!wakes.Contains(row.RemoteId) && _safeties.TimeWakes.Next(again) is { } next) db.Wakes.Add(Wake.AtTime(done.Live, row.RemoteId, next, version: 1));
        }

        if (await db.ConnectionHealth.FindAsync([connectionId], cancel) is { } health) health.Wrote(now);
        await _attachment.AcceptedAsync(db, held.ConvertAll(h => h.Row), cancel);
        await db.WakeManyAsync(connectionId, look, now, "written", needsRead: false, cancel);
        await db.WakeManyAsync(connectionId, read, now, "written", needsRead: true, cancel);
    }

    private static Task<HashSet<string>> WakesAsync(HubDb db, Guid connectionId, List<(ConfirmedWrite Done, Effect Row)> held, CancellationToken cancel)
    {
        var remoteIds = held.ConvertAll(h => h.Row.RemoteId);
        return db.Wakes.Where(w => w.ConnectionId == connectionId && w.Type == RecordTypes.Ticket && remoteIds.Contains(w.RemoteId)).Select(w => w.RemoteId).ToHashSetAsync(cancel);
    }

    private static async Task<ILookup<Guid, Effect>> InDoubtAsync(HubDb db, List<(ConfirmedWrite Done, Effect Row)> held, CancellationToken cancel)
    {
        var linkIds = held.ConvertAll(h => h.Row.LinkId);
        var sent = await db.Effects.Where(e => linkIds.Contains(e.LinkId) && e.State == EffectState.Sent).ToListAsync(cancel);
        return sent.ToLookup(e => e.LinkId);
    }
}
