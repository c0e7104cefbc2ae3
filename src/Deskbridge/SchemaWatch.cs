using Deskbridge.Core.Data;

namespace Deskbridge;

/// <summary>
/// During a rolling upgrade a newer hub changes the schema under the older ones. An older one that notices stops by itself: it must not write
/// rows by rules that no longer hold. Its work goes on in the newer hubs.
/// </summary>
internal sealed partial class SchemaWatch(IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SchemaWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Why the hub stopped by itself; null when it did not.</summary>
    public string? Stopped { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await services.UnknownChangeAsync(stoppingToken) is not { } unknown) continue;
                Stopped = $"A newer Deskbridge has brought the database up to its version: it has the change '{unknown}', which this version does not know. This hub stops; the newer ones go on with its work. Start the newer version here.";
                LogStops(logger, Stopped);
                lifetime.StopApplication();
                return;
            }
            catch (Exception failure) when (StorageTrouble.Describe(failure) is not null)
            {
                // The database is away; whoever needs it says so.
            }
        }
    }

    [LoggerMessage(4010, LogLevel.Critical, "{Why}")]
    private static partial void LogStops(ILogger logger, string why);
}
