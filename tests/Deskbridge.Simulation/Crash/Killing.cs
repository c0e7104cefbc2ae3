namespace Deskbridge.Simulation.Crash;

/// <summary>Starts the hub, kills it, starts it again, through a whole plan, and in the end lets it come to rest.</summary>
internal sealed class Killing(CrashWorld world, Load load, string program, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);
    private readonly Backlog _backlog = new(world);

    /// <summary>The kills that were made, by the name in the plan.</summary>
    public List<string> Kills { get; } = [];

    /// <summary>What went wrong with the killing itself.</summary>
    public List<string> Problems { get; } = [];

    public async Task RunAsync(IReadOnlyList<string> plan)
    {
        var playing = load.RunAsync();
        foreach (var kill in plan)
        {
            if (playing.IsCompleted) break;
            if (kill == KillPlan.Random) await KillAtRandomAsync();
            else await KillAtAsync(kill);
        }

        await using var hub = HubProcess.Start(program, world.Start(0), null);
        load.Finish();
        try
        {
            await playing;
            if (await _backlog.BecomesEmptyAsync() is { } left) Problems.Add($"{Backlog.Patience.TotalSeconds} seconds after the last case there was still work: {left}");
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            Problems.Add($"{failure.Message}\nThe hub said:\n{hub.Said}");
        }
    }

    private async Task KillAtAsync(string failpoint)
    {
        await using var hub = HubProcess.Start(program, world.Start(0), failpoint);
        var exit = await hub.ExitAsync(Patience);
        if (exit == HubProcess.Killed && hub.Said.Contains($"Failpoint {failpoint} reached", StringComparison.Ordinal)) Killed(failpoint);
        else if (exit is null) Problems.Add($"{failpoint} was not reached within {Patience.TotalSeconds} seconds. The hub said:\n{hub.Said}");
        else Problems.Add($"{failpoint}: the hub ended with {exit} instead of by SIGKILL. It said:\n{hub.Said}");
    }

    /// <summary>A kill that hits a hub at rest proves nothing and is made again.</summary>
    private async Task KillAtRandomAsync()
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await using var hub = HubProcess.Start(program, world.Start(0), null);
            await Task.WhenAny(hub.Listening, Task.Delay(Patience));
            await Task.Delay(random.Next(50, 1500));
            var asked = world.Hub.InFlight;
            await hub.KillAsync();
            if (asked > 0 || await _backlog.LeftAsync() is not null)
            {
                Killed(KillPlan.Random);
                return;
            }
        }

        Problems.Add("Ten random kills in a row hit an idle hub.");
    }

    private void Killed(string where)
    {
        Kills.Add(where);
        Console.WriteLine($"killed at {where}, {load.Cases.Count} tickets so far");
    }
}
