using System.Diagnostics;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;

namespace Deskbridge.Core.Sync;

/// <summary>Sends transition and field writes: read, judge, mark Sent, call, confirm; what is in doubt is probed, never resent blindly.</summary>
internal sealed class FieldSender(EffectLedger ledger, CustomFieldTrial trial, SyncSafeties safeties, Failpoints failpoints, TimeProvider clock)
{
    /// <summary>So many writes may have gone before one that the ticket does not show counts as refused, where the ticket is read later than it is written.</summary>
    private const int MostUnshown = 2;

    /// <summary>The answer to our own write is newer than any mark this write made.</summary>
    internal const long OwnAnswer = long.MaxValue;

    /// <summary>Works on one claimed effect.</summary>
    public async Task SendAsync(Effect effect, LiveConnection live, GuardReads reads, CancellationToken cancel)
    {
        if (live.Connector is not (IReadsTickets reader and IWritesTickets writer))
        {
            await ledger.RejectAsync(effect, EffectState.Rejected, $"{live.Connection.Name} cannot change tickets.", cancel);
            return;
        }

        var work = new FieldWork(effect, live, reader, writer, Json.Read<FieldWrite>(effect.Payload));
        var mode = reads.ModeOf(live.Id);
        var watch = Stopwatch.StartNew();
        var read = await reads.ReadAsync(work, cancel);
        var probing = effect.State == EffectState.Sent;
        failpoints.Pass(probing ? "effect.probe-read" : "effect.read");
        if (read is null)
        {
            await ledger.NoteAttemptAsync(effect, probing ? "probe" : "send", "The ticket was not found.", watch.Elapsed, cancel);
            await ledger.SupersedeAsync(effect, null, "The ticket was not found.", cancel);
            return;
        }

        if (probing) await ProbeAsync(work, read, mode, watch, cancel);
        else await SendAsync(work, read, mode, watch, cancel);
    }

    private async Task ProbeAsync(FieldWork work, Observation read, CustomFieldMode mode, Stopwatch watch, CancellationToken cancel)
    {
        if (work.Effect.Before is not { } stored)
        {
            await ledger.RetryAsync(work.Effect, TimeSpan.Zero, "Sent without evidence; sent again.", cancel);
            return;
        }

        var image = Json.Read<BeforeImage>(stored);
        var before = work.Reader.ParseTicket(image.Body);
        var verdict = safeties.FieldProbe.Judge(work.Write, before, read.Ticket);
        await ledger.NoteAttemptAsync(work.Effect, "probe", $"In doubt, read again: {verdict}.", watch.Elapsed, cancel);
        switch (verdict)
        {
            case ProbeVerdict.Applied:
                await SettleAsync(work, before, read, image.Partial, new LossTerms(mode, IsAnswer: false, image.Wiped), ", found by looking", null, cancel);
                break;
            case ProbeVerdict.NotApplied:
                await ledger.RetryAsync(work.Effect, TimeSpan.Zero, "The write had not arrived; it is sent again.", cancel);
                break;
            default:
                var shown = read;
                if (image.Partial)
                {
                    if (await trial.JudgeAsync(work, before, read, new LossTerms(mode, IsAnswer: false, image.Wiped), cancel) is not { } judged) break;
                    shown = judged.After;
                }

                await ledger.SupersedeAsync(work.Effect, shown, "Whether the write arrived cannot be told; planned again from what the ticket shows.", cancel);
                break;
        }
    }

    private async Task SendAsync(FieldWork work, Observation read, CustomFieldMode mode, Stopwatch watch, CancellationToken cancel)
    {
        if (safeties.ReadBeforeWrite.Objection(work.Write, read.Ticket) is { } objection)
        {
            await ledger.NoteAttemptAsync(work.Effect, "send", $"Not sent: {objection}", watch.Elapsed, cancel);
            await ledger.SupersedeAsync(work.Effect, read, objection, cancel);
            return;
        }

        if (work.Write.Set.Keys.Where(read.Ticket.MissingMarkers.Contains).ToList() is { Count: > 0 } missing)
        {
            await ledger.NoteAttemptAsync(work.Effect, "send", $"Not sent with {string.Join(", ", missing)}: the ticket does not carry it any more.", watch.Elapsed, cancel);
            await ledger.LeaveOutMissingAsync(work.Effect, work.Write, missing, cancel);
            return;
        }

        if (work.Write.Set.All(set => read.Ticket[set.Key] == set.Value))
        {
            await ledger.ConfirmWriteAsync(Confirmed(work, read.Ticket, read, null, ", already so", null), cancel);
            return;
        }

        var writesMarker = work.Write.Set.Keys.Any(TicketFields.IsMarker);
        var wantsPart = writesMarker && safeties.CustomFields.SendsPart(mode);
        var marked = await ledger.MarkSentAsync(work.Effect, new BeforeImage(read.Ticket.Body, wantsPart), cancel);
        if (marked == SentMark.Lost) return;
        var partial = marked == SentMark.SentAsPart;

        try
        {
            var update = new TicketUpdate { Set = work.Write.Set, CustomFieldsAsRead = writesMarker && !partial ? read.Ticket.CustomFields : null };
            var writing = new Reading(work.Live.RemoteNow, OwnAnswer);
            var answer = await work.Writer.UpdateTicketAsync(work.Effect.RemoteId, update, cancel);
            failpoints.Pass("effect.answered");
            var after = writing.Of(answer);
            var attempt = new Attempt(clock.GetUtcNow(), "send", "Accepted.", watch.Elapsed);
            await AnsweredAsync(work, read.Ticket, after, partial, new LossTerms(mode, IsAnswer: true, Decided: false), attempt, cancel);
        }
        catch (ConnectorException raw)
        {
            var failure = EffectRetry.Judge(raw, work.Effect.Attempts);
            await ledger.NoteAttemptAsync(work.Effect, "send", failure.Message, watch.Elapsed, cancel);
            await FailedAsync(work, failure, cancel);
            if (failure is ConnectorThrottledException or ConnectorCredentialsException or ConnectorUnavailableException) throw;
        }
    }

