using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
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
    public async Task CrashAfterThePatch_ThenTheTechnicianEdits_SentAgainBlindly_LosesTheEdit()
    {
        await using var scenario = await CrashedAfterThePatchAsync(new SyncSafeties { FieldProbe = new NoRules.Probe() });
        await scenario.EndAsync().BreaksAsync("I7");
    }

    [Fact]
    public async Task CloseAnswered500AfterCommit_ThenReopenedBeforeTheProbe_StaysOpen()
    {
        await using var scenario = await ClosedInDoubtThenReopenedAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.Waiting);
    }

    [Fact]
    public async Task CloseAnswered500AfterCommit_ThenReopenedBeforeTheProbe_SentAgainBlindly_ClosesItAgain()
    {
        await using var scenario = await ClosedInDoubtThenReopenedAsync(new SyncSafeties { FieldProbe = new NoRules.Probe() });
        await scenario.EndAsync().BreaksAsync("I7");
    }

    [Fact]
    public async Task PollPage_ReadBeforeOurPatch_AppliedAfterIt_UndoesNothing()
    {
        await using var scenario = await OldPageAsync();
        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);
    }

    [Fact]
    public async Task PollPage_ReadBeforeOurPatch_BelievedAfterIt_UndoesTheAcknowledge()
    {
        await using var scenario = await OldPageAsync(new SyncSafeties { StaleReads = new NoRules.StaleReads() });
        await scenario.EndAsync().BreaksAsync("I8");
    }

    [Fact]
    public async Task Change_VisibleLaterThanTheOverlap_IsStillRead()
    {
        await using var scenario = await SeenLateAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done);
    }

    [Fact]
    public async Task Change_VisibleLaterThanTheOverlap_WithAMarkThatFollowsTheClock_IsPassedOver()
    {
        await using var scenario = await SeenLateAsync(new SyncSafeties { Marks = new NoRules.Marks() });
        await scenario.EndAsync().BreaksAsync("I10");
    }

    [Fact]
    public async Task Wake_RaisedWhileItsLinkIsPlanned_IsKept()
    {
        await using var scenario = await ChangedWhilePlannedAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done, polls: false);
    }

    [Fact]
    public async Task Wake_RaisedWhileItsLinkIsPlanned_Removed_LosesTheChange()
    {
        await using var scenario = await ChangedWhilePlannedAsync(new SyncSafeties { WakeVersions = new NoRules.WakeVersions() });
        await scenario.EndAsync(polls: false).BreaksAsync("I6");
    }

    [Fact]
    public async Task Callback_BeforeTheChangeIsReadable_IsNotForgotten()
    {
        await using var scenario = await CalledBackTooEarlyAsync();
        await scenario.EndsWellAsync(AlertStatus.Closed, SimulatedPsa.Done, polls: false);
    }

    [Fact]
    public async Task Callback_BeforeTheChangeIsReadable_ContentWithAnOldRead_LosesTheChange()
    {
        await using var scenario = await CalledBackTooEarlyAsync(new SyncSafeties { Freshness = new NoRules.Freshness() });
        await scenario.EndAsync(polls: false).BreaksAsync("I6");
    }

    [Fact]
    public async Task TwoEqualNotes_TheSecondInDoubt_BothArriveOnce()
    {
        await using var scenario = await TwoEqualNotesAsync();
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
        Assert.Equal(2, scenario.Psa.Notes[scenario.TicketId].Count);
    }

    [Fact]
    public async Task TwoEqualNotes_TheSecondInDoubt_KnownByTheirTextOnly_AreTakenForOne()
    {
        await using var scenario = await TwoEqualNotesAsync(new SyncSafeties { NoteProbe = new NoRules.Notes() });
        await scenario.EndAsync().BreaksAsync("I14");
    }

    private static async Task<Scenario> CrashedAfterThePatchAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.World.Crashes.Arm("effect.answered");
        await scenario.SendAsync();
        scenario.Technician(SimulatedPsa.New);
        return scenario;
    }

    private static async Task<Scenario> ClosedInDoubtThenReopenedAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
        await scenario.CloseAsync();
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("update", Fault.ErrorAfter);
        await scenario.SendAsync();
        scenario.Technician(SimulatedPsa.Waiting);
        return scenario;
    }

    private static async Task<Scenario> OldPageAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        scenario.During("list", scenario.SendAsync, done: true);
        await scenario.PollAsync();
        await scenario.WorkAsync();
        return scenario;
    }

    /// <summary>The list shows a change only six minutes later; meanwhile it is read often, and shows nothing new.</summary>
    private static async Task<Scenario> SeenLateAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
        scenario.Psa.ListLag = TimeSpan.FromSeconds(TicketPoller.DefaultOverlapSeconds + 60);
        scenario.Technician(SimulatedPsa.Done);
        for (var minute = 0; minute < 8; minute++)
        {
            await scenario.PollAsync();
            scenario.LetSecondsPass(60);
        }

        return scenario;
    }

    private static async Task<Scenario> ChangedWhilePlannedAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
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

    private static async Task<Scenario> CalledBackTooEarlyAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
        scenario.Psa.GetLag = TimeSpan.FromSeconds(8);
        scenario.Technician(SimulatedPsa.Done);
        await scenario.World.CallBackAsync(scenario.Remote, scenario.TicketId);
        await scenario.WorkAsync();
        return scenario;
    }

    private static async Task<Scenario> TwoEqualNotesAsync(SyncSafeties? sync = null)
    {
        var scenario = await Scenario.WithAlertAsync(sync);
        await scenario.NoteAsync("Looking.");
        await scenario.World.QuietAsync();
        await scenario.NoteAsync("Looking.");
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("add-note", Fault.ErrorBefore);
        await scenario.SendAsync();
        return scenario;
    }
}
