using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;

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
        public override bool Reopens(AlertStatus status) => false;
    }

    public sealed class IdsOnly : StatusResolver
    {
        public override RemoteStatus? Resolve(RemoteRef wanted, IReadOnlyList<RemoteStatus> board) => board.FirstOrDefault(status => status.Id == wanted.Id);
    }

    public sealed class NamesOnly : StatusResolver
    {
        public override RemoteStatus? Resolve(RemoteRef wanted, IReadOnlyList<RemoteStatus> board) => board.FirstOrDefault(status => status.Name == wanted.Name);
    }

    public sealed class Markers : MarkerSource
    {
        public override MarkerAnswers Answer(RemoteTicket ticket, AlertStatus? status, string actorEmail) => new(ticket.MarkerRetrieved != false, ticket.MarkerStatus ?? "", ticket.MarkerUser ?? "");
    }
}
