using Deskbridge.Core.Alerting;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>The hub comes back from a backup, the tickets do not (engine.md §10).</summary>
public sealed class RestoreScenarios
{
    /// <summary>Named in engine.md §12. The note is on the ticket, and the hub knows nothing of it.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task RestoreFromBeforeTheNote_FindsItOnTheTicket(Vendor vendor)
    {
        await using var scenario = await NoteAfterTheBackupAsync(new(vendor));
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
        Assert.Single(scenario.Psa.Notes[scenario.TicketId]);
        Assert.Equal(["Looking."], await scenario.World.Hub.ReadAsync(db => db.AlertNotes.Select(note => note.Text).ToListAsync()));
    }

    /// <summary>The backup has the note written down and not sent; it was sent a moment later.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RestoreFromBeforeTheNoteWasSent_SendsItOnce(bool planned)
    {
        await using var scenario = await NoteUnsentInTheBackupAsync(planned);
        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
    }

    /// <summary>The hub died before it sent what the backup shows as unsent.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task RestoreOfANoteThatNeverLeft_SendsIt(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor));
        await scenario.NoteAsync("Looking.");
        await scenario.WorkAsync();

        await scenario.World.RestoreAsync(await scenario.World.BackUpAsync());

        await scenario.EndsWellAsync(AlertStatus.Open, SimulatedPsa.New);
        Assert.Single(scenario.Psa.Notes[scenario.TicketId]);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task RestoreFromBeforeTheAcknowledge_PagesNobody(Vendor vendor)
    {
        await using var scenario = await AcknowledgedAfterTheBackupAsync(new(vendor));
        var rings = scenario.World.Phone.Rings.Count;

        await scenario.EndsWellAsync(AlertStatus.Acknowledged, SimulatedPsa.Assigned);

        Assert.Equal(rings, scenario.World.Phone.Rings.Count);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task RestoreFromBeforeTheAlertWasGivenBack_PagesAgain(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor));
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        var backup = await scenario.World.BackUpAsync();
        await scenario.UnacknowledgeAsync();
        await scenario.World.QuietAsync();

        await scenario.World.RestoreAsync(backup);
        var rings = scenario.World.Phone.Rings.Count;
        await scenario.World.QuietAsync();

        Assert.Equal(AlertStatus.Open, (await scenario.AlertAsync()).Status);
        Assert.True(scenario.World.Phone.Rings.Count > rings);
    }

    /// <summary>A repeat that fell due long ago rings once, and only when the ticket was read.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task OverdueRepeat_WaitsForTheReadOfItsTicket_AndRingsOnce(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor));
        var backup = await scenario.World.BackUpAsync();
        scenario.LetSecondsPass(24 * 3600);
        await scenario.World.RestoreAsync(backup);
        var rings = scenario.World.Phone.Rings.Count;

        await scenario.World.PageAsync();
        Assert.Equal(rings, scenario.World.Phone.Rings.Count);

        await scenario.WorkAsync();
        await scenario.World.PageAsync();
        await scenario.World.PageAsync();
        Assert.Equal(rings + 1, scenario.World.Phone.Rings.Count);
    }

    /// <summary>A ticket that cannot be read must not keep people asleep.</summary>
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task OverdueRepeat_OfATicketThatCannotBeRead_RingsAfterAMinute(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor));
        var backup = await scenario.World.BackUpAsync();
        scenario.LetSecondsPass(3600);
        await scenario.World.RestoreAsync(backup);
        var rings = scenario.World.Phone.Rings.Count;
        scenario.Psa.Faults.Next("get", Fault.ErrorBefore);
        await scenario.WorkAsync();

        scenario.LetSecondsPass(61);
        await scenario.World.PageAsync();

        Assert.Equal(rings + 1, scenario.World.Phone.Rings.Count);
    }

    internal static async Task<Scenario> NoteAfterTheBackupAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        var backup = await scenario.World.BackUpAsync();
        await scenario.NoteAsync("Looking.");
        await scenario.World.QuietAsync();
        await scenario.World.RestoreAsync(backup);
        return scenario;
    }

    internal static async Task<Scenario> NoteUnsentInTheBackupAsync(bool planned, Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        await scenario.NoteAsync("Looking.");
        if (planned) await scenario.WorkAsync();
        var backup = await scenario.World.BackUpAsync();
        await scenario.World.QuietAsync();
        await scenario.World.RestoreAsync(backup);
        return scenario;
    }

    internal static async Task<Scenario> AcknowledgedAfterTheBackupAsync(Telling how = default)
    {
        var scenario = await Scenario.WithAlertAsync(how);
        var backup = await scenario.World.BackUpAsync();
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        await scenario.World.RestoreAsync(backup);
        return scenario;
    }
}
