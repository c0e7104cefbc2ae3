using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>The pager's clock: a pass at every hint and at every tick. A slow provider holds up one pass, not the next.</summary>
internal sealed partial class PageWorker(
    PageSender sender, WorkHints hints, PumpWatch watch, IOptions<AlertingOptions> options, TimeProvider clock, ILogger<PageWorker> logger)
    : BackgroundService
{
    /// <summary>Passes at a time.</summary>
    public const int PassesAtOnce = 4;

    private readonly RepeatedFailure _repeated = new(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var free = new SemaphoreSlim(PassesAtOnce);
        var running = new List<Task>();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await free.WaitAsync(stoppingToken);
                watch.Beat(Pump.Pages);
                running.RemoveAll(pass => pass.IsCompleted);
                running.Add(PassAsync(free, stoppingToken));
                await hints.WaitAsync(WorkHint.Pages, options.Value.PageInterval, clock, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async Task PassAsync(SemaphoreSlim free, CancellationToken stop)
    {
        try
        {
            await sender.RunOnceAsync(stop);
            _repeated.Over();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (_repeated.IsNews(failure)) LogPassFailed(logger, failure);
        }
        catch (OperationCanceledException)
        {
            LogStopping(logger);
        }
        finally
        {
            free.Release();
        }
    }

    [LoggerMessage(2003, LogLevel.Error, "A pass over the due pages failed; the next one follows in a second")]
    private static partial void LogPassFailed(ILogger logger, Exception failure);

    [LoggerMessage(2004, LogLevel.Debug, "A pass over the due pages ended because the hub is stopping")]
    private static partial void LogStopping(ILogger logger);
}
