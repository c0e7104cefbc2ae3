using System.Diagnostics;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// Watches every write that sends a part of the custom fields (engine.md §4): the first one teaches whether parts leave the others alone,
/// each later one may show that the remote has changed its ways. What a part emptied is put back.
/// </summary>
internal sealed class CustomFieldTrial(EffectLedger ledger, HubStore store, SyncSafeties safeties)
{
    /// <summary>Judges what the record shows after such a write.</summary>
    /// <param name="work">The write.</param>
    /// <param name="before">The record just before it.</param>
    /// <param name="after">The record as it shows now.</param>
    /// <param name="terms">What is known. Only the write's own answer shows that nothing was emptied: later, somebody, or a restore of ours whose answer was lost, may have filled it again.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when fields were emptied and could not be put back yet; the effect is then in doubt or rejected.</returns>
    public async Task<TrialVerdict?> JudgeAsync(FieldWork work, RemoteTicket before, Observation after, LossTerms terms, CancellationToken cancel)
    {
        if (terms.Mode == CustomFieldMode.Partial && safeties.CustomFields.Wiped(before, after.Ticket, []).Count == 0) return new TrialVerdict(after, null);
        var written = await WrittenIdsAsync(work, cancel);
        var lost = safeties.CustomFields.Wiped(before, after.Ticket, written);
        switch (safeties.CustomFields.Judge(before, lost, written, terms))
        {
            case LossVerdict.Wiped:
                // Learnt and told before the restore: if its answer is lost, the record shows nothing of this any more.
                await ledger.WipedAsync(work.Effect, lost, restores: true, cancel);
                return await RestoreAsync(work, lost, cancel) is { } restored ? new TrialVerdict(restored, CustomFieldMode.Whole) : null;
            case LossVerdict.Unclear:
                await ledger.WipedAsync(work.Effect, lost, restores: false, cancel);
                return new TrialVerdict(after, CustomFieldMode.Whole);
            default:
                var proven = terms.IsAnswer && terms.Mode == CustomFieldMode.WholeProven && safeties.CustomFields.RisksOthers(before, written);
                return new TrialVerdict(after, proven ? CustomFieldMode.Partial : null);
        }
    }

    /// <summary>Begins what people are told when the fields stay empty (decision 0034).</summary>
    public const string NotPutBack = "Other custom fields were emptied and could not be put back: ";

    /// <summary>Only what is still empty is put back; what people set since stays theirs.</summary>
    private async Task<Observation?> RestoreAsync(FieldWork work, IReadOnlyList<CustomFieldValue> wiped, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var reading = new Reading(work.Live.RemoteNow, FieldSender.OwnAnswer);
        try
        {
            if (await work.Reader.ReadTicketAsync(work.Effect.RemoteId, cancel) is not { } shown) throw new ConnectorNotFoundException("The ticket was not found.");
            var empty = wiped.Where(field => shown.CustomFields.FirstOrDefault(now => now.Id == field.Id) is not { Value: not "null" }).ToDictionary(field => field.Id);
            if (empty.Count == 0) return reading.Of(shown);

            var whole = shown.CustomFields.Where(field => !empty.ContainsKey(field.Id)).Concat(empty.Values).ToList();

            // A marker that is there is not set once more: it may be refused by now, and the others' fields with it.
            var markers = work.Write.Set.Where(set => TicketFields.IsMarker(set.Key) && shown[set.Key] != set.Value).ToDictionary();
            var answer = await work.Writer.UpdateTicketAsync(work.Effect.RemoteId, new TicketUpdate { Set = markers, CustomFieldsAsRead = whole }, cancel);
            await ledger.NoteAttemptAsync(work.Effect, "restore", "A partial custom-field array emptied other fields; they were put back.", watch.Elapsed, cancel);
            return reading.Of(answer);
        }
        catch (ConnectorRejectedException failure)
        {
            await ledger.LearnAsync(work.Live.Id, CustomFieldMode.Unrestored, cancel);
            await ledger.RejectAsync(work.Effect, EffectState.Rejected, $"{NotPutBack}{failure.Message}", cancel);
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
