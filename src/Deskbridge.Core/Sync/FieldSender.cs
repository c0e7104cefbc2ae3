using System.Diagnostics;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>Sends transition and field writes: read, judge, mark Sent, call, confirm; what is in doubt is probed, never resent blindly.</summary>
internal sealed class FieldSender(EffectLedger ledger, HubStore store, SyncSafeties safeties, Failpoints failpoints)
{
    /// <summary>The answer to our own write is newer than any mark this write made.</summary>
    private const long OwnAnswer = long.MaxValue;

    private static readonly TimeSpan ProbeSoon = TimeSpan.FromSeconds(1);

    /// <summary>Works on one claimed effect.</summary>
    public async Task SendAsync(Effect effect, LiveConnection live, CancellationToken cancel)
    {
        if (live.Connector is not (IReadsTickets reader and IWritesTickets writer))
        {
            await ledger.RejectAsync(effect, EffectState.Rejected, $"{live.Connection.Name} cannot change tickets.", cancel);
            return;
        }

        var work = new Work(effect, live, reader, writer, Json.Read<FieldWrite>(effect.Payload));
        var (counter, mode) = await store.ReadAsync(
            async db =>
            {
                var connection = await db.Connections.SingleAsync(c => c.Id == live.Id, cancel);
                return (connection.WriteCounter, connection.CustomFields);
            },
            cancel);
        var watch = Stopwatch.StartNew();
        var ticket = await reader.ReadTicketAsync(effect.RemoteId, cancel);
        var probing = effect.State == EffectState.Sent;
        failpoints.Pass(probing ? "effect.probe-read" : "effect.read");
        if (ticket is null)
        {
            await ledger.NoteAttemptAsync(effect, probing ? "probe" : "send", "The ticket was not found.", watch.Elapsed, cancel);
            await ledger.SupersedeAsync(effect, null, "The ticket was not found.", cancel);
            return;
        }

        var read = new Observation(ticket, live.RemoteNow, counter);
        if (probing) await ProbeAsync(work, read, mode, watch, cancel);
        else await SendAsync(work, read, mode, watch, cancel);
    }

