namespace Deskbridge.Bench;

/// <summary>N tickets at once beside the floor in the same run, by poll every second or by callback.</summary>
internal static class ManyAtOnce
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Task ByPollAsync(Run run) => RunAsync(run, "polled every second", new HubSetup());

    /// <summary>The poll still runs, as in life, but seldom: what arrives is due to the callbacks.</summary>
    public static Task ByCallbackAsync(Run run) => RunAsync(run, "by callback", new HubSetup { Callbacks = true, Poll = TimeSpan.FromMinutes(10) });

    private static async Task RunAsync(Run run, string how, HubSetup setup)
    {
        Print.Title($"{run.Tickets} tickets at once, {how}, after {run.WarmUp} warm-up tickets");
        var (floor, floorCpu) = await FloorAsync(run);
        Print.Came("floor", floor);
        Print.Line("floor: CPU", $"{floorCpu:0.00} s, {floorCpu * 1000 / floor.Asked:0.000} ms a ticket");

        await using var world = await World.StartAsync(run, setup);
        await world.WarmUpAsync(run.WarmUp);
        var calls = new CallCount(world.Sandbox);
        await calls.ResetAsync();
        await using var peak = new PeakMemory(world.Hub.Id);
        var before = world.Hub.Use;

        await world.Sandbox.AddAsync(run.Tickets);
        var visible = TimeProvider.System.GetTimestamp();
        var visibleAt = TimeProvider.System.GetUtcNow();
        await world.Receiver.WaitAsync(run.Tickets, Patience);
        var notifiedCpu = world.Hub.Use.CpuSeconds - before.CpuSeconds;
        var marked = await calls.WaitAsync("writes", run.Tickets, Patience);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await calls.ReadAsync();
        var after = world.Hub.Use;
        var hub = Batch.Of(run.Tickets, world.Receiver.Take(), _ => visible);

        Print.Came("hub", hub);
        var cpu = after.CpuSeconds - before.CpuSeconds;
        Print.Line("hub: all markers written after", $"{(calls.LastWrite - visibleAt).TotalSeconds:0.0} s{(marked ? "" : " (not all)")}");
        Print.Line("hub: calls", $"{calls}");
        Print.Line("hub: CPU until all were notified", $"{notifiedCpu:0.00} s, {notifiedCpu * 1000 / run.Tickets:0.000} ms a ticket");
        Print.Line("hub: CPU, markers included", $"{cpu:0.00} s, {cpu * 1000 / run.Tickets:0.000} ms a ticket, {cpu * 600 / run.Tickets:0.00} s per 600");
        Print.Line("hub: memory", $"private {peak.PrivateMb:0} MB at most, {after.PrivateMb:0} MB after; RSS {peak.RssMb:0} MB at most");
        var ratio = hub.PerSecond / floor.PerSecond;
        Print.Aim("hub's rate to floor's", ratio >= 0.5, $"{ratio:0.00} ({hub.PerSecond:0} to {floor.PerSecond:0} tickets/s)", "0.5");
        Print.Aim("none missing, none doubled", hub is { Missing: 0, Doubled: 0 }, $"{hub.Missing}, {hub.Doubled}", "0, 0");
        if (run.Tickets == 5000 && !setup.Callbacks) Print.Aim("all notified", hub.Last < 6, $"{hub.Last:0.00} s", "6 s");
    }

    private static async Task<(Batch Batch, double Cpu)> FloorAsync(Run run)
    {
        await using var sandbox = await Sandbox.StartAsync(run.Program, run.NewFolder("floor-sandbox"));
        await using var receiver = await Receiver.StartAsync();
        await using var floor = Child.Start(
            Environment.ProcessPath!,
            ["floor", sandbox.Url.ToString(), sandbox.Authorization.ToString(), sandbox.ClientId, receiver.Url.ToString(), Path.Combine(run.NewFolder("floor"), "floor.db")]);
        await floor.HearAsync(line => line == "polling" ? line : null, TimeSpan.FromSeconds(30));
        await sandbox.AddAsync(run.WarmUp);
        await receiver.WaitAsync(run.WarmUp, Patience);
        await Task.Delay(TimeSpan.FromSeconds(2));
        receiver.Take();

        var before = floor.Use;
        await sandbox.AddAsync(run.Tickets);
        var visible = TimeProvider.System.GetTimestamp();
        await receiver.WaitAsync(run.Tickets, Patience);
        await Task.Delay(TimeSpan.FromSeconds(1));
        return (Batch.Of(run.Tickets, receiver.Take(), _ => visible), floor.Use.CpuSeconds - before.CpuSeconds);
    }
}
