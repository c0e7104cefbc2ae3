namespace Deskbridge.Simulation.Crash;

/// <summary>Starts the hubs, puts load on them, and kills or freezes one after another, each in the middle of writes that it has claimed.</summary>
internal sealed class NodeHarm
{
    /// <summary>Every so many kills the hub stays away until its claims are over, so that what it was at is taken over and not taken up again.</summary>
    private const int StaysAway = 3;

    /// <summary>Writes confirmed by any hub between one harm and the next.</summary>
    private const int BetweenHarms = 5;

    private static readonly TimeSpan Recovers = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly CrashWorld _world;
    private int _confirmed;

    public NodeHarm(string program, CrashWorld world, int hubs)
    {
        _world = world;
        Nodes = [.. Enumerable.Range(0, hubs).Select(number => new Node(program, world, number))];
        Watch = new NodeWatch(world);
    }

    public IReadOnlyList<Node> Nodes { get; }

    public NodeWatch Watch { get; }

    /// <summary>Claimed writes of the hub just after each kill.</summary>
    public List<int> HeldAtKills { get; } = [];

    /// <summary>The same for each time that one was held up.</summary>
    public List<int> HeldAtFreezes { get; } = [];

    public List<string> Problems { get; } = [];

    /// <summary>Through the whole plan, and until the hubs have come to rest again.</summary>
    public async Task<(Load Load, Trickle Trickle)> RunAsync(int kills, int freezes, int ticketsPerSecond)
    {
        var load = new Load(_world, atOnce: 2);
        var trickle = new Trickle(_world, ticketsPerSecond);
        _world.Hub.MayAsk = hub => Nodes[hub].Answers;
        try
        {
            foreach (var node in Nodes) await node.StartAsync();
            await load.InstallAsync();
            using var enough = new CancellationTokenSource();
            Task playing = Task.WhenAll(load.PlayAsync(), trickle.RunAsync(enough.Token)), watching = Watch.RunAsync(Nodes.Count, enough.Token);
            await HarmAsync(kills, freezes, playing);
            await UntilAsync("the tickets were read after the last harm", () => Task.FromResult(Watch.IsTakenOver));
            await enough.CancelAsync();
            load.Finish();
            await watching;
            await playing;
            if (await new Backlog(_world).BecomesEmptyAsync() is { } left) Problems.Add($"{Backlog.Patience.TotalSeconds} seconds after the last ticket there was still work: {left}");
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            Problems.Add($"{failure.Message}\n{string.Join('\n', Nodes.Select(node => $"Hub {node.Number + 1} said:\n{node.Said}"))}");
        }
        finally
        {
            foreach (var node in Nodes) await node.DisposeAsync();
        }

        return (load, trickle);
    }

    private async Task HarmAsync(int kills, int freezes, Task playing)
    {
        for (var round = 0; round < Math.Max(kills, freezes); round++)
        {
            foreach (var node in Nodes)
            {
                if (playing.IsCompleted) return; // it failed, and its failure is told
                if (round < kills) await KillAsync(node, round % StaysAway == StaysAway - 1);
                if (round < freezes) await FreezeAsync(node);
            }
        }
    }

    private async Task KillAsync(Node node, bool staysAway)
    {
        await BeBusyAsync(node);
        await node.KillAsync();
        HeldAtKills.Add(await Watch.HeldAsync(node.Id));
        if (staysAway) await Task.Delay(Node.PastItsLeases);
        await node.StartAsync();
    }

    private async Task FreezeAsync(Node node)
    {
        await BeBusyAsync(node);
        HeldAtFreezes.Add(await node.FreezePastItsLeasesAsync(() => Watch.HeldAsync(node.Id)));
    }

    /// <summary>
    /// Waits until tickets were read and writes came to their end since the last harm, and the hub is in the middle of one: harm that hits it at
    /// rest proves nothing, and one that hits whoever is just taking over for another only adds its own time to the other's.
    /// </summary>
    private async Task BeBusyAsync(Node node)
    {
        await UntilAsync(
            $"hub {node.Number + 1} was in the middle of a write, with {BetweenHarms} done and the tickets read since the last harm",
            async () => Watch.IsTakenOver && await Watch.WritesTogetherAsync() && await Watch.ConfirmedAsync() >= _confirmed + BetweenHarms && await Watch.HeldAsync(node.Id) > 0);
        _confirmed = await Watch.ConfirmedAsync();
        Watch.Harmed();
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Recovers) throw new TimeoutException($"Not within {Recovers.TotalSeconds} seconds: {what}.");
            await Task.Delay(LookAgain);
        }
    }
}
