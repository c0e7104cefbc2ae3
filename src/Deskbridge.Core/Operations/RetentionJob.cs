using Deskbridge.Core.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Deskbridge.Core.Operations;

/// <summary>Tidies up. A pass that fails is told in the log and tried again at its next time.</summary>
[DisallowConcurrentExecution]
internal sealed partial class RetentionJob(Retention retention, ILogger<RetentionJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var removed = await retention.RunAsync(cancellationToken);
            if (removed.All > 0) LogTidied(logger, removed.Payloads, removed.Deliveries, removed.Events, removed.Attempts, removed.RunItems, removed.UnusedTickets, removed.Files);
        }
        catch (Exception failure) when (StorageTrouble.Describe(failure) is { } why)
        {
            LogFailed(logger, why);
        }
    }

    [LoggerMessage(6040, LogLevel.Information, "Tidied up: {Payloads} payloads, {Deliveries} delivery ids, {Events} events, {Attempts} single tries, {RunItems} steps of runs, {UnusedTickets} unused tickets, {Files} contents of files")]
    private static partial void LogTidied(ILogger logger, int payloads, int deliveries, int events, int attempts, int runItems, int unusedTickets, int files);

    [LoggerMessage(6041, LogLevel.Warning, "Tidying up was given up until its next time: {Why}")]
    private static partial void LogFailed(ILogger logger, string why);
}

/// <summary>Puts it on the clock: a minute after the start, for a hub may be restarted every day, then every six hours.</summary>
internal sealed class RetentionSchedule(ISchedulerFactory schedulers, TimeProvider clock) : IHostedService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var job = JobBuilder.Create<RetentionJob>().WithIdentity("retention").Build();
        var trigger = TriggerBuilder.Create(clock).WithIdentity("retention").StartAt(clock.GetUtcNow() + First)
            .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(Every).RepeatForever()).Build();
        await scheduler.ScheduleJob(job, trigger, new ScheduleJobOptions { Replace = true }, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
