using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Sync;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>What a link from a backup learns from its ticket (engine.md §10).</summary>
public sealed class RestoredStepTests
{
    [Theory]
    [InlineData(AlertStatus.Acknowledged)]
    [InlineData(AlertStatus.Closed)]
    public void OpenAlert_WhoseMarkerIsAhead_TakesItsState_AndRunsNoAction(AlertStatus word)
    {
        var pair = Raised().FromBackup().LaterLife(word);

        var plan = pair.Plan();

        Assert.Equal(word, pair.Apply(plan).Alert!.Status);
        Assert.Null(plan.Transition);
        Assert.Null(plan.Follow);
    }

    [Fact]
    public void OpenAlert_WhoseMarkerNeverMoved_StaysOpen() => Assert.Equal(AlertMove.None, Raised().FromBackup().Plan().Move);

    /// <summary>Given back after the backup: nobody has it, so it pages.</summary>
    [Fact]
    public void AcknowledgedAlert_WhoseMarkerWasEmptiedSince_IsOpenAgain()
    {
        var pair = Raised().Person(AlertStatus.Acknowledged).PlanAndApply().Send().FromBackup();

        Assert.Equal(AlertMove.Reopen, pair.LaterLife(AlertStatus.Open).Plan().Move);
    }

    /// <summary>Opened again and acknowledged after the backup: the re-entry that shows must not page.</summary>
    [Fact]
    public void ClosedAlert_OfATicketThatWasOpenedAndAcknowledgedSince_IsAcknowledged()
    {
        var pair = Raised().Person(AlertStatus.Closed).PlanAndApply().Send().FromBackup();

        pair = pair.Technician(PlannedPair.Waiting).LaterLife(AlertStatus.Acknowledged).PlanAndApply();

        Assert.Equal(AlertStatus.Acknowledged, pair.Alert!.Status);
    }

    /// <summary>Given back while the technician's status asks for an acknowledge: that was so when it was given back.</summary>
    [Fact]
    public void AcknowledgedAlert_EmptiedSince_OnATicketInProgress_IsOpenAgain()
    {
        var pair = Raised().Person(AlertStatus.Acknowledged).PlanAndApply().Send().FromBackup();

        Assert.Equal(AlertMove.Reopen, pair.Technician(PlannedPair.InProgress).LaterLife(AlertStatus.Open).Plan().Move);
    }

    [Fact]
    public void OpenAlert_AcknowledgedSince_OfATicketThatIsClosedNow_IsClosed_AndTheMarkerFollows()
    {
        var pair = Raised().FromBackup().LaterLife(AlertStatus.Acknowledged).Technician(PlannedPair.Closed);

        pair = pair.PlanAndApply().Send();

        Assert.Equal(AlertStatus.Closed, pair.Alert!.Status);
        Assert.Equal("Resolved", pair.Ticket.MarkerStatus);
    }

    /// <summary>The acknowledge of the backup was carried out, and a technician went on from there: nothing of it is done again.</summary>
    [Fact]
    public void AcknowledgeUnfinishedInTheBackup_ThatArrived_IsNotRepeatedOverTheTechnician()
    {
        var pair = Raised().Person(AlertStatus.Acknowledged).PlanAndApply().FromBackup("Acknowledged");

        var plan = pair.LaterLife(AlertStatus.Acknowledged, "mia@example.test").Technician(PlannedPair.Waiting).Plan();

        Assert.Null(plan.Transition);
        Assert.Null(plan.Follow);
        Assert.Equal(AlertMove.None, plan.Move);
    }

    [Fact]
    public void AcknowledgeUnfinishedInTheBackup_ThatNeverArrived_IsCarriedOut()
    {
        var pair = Raised().Person(AlertStatus.Acknowledged).PlanAndApply().FromBackup("Acknowledged");

        pair = pair.PlanAndApply().Send();

        Assert.Equal(("Acknowledged", PlannedPair.Assigned), (pair.Ticket.MarkerStatus, pair.Ticket[TicketFields.Status]));
    }

    /// <summary>Only the acknowledge arrived before the hub died; the close is still the person's word.</summary>
    [Fact]
    public void CloseUnfinishedInTheBackup_WhoseMarkerAnEarlierWriteExplains_IsCarriedOut()
    {
        var pair = Raised().Person(AlertStatus.Acknowledged).PlanAndApply().Person(AlertStatus.Closed).PlanAndApply().FromBackup("Acknowledged", "Resolved");

        pair = pair.LaterLife(AlertStatus.Acknowledged, "mia@example.test").PlanAndApply().Send();

        Assert.True(pair.Ticket.Closed);
        Assert.Equal("Resolved", pair.Ticket.MarkerStatus);
    }

    [Fact]
    public void WatchedTicket_ThatWasTakenOverSince_IsLinkedInItsMarkersState()
    {
        var watched = PlannedPair.Entered(PlannedPair.InProgress);
        watched = watched with { Link = new LinkView(LinkState.Candidate, new LinkBase().Observed(watched.Ticket), SameRules: true, 0, PlanAgain: false, 0) };

        var plan = watched.FromBackup().Technician(PlannedPair.New).LaterLife(AlertStatus.Acknowledged).Plan();

        Assert.Equal((AlertMove.Adopt, AlertStatus.Acknowledged), (plan.Move, plan.FirstStatus));
    }

    /// <summary>A backup from before markers were part of the base: only a marker ahead of the alert can be told.</summary>
    [Fact]
    public void OldBackup_WithoutMarkersInItsBase_BelievesAMarkerAheadOfTheAlert()
    {
        var pair = Raised();
        var old = pair.Link!.Base with { Fields = pair.Link.Base.Fields.Where(field => !TicketFields.IsMarker(field.Key)).ToDictionary() };
        pair = (pair with { Link = pair.Link with { Base = old } }).FromBackup();

        Assert.Equal(AlertMove.Acknowledge, pair.LaterLife(AlertStatus.Acknowledged).Plan().Move);
        Assert.Equal(AlertMove.None, pair.Plan().Move);
    }

    [Fact]
    public void Marker_ThatMovedWithoutARestore_IsForPeopleOnly() =>
        Assert.Equal(AlertMove.None, Raised().LaterLife(AlertStatus.Acknowledged).Plan().Move);

    [Fact]
    public void Notes_OfOurOwn_AreKnownByTheirLastLine()
    {
        RemoteNote Note(string id, string text) => new(id, text, "api", null, PlannedPair.Now, NoteFlags.Internal);

        var ours = OurNote.In([
            Note("1", "Restarted it.\nTwice.\n\nMia Chen via Deskbridge #e30jxw8zsq"),
            Note("2", "She wrote: Mia Chen via Deskbridge #e30jxw8zsq\nand then went home"),
            Note("3", "A technician's note"),
            Note("4", "Ω\n\nDana via Night via Deskbridge #0123456789\n"),
        ]).ToList();

        Assert.Equal(
            [("1", "e30jxw8zsq", "Mia Chen", "Restarted it.\nTwice."), ("4", "0123456789", "Dana via Night", "Ω")],
            ours.Select(note => (note.RemoteId, note.Marker, note.Author, note.Text)));
    }

    private static PlannedPair Raised() => PlannedPair.Entered().PlanAndApply().Send();
}
