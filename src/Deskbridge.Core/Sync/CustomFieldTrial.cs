using System.Diagnostics;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// The write that tries out whether a part of the custom fields leaves the others alone (engine.md §4): learns from it, and puts
/// back what it emptied.
/// </summary>
internal sealed class CustomFieldTrial(EffectLedger ledger, HubStore store, SyncSafeties safeties)
{
    /// <summary>Judges what the record shows after such a write.</summary>
    /// <param name="work">The write.</param>
    /// <param name="before">The record just before it.</param>
    /// <param name="after">The record as it shows now.</param>
    /// <param name="mode">What is known so far.</param>
    /// <param name="isAnswer">The record is the write's own answer. Only that shows that nothing was emptied: later, somebody, or a restore of ours whose answer was lost, may have filled it again.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when fields were emptied and could not be put back yet; the effect is then in doubt or rejected.</returns>
    public async Task<TrialVerdict?> JudgeAsync(
        FieldWork work, RemoteTicket before, Observation after, CustomFieldMode mode, bool isAnswer, CancellationToken cancel)
    {
        var written = await WrittenIdsAsync(work, cancel);
        var wiped = safeties.CustomFields.Wiped(before, after.Ticket, written);
        if (wiped.Count == 0)
        {
            var proven = isAnswer && mode == CustomFieldMode.WholeProven && safeties.CustomFields.RisksOthers(before, written);
            return new TrialVerdict(after, proven ? CustomFieldMode.Partial : null);
        }

        // Learnt before the restore: if its answer is lost, the record shows nothing of this any more.
        await ledger.LearnAsync(work.Live.Id, CustomFieldMode.Whole, cancel);
        return await RestoreAsync(work, after.Ticket, wiped, cancel) is { } restored ? new TrialVerdict(restored, CustomFieldMode.Whole) : null;
    }

    /// <summary>Only what was emptied is put back; what people set since stays theirs.</summary>
    private async Task<Observation?> RestoreAsync(FieldWork work, RemoteTicket shown, IReadOnlyList<CustomFieldValue> wiped, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var lost = wiped.ToDictionary(field => field.Id);
            var whole = shown.CustomFields.Where(field => !lost.ContainsKey(field.Id)).Concat(wiped).ToList();
            var markers = work.Write.Set.Where(set => TicketFields.IsMarker(set.Key)).ToDictionary();
            var answer = await work.Writer.UpdateTicketAsync(work.Effect.RemoteId, new TicketUpdate { Set = markers, CustomFieldsAsRead = whole }, cancel);
            await ledger.NoteAttemptAsync(work.Effect, "restore", "A partial custom-field array emptied other fields; they were put back.", watch.Elapsed, cancel);
            return new Observation(answer, work.Live.RemoteNow, FieldSender.OwnAnswer);
        }
        catch (ConnectorRejectedException failure)
        {
            await ledger.LearnAsync(work.Live.Id, CustomFieldMode.Blocked, cancel);
            await ledger.RejectAsync(work.Effect, EffectState.Rejected, $"Other custom fields were emptied and could not be put back: {failure.Message}", cancel);
            return null;
        }
        catch (ConnectorException failure)
        {
            await ledger.DoubtAsync(work.Effect, TimeSpan.FromSeconds(5), failure.Message, 0, cancel);
            return null;
        }
    }

    /// <summary>Ids of the marker fields that this write set; our other markers are at risk like everybody's fields.</summary>
    private Task<List<string>> WrittenIdsAsync(FieldWork work, CancellationToken cancel)
    {
        var roles = work.Write.Set.Keys.Where(TicketFields.IsMarker).ToList();
        return store.ReadAsync(
            db => db.InstalledObjects
                .Where(o => o.ConnectionId == work.Live.Id && roles.Contains(o.Role))
                .Select(o => o.RemoteId)
                .ToListAsync(cancel),
            cancel);
    }
}

/// <summary>What came of such a write.</summary>
/// <param name="After">The record as it shows in the end.</param>
/// <param name="Learnt">What the connection learnt; null when this write teaches nothing.</param>
internal sealed record TrialVerdict(Observation After, CustomFieldMode? Learnt);
