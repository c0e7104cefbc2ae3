using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
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
        await polled.Task.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.True(await scheduler.Exists(new JobKey("rules", id.ToString("N")), default));
        await hub.Store.Get<SetConnectionState>().PauseAsync(id, hub.Admin, default);
        await schedules.ApplyAllAsync(default);
        Assert.False(await scheduler.Exists(new JobKey("poll", id.ToString("N")), default));
        await scheduler.Shutdown(waitForJobsToComplete: true, default);
    }

    [Fact]
    public async Task PausedConnection_AppliedByManyAtOnce_HasNoJobsAndNobodyFails()
    {
        await using var hub = await ConnectionsHub.CreateAsync(TimeProvider.System);
        var id = await hub.InstallAsync();
        var schedules = hub.Store.Get<ConnectionSchedules>();
        var scheduler = await hub.Store.Get<ISchedulerFactory>().GetScheduler(default);
        Task BecomeAsync(ConnectionState state) => hub.Store.Store.WriteAsync(db => db.Connections.ExecuteUpdateAsync(set => set.SetProperty(c => c.State, state)), default);

        for (var round = 0; round < 20; round++)
        {
            await BecomeAsync(ConnectionState.Active);
            await schedules.ApplyAllAsync(default);
            await BecomeAsync(ConnectionState.Paused);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => schedules.ApplyAllAsync(default))));
        }

        foreach (var task in (string[])["poll", "rules", "callbacks", "sweep"]) Assert.False(await scheduler.Exists(new JobKey(task, id.ToString("N")), default));
        await scheduler.Shutdown(waitForJobsToComplete: true, default);
    }

    [Fact]
    public async Task Sweep_AfterARestart_IsDueADayAfterTheLastOne_NotADayAfterTheStart()
    {
        await using var hub = await ConnectionsHub.CreateAsync(TimeProvider.System);
        var id = await hub.InstallAsync();
        var swept = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(20);
        await hub.Store.AddAsync(new Cursor { ConnectionId = id, Stream = TicketSweep.Stream, MarkTime = swept, OverlapSeconds = 0, LastCompleteAt = swept });
        var schedules = hub.Store.Get<ConnectionSchedules>();
        var scheduler = await hub.Store.Get<ISchedulerFactory>().GetScheduler(default);

        await schedules.StartAsync(default);

        var due = (await scheduler.GetTrigger(new TriggerKey("sweep", id.ToString("N")), default))!.StartTimeUtc;
        Assert.InRange(due, swept.AddHours(24).AddMinutes(-1), swept.AddHours(24).AddMinutes(1));
        await scheduler.Shutdown(waitForJobsToComplete: true, default);
    }
}
