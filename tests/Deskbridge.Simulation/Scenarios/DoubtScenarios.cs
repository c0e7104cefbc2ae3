using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Crashes, lost answers and old reads.</summary>
public sealed class DoubtScenarios
{
    [Fact]
    public async Task CrashAfterThePatch_ThenTheTechnicianEdits_KeepsTheEdit()
    {
        await using var scenario = await CrashedAfterThePatchAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
    }

    [Fact]
    public async Task CloseAnswered500AfterCommit_ThenReopenedBeforeTheProbe_StaysOpen()
    {
        await using var scenario = await ClosedInDoubtThenReopenedAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting);
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

    [Fact]
    public async Task PollPage_ReadBeforeOurPatch_AppliedAfterIt_UndoesNothing()
    {
        await using var scenario = await OldPageAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
    }

    [Fact]
    public async Task Change_VisibleLaterThanTheOverlap_IsStillRead()
    {
        await using var scenario = await SeenLateAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Fact]
    public async Task Wake_RaisedWhileItsLinkIsPlanned_IsKept()
    {
        await using var scenario = await ChangedWhilePlannedAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done, polls: false);
    }

    [Fact]
    public async Task Callback_BeforeTheChangeIsReadable_IsNotForgotten()
    {
        await using var scenario = await CalledBackTooEarlyAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done, polls: false);
    }

    [Fact]
    public async Task TwoEqualNotes_TheSecondInDoubt_BothArriveOnce()
    {
        await using var scenario = await TwoEqualNotesAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
        Assert.Equal(2, scenario.Psa.Notes[scenario.TicketId].Count);
    }

    internal static async Task<Scenario> CrashedAfterThePatchAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.World.Crashes.Arm("effect.answered");
        await scenario.SendAsync();
        scenario.Technician(SimulatedPsa.New);
        return scenario;
    }

    internal static async Task<Scenario> ClosedInDoubtThenReopenedAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        await scenario.CloseAsync();
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("update", Fault.ErrorAfter);
        await scenario.SendAsync();
        scenario.Technician(SimulatedPsa.Waiting);
        return scenario;
    }

    internal static async Task<Scenario> OldPageAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.During("list", scenario.SendAsync, done: true);
        await scenario.PollAsync();
        await scenario.WorkAsync();
        return scenario;
    }

    /// <summary>The list shows a change only six minutes later; meanwhile it is read often, and shows nothing new.</summary>
    internal static async Task<Scenario> SeenLateAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        scenario.Psa.ListLag = TimeSpan.FromSeconds(TicketPoller.DefaultOverlapSeconds + 60);
        scenario.Technician(SimulatedPsa.Done);
        for (var minute = 0; minute < 8; minute++)
        {
            await scenario.PollAsync();
            scenario.LetSecondsPass(60);
        }

        return scenario;
    }

    internal static async Task<Scenario> ChangedWhilePlannedAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
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

    internal static async Task<Scenario> CalledBackTooEarlyAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        scenario.Psa.GetLag = TimeSpan.FromSeconds(8);
        scenario.Technician(SimulatedPsa.Done);
        await scenario.World.CallBackAsync(scenario.Remote, scenario.TicketId);
        await scenario.WorkAsync();
        return scenario;
    }

    internal static async Task<Scenario> TwoEqualNotesAsync(Action<IServiceCollection>? without = null)
    {
        var scenario = await Scenario.WithAlertAsync(without);
        await scenario.NoteAsync("Looking.");
        await scenario.World.QuietAsync();
        await scenario.NoteAsync("Looking.");
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("add-note", Fault.ErrorBefore);
        await scenario.SendAsync();
        return scenario;
    }
}
