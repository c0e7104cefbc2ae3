using Quartz;

namespace Deskbridge.Backups;

/// <summary>Looks every ten minutes whether a backup is due, as a Quartz job: restarts do not put it off.</summary>
internal sealed class BackupSchedule(ISchedulerFactory schedulers, TimeProvider clock) : IHostedService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(10);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var key = new JobKey("backup");
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var job = JobBuilder.Create<BackupJob>().WithIdentity(key).Build();
        var trigger = TriggerBuilder.Create(clock)
            .WithIdentity(key.Name, key.Group)
            .StartAt(clock.GetUtcNow() + Look)
            .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(Look).RepeatForever())
            .Build();
        await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions { Replace = true }, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Takes the backup that is due. A failure is told on the health page and never ends the schedule.</summary>
[DisallowConcurrentExecution]
internal sealed partial class BackupJob(BackupFolder backups, ILogger<BackupJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            if (await backups.TakeWhenDueAsync(cancellationToken) is { } taken) LogTaken(logger, taken.Name, taken.Bytes);
        }
        catch (BackupRefusedException refused)
        {
            LogFailed(logger, refused.Message);
        }
    }

    [LoggerMessage(7001, LogLevel.Information, "Backup {Name} taken, {Bytes} bytes")]
    private static partial void LogTaken(ILogger logger, string name, long bytes);

    [LoggerMessage(7002, LogLevel.Error, "No backup could be taken; the next try follows in ten minutes. {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