    private async Task ProbeAsync(Work work, Observation read, CustomFieldMode mode, Stopwatch watch, CancellationToken cancel)
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
                await SettleAsync(work, before, read, image.Partial, mode, ", found by looking", cancel);
                break;
            case ProbeVerdict.NotApplied:
                await ledger.RetryAsync(work.Effect, TimeSpan.Zero, "The write had not arrived; it is sent again.", cancel);
                break;
            default:
                await ledger.SupersedeAsync(work.Effect, read, "Whether the write arrived cannot be told; planned again from what the ticket shows.", cancel);
                break;
        }
    }

    private async Task SendAsync(Work work, Observation read, CustomFieldMode mode, Stopwatch watch, CancellationToken cancel)
    {
        if (safeties.ReadBeforeWrite.Objection(work.Write, read.Ticket) is { } objection)
        {
            await ledger.NoteAttemptAsync(work.Effect, "send", $"Not sent: {objection}", watch.Elapsed, cancel);
            await ledger.SupersedeAsync(work.Effect, read, objection, cancel);
            return;
        }

        if (work.Write.Set.All(set => read.Ticket[set.Key] == set.Value))
        {
            await ledger.ConfirmWriteAsync(work.Effect, work.Live, work.Write, read.Ticket, read, null, ", already so", cancel);
            return;
        }

        var writesMarker = work.Write.Set.Keys.Any(TicketFields.IsMarker);
        var partial = safeties.CustomFields.SendsPart(mode);
        var testing = writesMarker && partial && mode != CustomFieldMode.Partial;
        if (!await ledger.MarkSentAsync(work.Effect, new BeforeImage(read.Ticket.Body, testing), cancel)) return;

        try
        {
            var update = new TicketUpdate { Set = work.Write.Set, CustomFieldsAsRead = writesMarker && !partial ? read.Ticket.CustomFields : null };
            var answer = await work.Writer.UpdateTicketAsync(work.Effect.RemoteId, update, cancel);
            failpoints.Pass("effect.answered");
            await ledger.NoteAttemptAsync(work.Effect, "send", "Accepted.", watch.Elapsed, cancel);
            var after = new Observation(answer, work.Live.RemoteNow, OwnAnswer);
            await AnsweredAsync(work, read.Ticket, after, testing, mode, cancel);
        }
        catch (ConnectorException failure)
        {
            await ledger.NoteAttemptAsync(work.Effect, "send", failure.Message, watch.Elapsed, cancel);
            await FailedAsync(work, failure, cancel);
            if (failure is ConnectorThrottledException or ConnectorCredentialsException or ConnectorUnavailableException) throw;
        }
    }

    /// <summary>A success counts only for the values the answer shows: the remote can answer success and change nothing.</summary>
    private async Task AnsweredAsync(Work work, RemoteTicket before, Observation after, bool testing, CustomFieldMode mode, CancellationToken cancel)
    {
        var missing = work.Write.Set.Where(set => after.Ticket[set.Key] != set.Value).Select(set => set.Key).ToList();
        if (missing.Count == 0)
        {
            await SettleAsync(work, before, after, testing, mode, "", cancel);
            return;
        }

        var why = $"The ticket system answered success but left {string.Join(", ", missing)} unchanged. Check that the field may be changed on this board.";
        if (missing.Count == work.Write.Set.Count) await ledger.RejectAsync(work.Effect, EffectState.Rejected, why, cancel);
        else await ledger.SplitAsync(work.Effect, work.Write, missing, knownToBeRefused: true, why, cancel);
    }

    private async Task SettleAsync(
        Work work, RemoteTicket before, Observation after, bool testing, CustomFieldMode mode, string how, CancellationToken cancel)
    {
        var writesMarker = work.Write.Set.Keys.Any(TicketFields.IsMarker);
        CustomFieldMode? learnt = writesMarker && mode == CustomFieldMode.Untested ? CustomFieldMode.WholeProven : null;
        if (testing)
        {
            var wiped = safeties.CustomFields.Wiped(before, after.Ticket, await MarkerFieldIdsAsync(work.Live.Id, cancel));
            learnt = wiped.Count == 0 ? CustomFieldMode.Partial : CustomFieldMode.Whole;
            if (wiped.Count > 0 && await RestoreAsync(work, before, cancel) is { } restored) after = restored;
            else if (wiped.Count > 0) return;
        }

        await ledger.ConfirmWriteAsync(work.Effect, work.Live, work.Write, before, after, learnt, how, cancel);
    }

    /// <summary>A partial array emptied other fields: they are put back from the before-image, our own values with them.</summary>
    private async Task<Observation?> RestoreAsync(Work work, RemoteTicket before, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var markers = work.Write.Set.Where(set => TicketFields.IsMarker(set.Key)).ToDictionary();
            var update = new TicketUpdate { Set = markers, CustomFieldsAsRead = before.CustomFields };
            var answer = await work.Writer.UpdateTicketAsync(work.Effect.RemoteId, update, cancel);
            await ledger.NoteAttemptAsync(work.Effect, "restore", "A partial custom-field array emptied other fields; they were put back.", watch.Elapsed, cancel);
            return new Observation(answer, work.Live.RemoteNow, OwnAnswer);
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

    private Task<List<string>> MarkerFieldIdsAsync(Guid connectionId, CancellationToken cancel) =>
        store.ReadAsync(
            db => db.InstalledObjects
                .Where(o => o.ConnectionId == connectionId && o.Role.StartsWith("marker."))
                .Select(o => o.RemoteId)
                .ToListAsync(cancel),
            cancel);

    private async Task FailedAsync(Work work, ConnectorException failure, CancellationToken cancel)
    {
        switch (failure)
        {
            case ConnectorRejectedException refusal:
                var refused = safeties.RefusedFields.TakeOut(work.Write, refusal);
                if (refused.Count == 0) await ledger.RejectAsync(work.Effect, EffectState.Rejected, refusal.Message, cancel);
                else await ledger.SplitAsync(work.Effect, work.Write, refused, knownToBeRefused: refusal.Field is not null, refusal.Message, cancel);
                break;
            case ConnectorUnavailableException { MayHaveBeenApplied: true }:
                await ledger.DoubtAsync(work.Effect, ProbeSoon, failure.Message, 0, cancel);
                break;
            case ConnectorNotFoundException:
                await ledger.SupersedeAsync(work.Effect, null, failure.Message, cancel);
                break;
            default:
                await ledger.RetryAsync(work.Effect, EffectRetry.Wait(failure, work.Effect.Attempts), failure.Message, cancel);
                break;
        }
    }

    private sealed record Work(Effect Effect, LiveConnection Live, IReadsTickets Reader, IWritesTickets Writer, FieldWrite Write);
}
