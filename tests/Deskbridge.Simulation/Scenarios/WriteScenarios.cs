using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>What the remote refuses, wipes, renames and moves.</summary>
public sealed class WriteScenarios
{
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task OwnerRefused_NoteAndCloseAreStillDelivered(Vendor vendor)
    {
        await using var scenario = await OwnerRefusedAsync(new(vendor));
        await scenario.World.QuietAsync();
        await scenario.CloseAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
        Assert.Single(scenario.Notes);
        if (vendor == Vendor.ConnectWise) Assert.Equal("mia@example.test", scenario.Ticket.MarkerUser);
    }

    /// <summary>Somebody else becomes owner between the plan and the write: Mia is not put on the schedule of a ticket that is not hers.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task OwnerSetByATechnicianBeforeOurs_NobodyElseIsScheduled(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor));
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.Psa.Edit(scenario.TicketId, ticket => ticket with { OwnerId = "9" });
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);

        Assert.Equal("9", scenario.Ticket.OwnerId);
        Assert.Empty(scenario.Psa.Schedules.GetValueOrDefault(scenario.TicketId) ?? []);
    }

    [Fact]
    public async Task Owner_OnceItIsSet_IsScheduledOnce()
    {
        await using var scenario = await Scenario.WithAlertAsync();
        await scenario.AcknowledgeAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);

        Assert.Equal("7", Assert.Single(scenario.Psa.Schedules[scenario.TicketId]).MemberId);
    }

    /// <summary>Given back, the ticket is nobody's again, and so is its schedule (decision 0044); taken again, it has one open entry.</summary>
    [Theory]
    [InlineData(nameof(Fault.None))]
    [InlineData(nameof(Fault.Cut))]
    [InlineData(nameof(Fault.ErrorBefore))]
    public async Task Owner_GivenBack_IsNotScheduledAnyMore(string fault)
    {
        await using var scenario = await Scenario.WithAlertAsync();
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        scenario.Psa.Faults.Next("end-schedule", Enum.Parse<Fault>(fault));
        await scenario.UnacknowledgeAsync();
        await scenario.World.QuietAsync();
        Assert.Null(scenario.Ticket.OwnerId);
        Assert.All(scenario.Psa.Schedules[scenario.TicketId], entry => Assert.True(entry.Done));

        await scenario.AcknowledgeAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
        Assert.Equal([true, false], scenario.Psa.Schedules[scenario.TicketId].Select(entry => entry.Done));
    }

    [Fact]
    public async Task EntryThatADispatcherPlanned_StaysWhenTheTicketIsGivenBack()
    {
        await using var scenario = await Stories.AcknowledgedTwiceAsync(default);
        await scenario.World.QuietAsync();
        await scenario.UnacknowledgeAsync();
        await scenario.World.QuietAsync();

        Assert.False(Assert.Single(scenario.Psa.Schedules[scenario.TicketId]).Done);
    }

    /// <summary>Autotask answers a write with an id: what it left behind is read later, and a technician may have been there in between. That is no refusal.</summary>
    [Theory]
    [InlineData(SimulatedPsa.InProgress, AlertStatus.Acknowledged, SimulatedPsa.InProgress)]
    [InlineData(SimulatedPsa.Scheduled, AlertStatus.Acknowledged, SimulatedPsa.Scheduled)]
    [InlineData(SimulatedPsa.New, AlertStatus.Acknowledged, SimulatedPsa.Assigned)] // as if the write had not been carried out: sent again
    public async Task StatusSetByATechnician_BetweenOurAcknowledgeAndTheReadOfIt_RefusesNothing(string theirs, AlertStatus alert, string status)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(Vendor.Autotask));
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.During("update", () => scenario.Technician(theirs), done: true);
        await scenario.SendAsync();

        await scenario.EndsWellAsync(alert, status);
        Assert.Empty(await scenario.World.Hub.ReadAsync(db => db.Effects.Where(effect => effect.State == EffectState.Rejected).ToListAsync()));
    }

    /// <summary>The same while the alert is closed: closed wins.</summary>
    [Fact]
    public async Task StatusSetByATechnician_BetweenOurCloseAndTheReadOfIt_DoesNotLoseTheClose()
    {
        await using var scenario = await Scenario.WithAlertAsync(new(Vendor.Autotask));
        await scenario.CloseAsync();
        await scenario.WorkAsync();
        scenario.During("update", () => scenario.Technician(SimulatedPsa.InProgress), done: true);
        await scenario.SendAsync();

        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Fact]
    public async Task MarkerRefused_ThePageIsStillSent()
    {
        await using var scenario = await MarkerRefusedAsync();
        Assert.Empty(await scenario.EndAsync());
        Assert.Single(scenario.World.Phone.Rings, ring => ring.Accepted && ring.Title == scenario.Ticket.Title);
    }

    [Theory]
    [InlineData(true, CustomFieldMode.Whole)]
    [InlineData(false, CustomFieldMode.Partial)]
    public async Task PartialCustomFieldArray_ThatWipesOrKeeps_LosesNoOthersField(bool wipes, CustomFieldMode learnt)
    {
        await using var scenario = await Scenario.WithAlertAsync(prepare: psa => psa.PartialArraysWipe = wipes);
        await scenario.AcknowledgeAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
        Assert.Equal("red", scenario.Ticket.Colour);
        Assert.Equal(learnt, await ModeAsync(scenario));
    }

    /// <summary>The restore arrives, its answer does not: what the ticket shows then must not be taken for proof that parts are harmless.</summary>
    [Fact]
    public async Task PartialCustomFieldArray_ThatWipes_WithTheAnswerToItsRestoreLost_TeachesTheTruth()
    {
        await using var scenario = await Scenario.WithAlertAsync(prepare: psa => psa.PartialArraysWipe = true);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("update", Fault.None, Fault.Cut);
        await scenario.SendAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
        Assert.Equal(CustomFieldMode.Whole, await ModeAsync(scenario));
    }

    /// <summary>The remote changes its ways long after the connection learnt that parts are harmless.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PartialCustomFieldArray_ThatTurnsToWipingInMidLife_IsNoticedPutBackAndShown(bool answerLost)
    {
        await using var scenario = await TurnsToWipingAsync();
        if (answerLost) scenario.Psa.Faults.Next("update", Fault.Cut);
        await scenario.CloseAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);

        Assert.Equal(("red", true), (scenario.Ticket.Colour, scenario.Ticket.Retrieved));
        Assert.Equal(CustomFieldMode.Whole, await ModeAsync(scenario));
        var shown = await scenario.World.Hub.ReadAsync(db => db.Conflicts.Where(row => row.Field.StartsWith("custom field")).Select(row => row.Field).ToListAsync());
        Assert.Equal(["custom field Colour", "custom field Retrieved", "custom field User"], shown.Order(StringComparer.Ordinal));
        Assert.Contains("put back", await scenario.World.Hub.ReadAsync(db => db.AlertEvents.Where(line => line.Kind == "conflict").Select(line => line.Message).SingleAsync()), StringComparison.Ordinal);
    }

    /// <summary>Our own markers, which the write left out as well, are still there: so it was the technician.</summary>
    [Fact]
    public async Task CustomField_ThatATechnicianClearsWithinTheRoundTrip_StaysCleared()
    {
        await using var scenario = await Scenario.WithAlertAsync();
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        scenario.During("update", () => scenario.Psa.Edit(scenario.TicketId, ticket => ticket with { Colour = null }));
        await scenario.CloseAsync();
        await scenario.WorkAsync();
        await scenario.SendAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);

        Assert.Null(scenario.Ticket.Colour);
        Assert.Equal(CustomFieldMode.Partial, await ModeAsync(scenario));
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task StatusRenamed_InMidFlight_IsStillFoundById(Vendor vendor)
    {
        await using var scenario = await RenamedAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, "Taken");
    }

    [Fact]
    public async Task TicketMovedToAnotherBoard_TakesTheStatusOfThatName()
    {
        await using var scenario = await MovedAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
        Assert.Equal("22", scenario.Ticket.StatusId);
    }

    internal static async Task<Scenario> WipingFromTheStartAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how, prepare: psa => psa.PartialArraysWipe = true);
        await scenario.AcknowledgeAsync();
        return scenario;
    }

    internal static async Task<Scenario> ClosedAfterTheTurnToWipingAsync(Telling how = default)
    {
        var scenario = await TurnsToWipingAsync(how);
        await scenario.CloseAsync();
        return scenario;
    }

    internal static async Task<Scenario> TurnsToWipingAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        scenario.LetSecondsPass(60);
        scenario.Psa.PartialArraysWipe = true;
        return scenario;
    }

    private static Task<CustomFieldMode> ModeAsync(Scenario scenario) =>
        scenario.World.Hub.ReadAsync(db => db.Connections.Select(connection => connection.CustomFields).SingleAsync());

    internal static async Task<Scenario> OwnerRefusedAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how, prepare: psa => psa.RefusedFields.Add(TicketFields.Owner));
        await scenario.AcknowledgeAsync();
        await scenario.NoteAsync("On it.");
        return scenario;
    }

    internal static async Task<Scenario> MarkerRefusedAsync(Telling how = default)
    {
        var scenario = await Scenario.StartAsync(how, prepare: psa => psa.ForbiddenFields.UnionWith([TicketFields.MarkerRetrieved, TicketFields.MarkerStatus]));
        scenario.Enter();
        return scenario;
    }

    internal static async Task<Scenario> RenamedAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.AcknowledgeAsync();
        scenario.Psa.Rename("1", SimulatedPsa.Assigned, "Taken");
        scenario.LetSecondsPass(660);
        return scenario;
    }

    internal static async Task<Scenario> MovedAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Psa.Move(scenario.TicketId, "2");
        await scenario.World.QuietAsync();
        await scenario.AcknowledgeAsync();
        return scenario;
    }
}
