namespace Deskbridge.Bench;

/// <summary>What a ticket costs the hub in all: page, marker, confirmation.</summary>
internal static class CpuPerTicket
{
    private const int Tickets = 600;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(Run run)
    {
        Print.Title($"CPU of the hub for {Tickets} tickets, markers included, after {run.WarmUp} warm-up tickets");
        await MeasureAsync(run, "pages and markers", new HubSetup(), aim: 0.5);
        await MeasureAsync(run, "with the default details", new HubSetup { Details = ["Notes", "Tasks", "Company", "Contact"] }, aim: null);
    }

    private static async Task MeasureAsync(Run run, string what, HubSetup setup, double? aim)
    {
        await using var world = await World.StartAsync(run, setup);
        await world.WarmUpAsync(run.WarmUp);
        var calls = new CallCount(world.Sandbox);
        await calls.ResetAsync();
        var before = world.Hub.Use.CpuSeconds;
        await world.Sandbox.AddAsync(Tickets);
        await world.Receiver.WaitAsync(Tickets, Patience);
        await calls.WaitAsync("writes", Tickets, Patience);
        if (setup.Details.Count > 0) await calls.WaitQuietAsync("others", Patience);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var cpu = world.Hub.Use.CpuSeconds - before;
        await calls.ReadAsync();
        Print.Line($"{what}: calls", $"{calls}");
        if (aim is { } most) Print.Aim($"{what}: CPU", cpu < most, $"{cpu:0.00} s", $"{most} s");
        else Print.Line($"{what}: CPU", $"{cpu:0.00} s");
    }
}
