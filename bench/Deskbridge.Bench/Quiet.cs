namespace Deskbridge.Bench;

/// <summary>The hub with nothing to do: starting, waiting, and waiting with many links.</summary>
internal static class Quiet
{
    private const int Starts = 5;
    private const int Links = 100_000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    public static async Task StartAsync(Run run)
    {
        Print.Title($"Start of an installed hub, {Starts} times");
        await using var world = await World.StartAsync(run, new HubSetup());
        Print.Line("first start, with an empty folder", $"{world.Hub.StartedIn.TotalSeconds:0.00} s");
        var starts = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            await world.RestartHubAsync();
            starts.Add(world.Hub.StartedIn.TotalSeconds);
        }

        starts.Sort();
        Print.Line("each", $"{string.Join(", ", starts.Select(s => s.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)))} s");
        Print.Aim("start to ready, median", starts[Starts / 2] < 1.5, $"{starts[Starts / 2]:0.00} s", "1.5 s");
    }

    public static async Task IdleAsync(Run run)
    {
        Print.Title($"Idle for {run.Seconds} s, polled every second");
        await using var world = await World.StartAsync(run, new HubSetup());
        await world.RestartHubAsync();
        var (calls, use) = await WaitAsync(world, run.Seconds);
        Print.Aim("private memory", use.PrivateMb < 60, $"{use.PrivateMb:0.0} MB", "60 MB");
        Print.Aim("RSS", use.RssMb < 180, $"{use.RssMb:0.0} MB", "180 MB");
        var pages = calls.Kinds.GetValueOrDefault("pages of tickets");
        Print.Aim("calls of the ticket stream a poll", pages <= run.Seconds + 2, $"{pages / (double)run.Seconds:0.00}", "1");
    }

    public static async Task ManyLinksAsync(Run run)
    {
        Print.Title($"{Links:N0} links, idle for {run.Seconds} s, polled every second");
        await using var world = await World.StartAsync(run, new HubSetup(), before: Links);
        Print.Line("after the install", $"private {world.Hub.Use.PrivateMb:0.0} MB, RSS {world.Hub.Use.RssMb:0.0} MB");
        await world.RestartHubAsync();
        Print.Line("start to ready", $"{world.Hub.StartedIn.TotalSeconds:0.00} s");
        var (_, use) = await WaitAsync(world, run.Seconds);
        Print.Aim("private memory", use.PrivateMb < 200, $"{use.PrivateMb:0.0} MB", "200 MB");
        Print.Line("RSS", $"{use.RssMb:0.0} MB");
    }

    private static async Task<(CallCount Calls, ProcessUse Use)> WaitAsync(World world, int seconds)
    {
        await Task.Delay(Settle);
        var calls = new CallCount(world.Sandbox);
        await calls.ResetAsync();
        var before = world.Hub.Use;
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await calls.ReadAsync();
        var after = world.Hub.Use;
        Print.Line("calls", $"{calls}");
        Print.Line("CPU", $"{(after.CpuSeconds - before.CpuSeconds) * 1000 / seconds:0.0} ms a second");
        return (calls, after);
    }
}
