using Deskbridge.Connectors;
using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Stories that are told only for <see cref="Safeties"/>: once with every rule, and once without one.</summary>
internal static class Stories
{
    /// <summary>The answer to a note is lost, and the list of notes shows it a while later.</summary>
    public static async Task<Scenario> NoteListedLateAsync(Telling how)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Psa.NotesLag = TimeSpan.FromSeconds(20);
        await scenario.NoteAsync("Looking.");
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("add-note", Fault.Cut);
        await scenario.SendAsync();
        return scenario;
    }

    /// <summary>A workflow of the board keeps the status as it is, and the answer is 200.</summary>
    public static async Task<Scenario> SuccessWithoutChangeAsync(Telling how)
    {
        var scenario = await Scenario.WithAlertAsync(how, prepare: psa => psa.KeptFields.Add(TicketFields.Status));
        await scenario.AcknowledgeAsync();
        return scenario;
    }

    /// <summary>The first of two notes meets a server error.</summary>
    public static async Task<Scenario> NoteEditedOnBothSidesAsync(Telling how)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.NoteAsync("Looking.");
        await scenario.World.QuietAsync();
        await scenario.World.EditNoteAsync(scenario.World.Told.Notes[0], "Found it.");
        var note = scenario.Psa.Notes[scenario.TicketId].Single();
        scenario.Psa.ChangeNote(scenario.TicketId, note, note.Text.Replace("Looking.", "Customer confirms.", StringComparison.Ordinal));
        return scenario;
    }

    public static async Task<Scenario> FirstNoteFailsAsync(Telling how)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.NoteAsync("Looking.");
        await scenario.NoteAsync("Found it.");
        await scenario.WorkAsync();
        scenario.Psa.Faults.Next("add-note", Fault.ErrorBefore);
        await scenario.SendAsync();
        return scenario;
    }

    /// <summary>Acknowledged, given back and acknowledged again by the same person.</summary>
    /// <remarks>A dispatcher has planned the member already, so that nothing of the hub's is ended when it is given back.</remarks>
    public static async Task<Scenario> AcknowledgedTwiceAsync(Telling how)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Psa.Schedules[scenario.TicketId] = [new RemoteScheduleEntry("dispatcher", "7", Done: false)];
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        await scenario.UnacknowledgeAsync();
        await scenario.World.QuietAsync();
        await scenario.AcknowledgeAsync();
        return scenario;
    }

    /// <summary>An hour's tickets are read page by page, and a technician changes one of the first page meanwhile.</summary>
    public static async Task<Scenario> ChangedBetweenPagesAsync(Telling how)
    {
        var scenario = await Scenario.StartAsync(how, prepare: psa => psa.PageLimit = 2);
        for (var tickets = 0; tickets < 5; tickets++)
        {
            scenario.Enter();
            scenario.LetSecondsPass(720);
        }

        var first = scenario.Psa.TicketIds.First();
        scenario.During("list", () => { scenario.Psa.SetStatus(first, SimulatedPsa.Scheduled); }, done: true);
        await scenario.PollAsync();
        return scenario;
    }

    /// <summary>Acknowledged here, moved on by a technician, given back here.</summary>
    public static async Task<Scenario> MovedOnBeforeTheUndoAsync(Telling how)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        scenario.Technician(SimulatedPsa.Scheduled);
        await scenario.World.QuietAsync();
        await scenario.UnacknowledgeAsync();
        return scenario;
    }

    /// <summary>A technician has taken the ticket before Mia acknowledges its alert.</summary>
    public static async Task<Scenario> OwnedByAnotherAsync(Telling how)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Psa.Edit(scenario.TicketId, ticket => ticket with { OwnerId = "9" });
        await scenario.World.QuietAsync();
        await scenario.AcknowledgeAsync();
        return scenario;
    }

    /// <summary>A technician changes the status each time just before the hub would write it, and takes it back each time.</summary>
    public static async Task<Scenario> DuelAsync(Telling how)
    {
        const int Rounds = 6;
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Technician(SimulatedPsa.Waiting);
        await scenario.World.QuietAsync();
        await scenario.AcknowledgeAsync();
        await scenario.WorkAsync();
        for (var round = 0; round < Rounds; round++)
        {
            scenario.During("get", () => scenario.Technician(SimulatedPsa.Scheduled));
            await scenario.SendAsync();
            scenario.Psa.Inside = null;
            scenario.LetSecondsPass(2);
            scenario.Technician(SimulatedPsa.Waiting);
            await scenario.PollAsync();
            await scenario.WorkAsync();
        }

        return scenario;
    }

    /// <summary>A ticket comes while nobody is on duty; then Mia punches in.</summary>
    public static async Task<Scenario> NobodyOnDutyAsync(Telling how)
    {
        var scenario = await Scenario.StartAsync(how);
        await scenario.World.TogglePunchAsync();
        scenario.Enter();
        await scenario.World.QuietAsync();
        await scenario.World.TogglePunchAsync();
        return scenario;
    }

    /// <summary>Lists fail for a quarter of an hour.</summary>
    public static async Task<Scenario> CannotReadAsync(Telling how)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        scenario.Psa.ListsAreDown = true;
        for (var minute = 0; minute < 15; minute++)
        {
            await scenario.PollAsync();
            scenario.LetSecondsPass(60);
        }

        await scenario.World.LookForSilenceAsync();
        scenario.Psa.ListsAreDown = false;
        return scenario;
    }

    /// <summary>Tickets that match stand there before Install.</summary>
    public static async Task<Scenario> InstalledAmongTicketsAsync(Telling how)
    {
        var scenario = await Scenario.StartAsync(how, installed: false);
        scenario.Enter();
        scenario.Enter();
        scenario.LetSecondsPass(60);
        var (foretold, _) = await scenario.World.DryRunAsync(scenario.Remote);
        await scenario.World.InstallAsync(scenario.Remote, foretold);
        return scenario;
    }

    /// <summary>A connection that made its custom fields is removed while tickets hold values in them.</summary>
    public static async Task<Scenario> RemovedAsync(Telling how)
    {
        var scenario = await Scenario.StartAsync(how, installed: false, prepare: psa => psa.Objects.Clear());
        await scenario.World.InstallAsync(scenario.Remote);
        scenario.LetSecondsPass(60);
        scenario.Enter();
        await scenario.World.QuietAsync();
        await scenario.World.RemoveAsync(scenario.Remote);
        return scenario;
    }
}
