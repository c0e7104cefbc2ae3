using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Sync;

/// <summary>The clock of the engine's queues: runs each pass when hinted, and at least once a second. One bad pass never ends it.</summary>
internal sealed partial class SyncPump(
    TicketWorker worker, EffectSender sender, DetailReader details, WorkHints hints, PumpWatch watch, PageRush rush, TimeProvider clock, ILogger<SyncPump> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RunAsync(WorkHint.Wakes, Pump.Tickets, worker.RunOnceAsync, stoppingToken),
        RunAsync(WorkHint.Effects, Pump.Writes, Trailing(sender.RunOnceAsync), stoppingToken),
        RunAsync(WorkHint.Details, Pump.Details, Trailing(details.RunOnceAsync), stoppingToken));

    /// <summary>What goes on in the background of pages lets a rush of them pass first.</summary>
    private Func<CancellationToken, Task<int>> Trailing(Func<CancellationToken, Task<int>> pass) => async cancel =>
    {
        await rush.StepBackAsync(cancel);
        return await pass(cancel);
    };

    private async Task RunAsync(WorkHint queue, Pump pump, Func<CancellationToken, Task<int>> pass, CancellationToken stop)
    {
        await Task.Yield();
        var repeated = new RepeatedFailure(clock);
        while (!stop.IsCancellationRequested)
        {
            watch.Beat(pump);
            try
            {
                var done = await pass(stop);
                repeated.Over();
                if (done == 0) await hints.WaitAsync(queue, Tick, clock, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (repeated.IsNews(failure)) LogPassFailed(logger, queue, failure);
                await Task.Delay(Tick, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(1000, LogLevel.Error, "A pass over the queue {Queue} failed; it goes on with the next")]
    private static partial void LogPassFailed(ILogger logger, WorkHint queue, Exception failure);
}
