using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>The laws of the planner (engine.md §1, §6), on any history of a ticket and its alert.</summary>
public sealed class PlannerLawTests
{
    private static readonly string[] Statuses = [PlannedPair.New, PlannedPair.InProgress, PlannedPair.Assigned, PlannedPair.Closed, PlannedPair.Waiting];

    private static readonly Gen<Act> Acts = Gen.OneOf(
        Gen.Elements(Statuses).Select(status => new Act($"technician {status}", pair => pair.Technician(status))),
        Gen.Elements(Enum.GetValues<AlertStatus>()).Select(to => new Act($"person {to}", pair => Allowed(pair, to) ? pair.Person(to) : pair)),
        Gen.Constant(new Act("plan", pair => pair.PlanAndApply())),
        Gen.Constant(new Act("send", pair => pair.Send())));

    /// <summary>A history under each policy for tickets that come back, with the status mappings of the way back on or off.</summary>
    private static readonly Arbitrary<List<Act>> Histories =
        (from policy in Gen.Elements(Enum.GetValues<ReturnPolicy>())
         from off in Gen.Elements(StatusFlows.None, StatusFlows.None, StatusFlows.TicketReopens, StatusFlows.UnacknowledgeUpdates)
         from hours in Gen.Elements(0, 1)
         from acts in Gen.ListOf(Acts)
         let settings = new PlannedPair.Preferences { WhenTicketReturns = policy, Flows = StatusFlows.All & ~off, NewAlertAfterHours = hours }
         select acts.Prepend(new Act($"{settings}", pair => pair with { Settings = settings })).ToList()).ToArbitrary();

    [Fact]
    public void Plan_OfItsOwnResult_IsEmpty() => Check(Prop.ForAll(Histories, history =>
    {
        var again = Run(history).PlanAndApply().Send().PlanAndApply().Send().Plan();
        return again is { Move: AlertMove.None, Transition: null, Follow: null, Decisions.Count: 0, Refusals.Count: 0 } && again.Lines.Count == 0;
    }));

    [Fact]
    public void Plan_OfTheSameState_IsTheSame() => Check(Prop.ForAll(Histories, history =>
    {
        var pair = Run(history);
        return Core.Common.Json.Write(pair.Plan()) == Core.Common.Json.Write(pair.Plan());
    }));

    [Fact]
    public void Write_ThatOpensAClosedTicket_WasAskedForByAPersonsReopen() => Check(Prop.ForAll(Histories, history =>
    {
        var pair = PlannedPair.Entered();
        var asked = false;
        foreach (var act in history)
        {
            var before = pair;
            pair = act.Do(pair);
            if (pair.Alert?.Status == AlertStatus.Closed) asked = false;
            else if (before.Alert?.Status == AlertStatus.Closed && pair.Alert is { Origin: TransitionOrigin.Person }) asked = true;
            if (act.Name == "plan" && before.Ticket.Closed && pair.Unsent.Any(write => write.ClosedAfter == false && write.MayReopen) && !asked) return false;
        }

        return true;
    }));

    [Fact]
    public void Transition_FromTheTicket_WritesOnlyMarkers() => Check(Prop.ForAll(Histories, history =>
    {
        var plan = Run(history).Plan();
        return plan.Move is AlertMove.None
            || (plan.Follow is null && (plan.Transition?.Set.Keys.All(TicketFields.IsMarker) ?? true));
    }));

    /// <summary>A ticket that comes back leaves an open alert alone, and is never closed by the alert that takes over.</summary>
    [Fact]
    public void NewAlert_ForATicketThatCameBack_TakesTheOldOnesPlaceAndIsNotClosed() => Check(Prop.ForAll(Histories, history =>
    {
        var pair = PlannedPair.Entered();
        foreach (var act in history)
        {
            var plan = pair.Plan();
            if (plan.Move == AlertMove.Renew && (pair.Alert!.Status == AlertStatus.Open || plan.FirstStatus == AlertStatus.Closed || pair.Settings.WhenTicketReturns is ReturnPolicy.ReopenAlert or ReturnPolicy.Ignore)) return false;
            if (plan.Move == AlertMove.Reopen && (pair.Settings.WhenTicketReturns is ReturnPolicy.NewAlert or ReturnPolicy.Ignore || !pair.Settings.Flows.HasFlag(StatusFlows.TicketReopens))) return false;
            pair = act.Do(pair);
        }

        return true;
    }));

    [Fact]
    public void Lattice_IsASemilatticeWithClosedOnTop()
    {
        var lattice = new StateLattice();
        var states = Gen.Elements(Enum.GetValues<AlertStatus>());
        Check(Prop.ForAll(states.Zip(states, (a, b) => (a, b)).Zip(states, (pair, c) => (pair.a, pair.b, c)).ToArbitrary(), s =>
            lattice.Join(s.a, s.b) == lattice.Join(s.b, s.a)
            && lattice.Join(s.a, lattice.Join(s.b, s.c)) == lattice.Join(lattice.Join(s.a, s.b), s.c)
            && lattice.Join(s.a, s.a) == s.a
            && lattice.Join(s.a, AlertStatus.Closed) == AlertStatus.Closed
            && lattice.Join(s.a, AlertStatus.Open) == s.a));
    }

    /// <summary>What the hub's buttons allow: a closed alert is only re-opened.</summary>
    private static bool Allowed(PlannedPair pair, AlertStatus to) => pair.Alert?.Status != AlertStatus.Closed || to == AlertStatus.Open;

    private static PlannedPair Run(List<Act> history) => history.Aggregate(PlannedPair.Entered(), (pair, act) => act.Do(pair));

    private static void Check(Property law) => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), law);

    private sealed record Act(string Name, Func<PlannedPair, PlannedPair> Do)
    {
        public override string ToString() => Name;
    }
}