    /// <summary>A success counts only for the values the answer shows: the remote can answer success and change nothing.</summary>
    private async Task AnsweredAsync(
        FieldWork work, RemoteTicket before, Observation after, bool partial, LossTerms terms, Attempt attempt, CancellationToken cancel)
    {
        var missing = safeties.Answers.Unproven(work.Write, after.Ticket);
        if (missing.Count == 0)
        {
            await SettleAsync(work, before, after, partial, terms, "", attempt, cancel);
            return;
        }

        await ledger.NoteAttemptAsync(work.Effect, attempt.Action, attempt.Outcome, attempt.Took, cancel);
        if (partial && await trial.JudgeAsync(work, before, after, terms, cancel) is null) return;
        if (work.Writer.AnswersLater && await AnsweredLaterAsync(work, before, after, missing, cancel)) return;

        var why = $"The ticket system answered success but left {string.Join(", ", missing)} unchanged. Check that the field may be changed on this board.";
        if (missing.Count == work.Write.Set.Count) await ledger.RejectAsync(work.Effect, EffectState.Rejected, why, cancel);
        else await ledger.SplitAsync(work.Effect, work.Write, missing, knownToBeRefused: true, why, cancel);
    }

    /// <summary>
    /// Somebody may have been at the ticket between the write and the look at it. What shows a third value was certainly not left as it was; what
    /// shows the old one is written again before it counts as refused. False when it does.
    /// </summary>
    private async Task<bool> AnsweredLaterAsync(FieldWork work, RemoteTicket before, Observation after, IReadOnlyList<string> missing, CancellationToken cancel)
    {
        if (missing.Any(field => after.Ticket[field] != before[field]))
        {
            await ledger.SupersedeAsync(work.Effect, after, $"The ticket shows another {string.Join(", ", missing)} than was written; planned again from what it shows.", cancel);
            return true;
        }

        if (work.Effect.Attempts >= MostUnshown) return false;
        await ledger.RetryAsync(work.Effect, TimeSpan.Zero, "The ticket shows nothing of the write, though it was accepted; it is sent again.", cancel);
        return true;
    }

    private async Task SettleAsync(
        FieldWork work, RemoteTicket before, Observation after, bool partial, LossTerms terms, string how, Attempt? attempt, CancellationToken cancel)
    {
        if (!partial)
        {
            await ledger.ConfirmWriteAsync(Confirmed(work, before, after, First(work, terms.Mode), how, attempt), cancel);
        }
        else if (await trial.JudgeAsync(work, before, after, terms, cancel) is { } judged)
        {
            await ledger.ConfirmWriteAsync(Confirmed(work, before, judged.After, judged.Learnt, how, attempt), cancel);
        }
        else if (attempt is not null)
        {
            await ledger.NoteAttemptAsync(work.Effect, attempt.Action, attempt.Outcome, attempt.Took, cancel);
        }
    }

    private static ConfirmedWrite Confirmed(FieldWork work, RemoteTicket before, Observation after, CustomFieldMode? learnt, string how, Attempt? attempt) =>
        new(work.Effect, work.Live, work.Write, before, after, learnt, how, attempt);

    /// <summary>The first write of custom fields sent the whole array, and it was taken.</summary>
    private static CustomFieldMode? First(FieldWork work, CustomFieldMode mode) =>
        mode == CustomFieldMode.Untested && work.Write.Set.Keys.Any(TicketFields.IsMarker) ? CustomFieldMode.WholeProven : null;

    private async Task FailedAsync(FieldWork work, ConnectorException failure, CancellationToken cancel)
    {
        switch (failure)
        {
            case ConnectorRejectedException refusal:
                var refused = safeties.RefusedFields.TakeOut(work.Write, refusal);
                if (refused.Count == 0) await ledger.RejectAsync(work.Effect, refusal, cancel);
                else await ledger.SplitAsync(work.Effect, work.Write, refused, knownToBeRefused: refusal.Field is not null, refusal.Message, cancel);
                break;
            case ConnectorUnavailableException { MayHaveBeenApplied: true }:
                await ledger.DoubtAsync(work.Effect, EffectRetry.BeforeProbe(failure, work.Effect.Attempts), failure.Message, 0, cancel);
                break;
            case ConnectorNotFoundException:
                await ledger.SupersedeAsync(work.Effect, null, failure.Message, cancel);
                break;
            default:
                await ledger.RetryAsync(work.Effect, EffectRetry.Wait(failure, work.Effect.Attempts), failure.Message, cancel);
                break;
        }
    }
}

/// <summary>A claimed field write with all that sending it needs.</summary>
internal sealed record FieldWork(Effect Effect, LiveConnection Live, IReadsTickets Reader, IWritesTickets Writer, FieldWrite Write);
