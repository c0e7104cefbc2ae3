using System.Collections.Concurrent;

namespace Deskbridge.Simulation.Crash;

/// <summary>New tickets at a steady rate by a clock of its own, whatever becomes of the hubs. Each ends in one of four ways.</summary>
internal sealed class Trickle(CrashWorld world, int perSecond)
{
    private readonly ConcurrentBag<Case> _cases = [];
    private readonly ConcurrentBag<TimeSpan> _rang = [];

    public IReadOnlyCollection<Case> Cases => _cases;

    /// <summary>How long each took from the technician's click to the phone.</summary>
    public IReadOnlyCollection<TimeSpan> Rang => _rang;

    /// <summary>Opens them until told to stop, then waits until each has come to its end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var lives = new List<Task>();
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                while (lives.Count < TimeProvider.System.GetElapsedTime(began).TotalSeconds * perSecond) lives.Add(LiveAsync(lives.Count));
            }
        }
        catch (OperationCanceledException)
        {
            // enough
        }

        await Task.WhenAll(lives);
    }

    private Task LiveAsync(int number) => (number % 4) switch
    {
        0 => AcknowledgedAsync(number),
        2 => ClosedByTechnicianAsync(number),
        _ => LeftOpenAsync(number),
    };

    private async Task AcknowledgedAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "taken", number));
        await it.ActAsync("acknowledge");
        if (number % 8 == 0) await it.NoteAsync("On my way.");
    }

    private async Task ClosedByTechnicianAsync(int number)
    {
        var it = await BeginAsync(new Case(world, "closed there", number) { Ends = "closed", Status = world.Technician.Closed, Owned = false });
        await it.SetStatusAsync(world.Technician.Closed);
    }

    private Task<Case> LeftOpenAsync(int number) => BeginAsync(new Case(world, "left open", number) { Ends = "open", Status = world.Technician.New, Owned = false });

    private async Task<Case> BeginAsync(Case it)
    {
        _cases.Add(it);
        _rang.Add(await it.AppearAsync());
        return it;
    }
}
