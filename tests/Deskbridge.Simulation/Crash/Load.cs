using System.Collections.Concurrent;
using System.Net;

namespace Deskbridge.Simulation.Crash;

/// <summary>What goes on while the hub is killed: it is installed, then tickets live through every kind of case, several at a time.</summary>
internal sealed class Load(CrashWorld world, int atOnce = 8)
{
    private readonly ConcurrentBag<Case> _cases = [];
    private volatile bool _enough;
    private int _number;

    public IReadOnlyList<Case> Cases => [.. _cases.OrderBy(c => c.Ticket)];

    /// <summary>No new case begins; those under way are played to their end.</summary>
    public void Finish() => _enough = true;

    public async Task RunAsync()
    {
        await InstallAsync();
        await PlayAsync();
    }

    public Task PlayAsync() => Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => WorkAsync()));

    private async Task WorkAsync()
    {
        while (!_enough) await PlayAsync(Interlocked.Increment(ref _number));
    }

    /// <summary>Install is started again until it succeeded: a run that a kill cut off is marked interrupted.</summary>
    public async Task InstallAsync()
    {
        while (true)
        {
            var (status, run) = await world.Hub.PostAsync($"connections/{world.ConnectionId}/install?wait=20", null, null, default);
            if (status == HttpStatusCode.OK && (string?)run!["state"] == "succeeded") return;
            if (status is not (HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.Conflict) || (string?)run?["state"] == "failed")
                throw new InvalidOperationException($"Install ended with {(int)status}: {run}");
            if (await InstalledAsync()) return;
        }
    }

    private async Task<bool> InstalledAsync() =>
        (string?)(await world.Hub.GetAsync($"connections/{world.ConnectionId}", default))!["state"] == "active";

    private Task PlayAsync(int number) => (number % 7) switch
    {
        1 => WorkedAsync(number),
        2 => HandedBackAsync(number),
        3 => TechnicianAsync(number),
        4 => ReopenedAsync(number),
        5 => BusyAsync(number),
        6 => HastyAsync(number),
        _ => RaceAsync(number),
    };

    private async Task WorkedAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "worked", number) { Ends = "closed", Status = world.Technician.Closed });
        await it.ActAsync("acknowledge");
        await it.TicketShowsAsync(world.Technician.Taken);
        await it.NoteAsync("Restarted the transport service. Größe: 12 %");
        await it.NoteReadsAsync("Restarted");
        await it.EditNoteAsync("Replaced the transport service. Größe: 13 %");
        await it.ActAsync("close");
        await it.TicketShowsAsync(world.Technician.Closed);
    }

    private async Task HandedBackAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "handed back", number));
        await it.ActAsync("acknowledge");
        await it.TicketShowsAsync(world.Technician.Taken);
        await it.ActAsync("unacknowledge");
        await it.TicketShowsAsync(world.Technician.New);
        await it.RingsAsync(2);
        await it.ActAsync("acknowledge");
        await it.TicketShowsAsync(world.Technician.Taken);
        await it.NoteAsync("Took it back.");
        await it.AttachAsync("photo.jpg", [0xFF, 0xD8, 1, 2, 3]);
    }

    private async Task TechnicianAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "technician", number) { Ends = "closed", Status = world.Technician.Closed, Owned = false });
        await it.SetStatusAsync(world.Technician.Working);
        await it.AlertIsAsync("acknowledged");
        await it.MarkerShowsAsync("Acknowledged");
        await it.TechnicianNoteAsync("Working on it.");
        await it.SetStatusAsync(world.Technician.Closed);
        await it.AlertIsAsync("closed");
    }

    private async Task ReopenedAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "reopened", number));
        await it.ActAsync("close");
        await it.TicketShowsAsync(world.Technician.Closed);
        await it.ActAsync("reopen");
        await it.TicketShowsAsync(world.Technician.New);
        await it.RingsAsync(2);
        await it.NoteAsync("Still broken.");
        await it.NoteAsync("Still broken.");
        await it.ActAsync("acknowledge");
        await it.TicketShowsAsync(world.Technician.Taken);
    }

    private async Task BusyAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "busy", number));
        await it.RetitleAsync("(customer called)");
        await it.ActAsync("acknowledge");
        await it.RetitleAsync("(customer called twice)");
        await it.NoteAsync("Looking.");
        await it.EditNoteAsync("Looking closely.");
        await it.EditNoteAsync("Looking very closely.");
        await it.TechnicianNoteAsync("Customer is waiting.");
        await it.TicketShowsAsync(world.Technician.Taken);
    }

    private async Task HastyAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "hasty", number) { Hasty = true });
        await it.ActAsync("acknowledge");
        await it.ActAsync("unacknowledge");
        await it.ActAsync("acknowledge");
        await it.TicketShowsAsync(world.Technician.Taken);
    }

    private async Task RaceAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "race", number) { Hasty = true, Ends = "closed", Status = world.Technician.Closed, Owned = null });
        await Task.WhenAll(it.ActAsync("acknowledge"), it.SetStatusAsync(world.Technician.Closed));
        await it.AlertIsAsync("closed");
    }

    private async Task<Case> BeginAsync(Case it)
    {
        _cases.Add(it);
        await it.OpenAsync();
        return it;
    }
}
