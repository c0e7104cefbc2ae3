using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.Extensions.Options;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Each rule of the engine as an object that does nothing; production has no way to choose one.</summary>
internal static class NoRules
{
    public sealed class StaleReads : StaleReadGuard
    {
        public override bool MayApply(Observation row, DateTimeOffset mirrorUpdatedAt, long linkWriteMark) => true;
    }

    /// <summary>The mark follows the clock.</summary>
    public sealed class Marks : MarkRule
    {
        public override DateTimeOffset After(DateTimeOffset mark, DateTimeOffset? newest, DateTimeOffset startedAt) => startedAt;
    }

    public sealed class WakeVersions : WakeVersionGuard
    {
        public override bool MayRemove(long claimedVersion, long presentVersion) => true;
    }

    public sealed class Freshness : FreshnessGuard
    {
        public override bool IsFresh(RemoteTicket read, DateTimeOffset? wanted) => true;
    }

    public sealed class Doubt : DoubtGuard
    {
        public override bool Blocks(IEnumerable<Effect> unsettled) => false;
    }

    public sealed class Look : ReadBeforeWrite
    {
        public override string? Objection(FieldWrite write, RemoteTicket read) => null;
    }

    /// <summary>A blind resend.</summary>
    public sealed class Probe : FieldProbe
    {
        public override ProbeVerdict Judge(FieldWrite write, RemoteTicket before, RemoteTicket read) => ProbeVerdict.NotApplied;
    }

    public sealed class Notes : NoteProbe
    {
        public override RemoteNote? Find(IReadOnlyList<RemoteNote> notes, string marker) => notes.Count > 0 ? notes[0] : null;
    }

    /// <summary>Whatever the note says, the edit is written.</summary>
    public sealed class NoteEdits : NoteEditRule
    {
        public override NoteEditVerdict Judge(string wanted, string? agreed, string shown) => NoteMark.SameText(shown, wanted) ? NoteEditVerdict.There : NoteEditVerdict.Unchanged;
    }

    public sealed class CustomFields : CustomFieldPolicy
    {
        public override bool SendsPart(CustomFieldMode mode) => true;

        public override IReadOnlyList<CustomFieldValue> Wiped(RemoteTicket before, RemoteTicket after, IEnumerable<string> writtenIds) => [];
    }

    /// <summary>What the first partial write taught is never doubted.</summary>
    public sealed class LearntOnce : CustomFieldPolicy
    {
        public override LossVerdict Judge(RemoteTicket before, IReadOnlyList<CustomFieldValue> lost, IReadOnlyCollection<string> writtenIds, LossTerms terms) =>
            terms.Mode == CustomFieldMode.Partial ? LossVerdict.None : base.Judge(before, lost, writtenIds, terms);
    }

    public sealed class Split : RefusedFieldSplit
    {
        public override IReadOnlyList<string> TakeOut(FieldWrite write, ConnectorRejectedException refusal) => [];
    }

    public sealed class Deletions : DeletionGuard
    {
        public override bool Believes(int missing, int linked) => true;
    }

    public sealed class Time : TimeWake
    {
        public override DateTimeOffset? Next(DateTimeOffset? changesAt) => null;
    }

    public sealed class Edge : EdgeTrigger
    {
        public override bool Fires(bool? before, bool now) => now;
    }

    /// <summary>Whoever acted here wins.</summary>
    public sealed class Lattice : StateLattice
    {
        public override AlertStatus Join(AlertStatus hub, AlertStatus ticket) => hub;
    }

    public sealed class Origin : HubTransitionsOnly
    {
        public override bool Run(TransitionOrigin origin) => true;
    }

    public sealed class Reentry : ReentryPolicy
    {
        public override ReentryAnswer Answer(AlertView alert, IAlertingPreferences preferences, string? eventId, DateTimeOffset now) => new(Core.Alerting.Planning.Reentry.Stays);
    }

    public sealed class AlwaysTheSameAlert : ReentryPolicy
    {
        public override ReentryAnswer Answer(AlertView alert, IAlertingPreferences preferences, string? eventId, DateTimeOffset now) =>
            new(alert.Status == AlertStatus.Open ? Core.Alerting.Planning.Reentry.Stays : Core.Alerting.Planning.Reentry.Reopens);
    }

