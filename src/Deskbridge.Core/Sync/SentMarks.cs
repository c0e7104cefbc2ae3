using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Sync;

/// <summary>Marks effects Sent, those that are ready at the same time in one transaction. No request leaves before (invariant I2).</summary>
internal sealed class SentMarks
{
    private const int MostTogether = 64;

    private readonly HubStore _store;
    private readonly SyncSafeties _safeties;
    private readonly IOptions<SyncLeases> _leases;
    private readonly TimeProvider _clock;
    private readonly Gathering<Mark> _marks;

    public SentMarks(HubStore store, SyncSafeties safeties, IOptions<SyncLeases> leases, TimeProvider clock)
    {
        (_store, _safeties, _leases, _clock) = (store, safeties, leases, clock);
        _marks = new Gathering<Mark>(MostTogether, MarkAsync);
    }

    /// <summary>Marks an effect Sent, with what was read before.</summary>
    public async Task<SentMark> MarkAsync(Effect effect, BeforeImage? before, CancellationToken cancel)
    {
        var mine = new Mark(effect, before, cancel);
        await _marks.DoAsync(mine);
        return mine.Outcome;
    }

    private async Task MarkAsync(IReadOnlyList<Mark> group)
    {
        var cancel = group[0].Cancel;
        var outcomes = await _store.WriteAsync(
            async db =>
            {
                await db.TrackEffectsAsync([.. group.Select(mark => mark.Effect)], cancel);
                var marked = new List<SentMark>(group.Count);
                foreach (var mark in group) marked.Add(await MarkAsync(db, mark, cancel));
                return marked;
            },
            cancel);
        foreach (var (mark, outcome) in group.Zip(outcomes)) mark.Outcome = outcome;
    }

    private async Task<SentMark> MarkAsync(HubDb db, Mark mark, CancellationToken cancel)
    {
        var now = _clock.GetUtcNow();
        if (await db.HeldAsync(mark.Effect, cancel) is not { State: EffectState.Claimed } row || row.LeaseUntil - now < _leases.Value.SendMargin) return SentMark.Lost;
        var before = mark.Before;
        if (before is { Partial: true } && !await MaySendPartAsync(db, row, cancel)) before = before with { Partial = false };
        row.State = EffectState.Sent;
        row.SentAt = now;
        row.Attempts++;
        row.NotFoundProbes = 0;
        row.Before = before is null ? null : Json.Write(before);
        await db.RaiseWriteMarkAsync(row, cancel);
        return before is { Partial: true } ? SentMark.SentAsPart : SentMark.Sent;
    }

    /// <summary>What another write has just learnt counts. While parts are not proven, one that goes wrong must concern one ticket only.</summary>
    private async Task<bool> MaySendPartAsync(HubDb db, Effect row, CancellationToken cancel)
    {
        var mode = (await db.ConnectionOfAsync(row, cancel)).CustomFields;
        return _safeties.CustomFields.SendsPart(mode) && (mode == CustomFieldMode.Partial || !await OtherOnItsWayAsync(db, row, cancel));
    }

    private static async Task<bool> OtherOnItsWayAsync(HubDb db, Effect row, CancellationToken cancel) =>
        db.Effects.Local.Any(e => IsOther(e, row) && e.State == EffectState.Sent)
        || (await db.Effects
            .Where(e => e.ConnectionId == row.ConnectionId && e.State == EffectState.Sent && (e.Kind == EffectKind.Transition || e.Kind == EffectKind.Field))
            .ToListAsync(cancel)).Exists(e => IsOther(e, row));

    private static bool IsOther(Effect other, Effect row) =>
        other.Id != row.Id && other.ConnectionId == row.ConnectionId && other.Kind is EffectKind.Transition or EffectKind.Field;

    private sealed record Mark(Effect Effect, BeforeImage? Before, CancellationToken Cancel)
    {
        public SentMark Outcome { get; set; }
    }
}

/// <summary>What came of marking an effect Sent.</summary>
internal enum SentMark
{
    /// <summary>The claim is lost, or too short to send in: nothing may be sent.</summary>
    Lost,

    /// <summary>It may be sent; custom fields, if any, as a whole array.</summary>
    Sent,

    /// <summary>It may be sent with a part of the custom fields, and is watched (decision 0015).</summary>
    SentAsPart,
}
