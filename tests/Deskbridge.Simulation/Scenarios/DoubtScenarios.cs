using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Crashes, lost answers and old reads.</summary>
public sealed class DoubtScenarios
{
    /// <summary>The technician puts the old status back. Without a marker that is a ticket on which the write never arrived, and it is sent again.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise, AlertStatus.Open, SimulatedPsa.New)]
    [InlineData(Vendor.Autotask, AlertStatus.Acknowledged, SimulatedPsa.Assigned)]
    public async Task CrashAfterThePatch_ThenTheTechnicianEdits_KeepsTheEditThatAMarkerTells(Vendor vendor, AlertStatus alert, string status)
    {
        await using var scenario = await CrashedAfterThePatchAsync(new(vendor));
        await scenario.EndsWellAsync(alert, status);
    }

    /// <summary>Without a marker nobody can tell that the close had arrived: the close made here wins (engine.md §6.4), and the timeline says so.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise, AlertStatus.Open, SimulatedPsa.Waiting)]
    [InlineData(Vendor.Autotask, AlertStatus.Closed, SimulatedPsa.Done)]
    public async Task CloseAnswered500AfterCommit_ThenReopenedBeforeTheProbe_StaysOpenIfAMarkerTells(Vendor vendor, AlertStatus alert, string status)
    {
        await using var scenario = await ClosedInDoubtThenReopenedAsync(new(vendor));
        await scenario.EndsWellAsync(alert, status);
    }

    /// <summary>The marker is in doubt when the close is read, and found not to have arrived; after that no write gets through at all.</summary>
    [Fact]
    public async Task Close_ReadWhileAWriteIsInDoubt_IsPlannedThoughTheWriteGoesOnFailing()
    {
        await using var scenario = await Scenario.StartAsync();
        scenario.Enter();
        await scenario.PollAsync();
        await scenario.WorkAsync();
        scenario.Psa.Inside = call => call is { Operation: "update", Done: false } ? throw new ConnectorUnavailableException("No answer.", mayHaveBeenApplied: true) : Task.CompletedTask;
        await scenario.SendAsync();
        scenario.LetSecondsPass(10);
        scenario.Technician(SimulatedPsa.Done);
        await scenario.PollAsync();
        await scenario.WorkAsync();
        scenario.Psa.Inside = call => call is { Operation: "update", Done: false } ? throw new ConnectorUnavailableException("No answer.", mayHaveBeenApplied: false) : Task.CompletedTask;
        await scenario.SendAsync();
        await scenario.SendAsync();
        await scenario.WorkAsync();

        Assert.Equal(AlertStatus.Closed, (await scenario.AlertAsync()).Status);
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task PollPage_ReadBeforeOurPatch_AppliedAfterIt_UndoesNothing(Vendor vendor)
    {
        await using var scenario = await OldPageAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Change_VisibleLaterThanTheOverlap_IsStillRead(Vendor vendor)
    {
        await using var scenario = await SeenLateAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Wake_RaisedWhileItsLinkIsPlanned_IsKept(Vendor vendor)
    {
        await using var scenario = await ChangedWhilePlannedAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done, polls: false);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Callback_BeforeTheChangeIsReadable_IsNotForgotten(Vendor vendor)
    {
        await using var scenario = await CalledBackTooEarlyAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done, polls: false);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task TwoEqualNotes_TheSecondInDoubt_BothArriveOnce(Vendor vendor)
    {
        await using var scenario = await TwoEqualNotesAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
        Assert.Equal(2, scenario.Psa.Notes[scenario.TicketId].Count);
    }

    internal static async Task<Scenario> CrashedAfterThePatchAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.World.Crashes.Arm("effect.answered");
        await scenario.SendAsync();
        scenario.Technician(SimulatedPsa.New);
        return scenario;
    }

    internal static async Task<Scenario> ClosedInDoubtThenReopenedAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.CloseAsync();
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("update", Fault.ErrorAfter);
        await scenario.SendAsync();
        scenario.Technician(SimulatedPsa.Waiting);
        return scenario;
    }

    internal static async Task<Scenario> OldPageAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.During("list", scenario.SendAsync, done: true);
        await scenario.PollAsync();
        await scenario.WorkAsync();
        return scenario;
    }

    /// <summary>The list shows a change only six minutes later; meanwhile it is read often, and shows nothing new.</summary>
    internal static async Task<Scenario> SeenLateAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Psa.ListLag = TimeSpan.FromSeconds(TicketPoller.DefaultOverlapSeconds + 60);
        scenario.Technician(SimulatedPsa.Done);
        for (var minute = 0; minute < 8; minute++)
        {
            await scenario.PollAsync();
            scenario.LetSecondsPass(60);
        }

        return scenario;
    }

    internal static async Task<Scenario> ChangedWhilePlannedAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Psa.Edit(scenario.TicketId, ticket => ticket with { Title = "Disk full of psa-a" });
        await scenario.World.CallBackAsync(scenario.Remote, scenario.TicketId);
        scenario.During(
            "get",
            async () =>
            {
                scenario.Technician(SimulatedPsa.Done);
                await scenario.World.CallBackAsync(scenario.Remote, scenario.TicketId, updatedAt: scenario.Psa.Now.AddSeconds(-1));
            },
            done: true);
        await scenario.WorkAsync();
        return scenario;
    }

    internal static async Task<Scenario> CalledBackTooEarlyAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Psa.GetLag = TimeSpan.FromSeconds(8);
        scenario.Technician(SimulatedPsa.Done);
        await scenario.World.CallBackAsync(scenario.Remote, scenario.TicketId);
        await scenario.WorkAsync();
        return scenario;
    }

    internal static async Task<Scenario> TwoEqualNotesAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.NoteAsync("Looking.");
        await scenario.World.QuietAsync();
        await scenario.NoteAsync("Looking.");
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("add-note", Fault.ErrorBefore);
        await scenario.SendAsync();
        return scenario;
    }
}
