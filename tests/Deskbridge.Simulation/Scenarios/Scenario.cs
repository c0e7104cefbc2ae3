using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>
/// The words in which the named scenarios are written: one remote, one ticket, a technician, Mia, and the parts of the hub.
/// Each can be told without one of the rules (<see cref="Safeties"/>).
/// </summary>
internal sealed class Scenario : IAsyncDisposable
{
    private Scenario(SimulatedWorld world) => World = world;

    public SimulatedWorld World { get; }

    public Remote Remote => World.Remotes[0];

    public SimulatedPsa Psa => Remote.Psa;

    public string TicketId { get; private set; } = "";

    public SimulatedTicket Ticket => Psa.Find(TicketId)!;

    public static async Task<Scenario> StartAsync(
        Telling how = default, Action<SimulatedPsa>? prepare = null, bool installed = true, int callsPerMinute = 100_000) =>
        new(await SimulatedWorld.CreateAsync(
            composition: how.Without,
            vendors: _ => how.Vendor,
            prepare: prepare,
            installed: _ => installed,
            callsPerMinute: callsPerMinute));

    /// <summary>A scenario that begins with an alert on a new ticket, paged and marked.</summary>
    public static async Task<Scenario> WithAlertAsync(Telling how = default, Action<SimulatedPsa>? prepare = null)
    {
        var scenario = await StartAsync(how, prepare);
        scenario.Enter();
        await scenario.World.QuietAsync();
        scenario.LetSecondsPass(10);
        return scenario;
    }

    public void Enter(string status = SimulatedPsa.New) => TicketId = Psa.Enter(status).Id;

    public void Technician(string status) => Psa.SetStatus(TicketId, status);

    public void LetSecondsPass(int seconds) => World.Time.Advance(TimeSpan.FromSeconds(seconds));

    public async Task<Alert> AlertAsync() => await World.AlertAsync(Remote, TicketId) ?? throw new InvalidOperationException($"Ticket {TicketId} has no alert.");

    public async Task AcknowledgeAsync() => await World.AcknowledgeAsync((await AlertAsync()).Id);

    public async Task UnacknowledgeAsync() => await World.UnacknowledgeAsync((await AlertAsync()).Id);

    public async Task CloseAsync() => await World.CloseAsync((await AlertAsync()).Id);

    public async Task ReopenAsync() => await World.ReopenAsync((await AlertAsync()).Id);

    public async Task NoteAsync(string text) => await World.NoteAsync((await AlertAsync()).Id, text);

    public Task PollAsync() => World.PollAsync(Remote);

    public Task WorkAsync() => World.WorkAsync();

    public Task SendAsync() => World.SendAsync();

    /// <summary>Does something once inside the next call of an operation: before its work, or when it is done and not answered.</summary>
    public void During(string operation, Func<Task> then, bool done = false) => Psa.Inside = async call =>
    {
        if (call.Operation != operation || call.Done != done) return;
        Psa.Inside = null;
        await then();
    };

    public void During(string operation, Action then, bool done = false) => During(
        operation,
        () =>
        {
            then();
            return Task.CompletedTask;
        },
        done);

    /// <summary>Lets everything settle and answers every broken promise.</summary>
    public async Task<IReadOnlyList<Violation>> EndAsync(bool polls = true)
    {
        Psa.Inside = null;
        await World.QuietAsync(polls);
        return await Invariants.CheckAsync(World);
    }

    /// <summary>Notes on the ticket, but for those that tell of a state of the alert.</summary>
    public IReadOnlyList<RemoteNote> Notes => [.. (Psa.Notes.GetValueOrDefault(TicketId) ?? []).Where(note => !note.Text.StartsWith("Alert ", StringComparison.Ordinal))];

    public async Task EndsWellAsync(AlertStatus alert, string status, bool polls = true)
    {
        Assert.Empty(await EndAsync(polls));
        Assert.Equal(alert, (await AlertAsync()).Status);
        Assert.Equal(status, Ticket.StatusName);
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

/// <summary>How a scenario is told.</summary>
/// <param name="Vendor">Whose ways the remote has.</param>
/// <param name="Without">Puts a no-op in the place of one of the rules; null for every rule.</param>
internal readonly record struct Telling(Vendor Vendor, Action<IServiceCollection>? Without = null);

/// <summary>A scenario told without one of the rules: some promise must break, and the right one.</summary>
internal static class WithoutTheRule
{
    public static async Task BreaksAsync(this Task<IReadOnlyList<Violation>> story, string invariant)
    {
        var broken = await story;
        Assert.Contains(invariant, broken.Select(violation => violation.Invariant));
    }
}
