using Quartz;

namespace Deskbridge.Features.Heartbeat;

/// <summary>Looks often whether it is time for a heartbeat, so that a change of its settings needs no telling.</summary>
[DisallowConcurrentExecution]
internal sealed partial class HeartbeatJob(OutsideHeartbeat heartbeat, ILogger<HeartbeatJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await heartbeat.BeatAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, failure);
        }
    }

    [LoggerMessage(6012, LogLevel.Error, "The heartbeat could not be decided, so it is withheld")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}

/// <summary>Puts the job on the clock at start.</summary>
internal sealed class HeartbeatSchedule(ISchedulerFactory schedulers, TimeProvider clock) : IHostedService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var job = JobBuilder.Create<HeartbeatJob>().WithIdentity("heartbeat").Build();
        var trigger = TriggerBuilder.Create(clock).WithIdentity("heartbeat").StartAt(clock.GetUtcNow() + Look)
            .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(Look).RepeatForever()).Build();
        await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions { Replace = true }, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
