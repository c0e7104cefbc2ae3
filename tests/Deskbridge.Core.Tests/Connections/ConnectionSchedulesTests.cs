using Deskbridge.Core.Connections;
using Quartz;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class ConnectionSchedulesTests
{
    [Fact]
    public async Task ActiveConnection_AfterStart_IsPolledAndPausedConnectionHasNoJobs()
    {
        await using var hub = await ConnectionsHub.CreateAsync(TimeProvider.System);
        var id = await hub.InstallAsync();
        var polled = new TaskCompletionSource();
        hub.Psa.Before = operation =>
        {
            if (operation == "changed") polled.TrySetResult();
            return Task.CompletedTask;
        };
        var schedules = hub.Store.Get<ConnectionSchedules>();
        var scheduler = await hub.Store.Get<ISchedulerFactory>().GetScheduler(default);

        await schedules.StartAsync(default);
        await scheduler.Start(default);
        await polled.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(await scheduler.Exists(new JobKey("rules", id.ToString("N")), default));
        await hub.Store.Get<SetConnectionState>().PauseAsync(id, hub.Admin, default);
        await schedules.ApplyAllAsync(default);
        Assert.False(await scheduler.Exists(new JobKey("poll", id.ToString("N")), default));
        await scheduler.Shutdown(waitForJobsToComplete: true, default);
    }
}
