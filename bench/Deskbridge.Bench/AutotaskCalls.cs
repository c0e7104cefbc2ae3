namespace Deskbridge.Bench;

/// <summary>What a connection to Autotask costs of the calls that all integrations of a database share: when nothing happens, and when much does.</summary>
internal static class AutotaskCalls
{
    private const int Changed = 1000;
    private const int IdleAnHour = 150;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(Run run)
    {
        var minutes = Math.Max(2, (run.Seconds + 59) / 60);
        Print.Title($"Calls of a connection to Autotask: {minutes} minutes idle with webhooks, then {Changed:N0} new tickets at once, polled every 20 s");
        await using var world = await World.StartAsync(run, new HubSetup { Autotask = true, Callbacks = true, Poll = TimeSpan.FromSeconds(20) });
        await Task.Delay(Settle * 3); // five polls that find nothing, after which every second one is left out
        var (_, last) = await world.Sandbox.AutotaskCallsAsync(0);
        await Task.Delay(TimeSpan.FromMinutes(minutes));
        (var calls, last) = await world.Sandbox.AutotaskCallsAsync(last);
        Tell("idle", calls);
        var anHour = calls.Count * 60 / minutes;
        Print.Aim("calls an hour, by these minutes", anHour < IdleAnHour, $"{anHour}", $"{IdleAnHour}");

        await world.Sandbox.AddToAutotaskAsync(Changed);
        var notified = await world.Receiver.WaitAsync(Changed, Patience);
        await Task.Delay(Settle * 2); // details are read once more when a ticket was left alone
        (calls, _) = await world.Sandbox.AutotaskCallsAsync(last);
        Print.Line("notified", $"{(notified ? Changed : world.Receiver.Count)} of {Changed}");
        Tell($"{Changed:N0} new tickets", calls);
    }

    private static void Tell(string what, IReadOnlyList<string> calls)
    {
        Print.Line($"{what}: calls", $"{calls.Count}");
        foreach (var (call, count) in calls.CountBy(call => call).OrderByDescending(call => call.Value)) Print.Line($"  {call}", $"{count}");
    }
}