    public sealed class IdsOnly : StatusResolver
    {
        public override RemoteStatus? Resolve(RemoteRef wanted, RemoteRef? chosen, IReadOnlyList<RemoteStatus> board) => board.FirstOrDefault(status => status.Id == wanted.Id);
    }

    public sealed class NamesOnly : StatusResolver
    {
        public override RemoteStatus? Resolve(RemoteRef wanted, RemoteRef? chosen, IReadOnlyList<RemoteStatus> board) => board.FirstOrDefault(status => status.Name == wanted.Name);
    }

    public sealed class Markers : MarkerSource
    {
        public override MarkerAnswers Answer(RemoteTicket ticket, AlertStatus? status, string actorEmail) => new(ticket.MarkerRetrieved != false, ticket.MarkerStatus ?? "", ticket.MarkerUser ?? "");
    }
    public sealed class NoLaterMarker : LaterMarker
    {
        public override AlertStatus? Read(LinkView link, RemoteTicket ticket, AlertView alert) => null;
    }

    public sealed class NothingInDoubt : RestoredWork
    {
        public override bool MayBeDone => false;

        public override IEnumerable<OurNote> Ours(IReadOnlyList<RemoteNote> notes) => [];
    }

    /// <summary>The list of notes is believed at once.</summary>
    public sealed class Settle : SettleGuard
    {
        public override bool BelievesAbsence(DateTimeOffset sentAt, DateTimeOffset now, int readsWithoutIt) => true;
    }

    /// <summary>200 is 200.</summary>
    public sealed class Proof : AnswerProof
    {
        public override IReadOnlyList<string> Unproven(FieldWrite write, RemoteTicket answer) => [];
    }

    public sealed class Order : LinkOrder
    {
        public override bool Waits(int seq, IEnumerable<int> unsettledInGroup) => false;
    }

    public sealed class Schedule : ScheduleProbe
    {
        public override RemoteScheduleEntry? Find(IReadOnlyList<RemoteScheduleEntry> entries, string memberId) => null;
    }

    public sealed class PagesByNumber : PageWalk
    {
        public override (DateTimeOffset Since, int Number) Next(DateTimeOffset since, int number, DateTimeOffset? newest) => (since, number + 1);
    }

    public sealed class UndoAnything : UndoOwn
    {
        public override bool MayPutBack(string? present, string? written) => true;
    }

    public sealed class AnyOwner : OwnerRule
    {
        public override bool MayReplace(string? owner, string? weSet, bool overwrites) => true;
    }

    public sealed class NeverGivesIn : SupersedeLimit
    {
        public override bool OnlyMarker(int supersedesInARow) => false;
    }

    /// <summary>No lane of their own: pages would be planned once the marker is written, and that is refused.</summary>
    public sealed class PagesAfterTheMarker(PageRows rows, ChainSteps steps) : PagePlanner(rows, steps)
    {
        public override Task BeginEpisodeAsync(HubDb db, Alert alert, DateTimeOffset now, CancellationToken cancel) => Task.CompletedTask;
    }

    public sealed class NobodyLater(PageRows rows, ChainSteps steps) : PagePlanner(rows, steps)
    {
        public override Task PageUnattendedAsync(HubDb db, Guid teamId, DateTimeOffset now, CancellationToken cancel) => Task.CompletedTask;
    }

    public sealed class Silence(HubAlerts alerts, HubStore store, IOptions<ConnectionsOptions> options, TimeProvider clock) : SilenceAlarm(alerts, store, options, clock)
    {
        public override Task CheckAsync(CancellationToken cancel) => Task.CompletedTask;
    }

    public sealed class GoesLiveBlindly(HubStore store, ObservationBook book, LinkFactory links, AlertFactory alerts, TimeProvider clock) : GoLive(store, book, links, alerts, clock)
    {
        public override Task<GoLiveCount> ReadAsync(LiveConnection live, RuleBook rules, RuleJudge judge, Guid versionId, DateTimeOffset startedAt, CancellationToken cancel) => Task.FromResult(new GoLiveCount(0, 0, 0));
    }

    public sealed class RemovesAll : RemovalRule
    {
        public override string? Keep(InstalledObject thing, bool deleteFields) => null;
    }
}
