namespace Deskbridge.Bench;

/// <summary>A steady trickle of single tickets, by callback and by poll.</summary>
internal static class Trickle
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task ByCallbackAsync(Run run)
    {
        var batch = await RunAsync(run, "by callback", new HubSetup { Callbacks = true, Poll = TimeSpan.FromSeconds(20) });
        Print.Aim("p99 from visible to notified", batch.At(0.99) < 0.25, $"{batch.At(0.99) * 1000:0} ms", "250 ms");
    }

    public static async Task ByPollAsync(Run run) => await RunAsync(run, "polled every second", new HubSetup());

    private static async Task<Batch> RunAsync(Run run, string how, HubSetup setup)
    {
        var count = run.Seconds * run.PerSecond;
        Print.Title($"{run.PerSecond} tickets a second for {run.Seconds} s, {how}, after {run.WarmUp} warm-up tickets");
        await using var world = await World.StartAsync(run, setup);
        await world.WarmUpAsync(run.WarmUp);
        var calls = new CallCount(world.Sandbox);
        await calls.ResetAsync();
        var before = world.Hub.Use;

        // From just before the technician's request: what the sandbox needs for it counts too.
        var visible = new Dictionary<string, long>(StringComparer.Ordinal);
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var rest = TimeSpan.FromSeconds(i / (double)run.PerSecond) - TimeProvider.System.GetElapsedTime(began);
            if (rest > TimeSpan.Zero) await Task.Delay(rest);
            var title = $"Trickle {i}";
            visible[title] = TimeProvider.System.GetTimestamp();
            await world.Sandbox.AddAsync(title);
        }

        await world.Receiver.WaitAsync(count, Patience);
        await calls.WaitAsync("writes", count, Patience);
        await calls.ReadAsync();
        var after = world.Hub.Use;
        var batch = Batch.Of(count, world.Receiver.Take(), title => visible[title]);
        var cpu = after.CpuSeconds - before.CpuSeconds;
        Print.Line("notified", $"{batch.Notified} of {batch.Asked}, {batch.Missing} missing, {batch.Doubled} doubled");
        Print.Line("visible to notified", $"p50 {batch.At(0.5) * 1000:0} ms, p99 {batch.At(0.99) * 1000:0} ms, longest {batch.Last * 1000:0} ms");
        Print.Line("calls", $"{calls}");
        Print.Line("CPU", $"{cpu:0.00} s, {cpu * 1000 / count:0.00} ms a ticket");
        return batch;
    }
}
