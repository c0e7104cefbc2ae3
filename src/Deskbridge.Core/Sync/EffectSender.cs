using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Sync;

/// <summary>Works off the effect ledger: one pass claims what is due and sends it, links in parallel.</summary>
internal sealed partial class EffectSender(
    EffectClaims claims,
    EffectLedger ledger,
    FieldSender fields,
    ChildSender children,
    ConnectorPool pool,
    ConnectionMonitor monitor,
    HubStore store,
    SyncOptions options,
    IOptions<SyncLeases> leases,
    Common.Failpoints failpoints,
    PumpWatch watch,
    ILogger<EffectSender> logger)
{
    /// <summary>Sends what is due, up to one batch. Answers how many effects were claimed.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var claimed = await claims.TakeAsync(cancel);
        if (claimed.Count == 0) return 0;
        failpoints.Pass("effect.claimed");
        foreach (var together in claimed.Chunk(options.Parallelism))
        {
            var reads = new GuardReads(await GuardReads.ConnectionsAsync(store, together, cancel), together);
            await Task.WhenAll(together.Select(effect => SendSafelyAsync(effect, reads, cancel)));
        }

        return claimed.Count;
    }

    private async Task SendSafelyAsync(Effect effect, GuardReads reads, CancellationToken cancel)
    {
        using var callClass = CallClassScope.Use(CallClass.Writes);
        SendDeadline.Set(effect.LeaseUntil - leases.Value.SendMargin);
        using var span = Tracing.Resume("write", effect.Trace);
        try
        {
            if (await pool.FindAsync(effect.ConnectionId, cancel) is not { } live)
            {
                await ledger.ReleaseAsync(effect, TimeSpan.FromSeconds(30), "The connection does not run now.", cancel);
                return;
            }

            if (effect.Kind is EffectKind.Transition or EffectKind.Field) await fields.SendAsync(effect, live, reads, cancel);
            else await children.SendAsync(effect, live, cancel);
        }
        catch (ConnectorException failure)
        {
            await monitor.FailedAsync(effect.ConnectionId, failure, $"writing to ticket {effect.RemoteId}", cancel);
            await ledger.ReleaseAsync(effect, EffectRetry.Wait(failure, effect.Attempts), failure.Message, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogEffectFailed(logger, effect.Id, failure);
            await ledger.BrokenAsync(effect, failure.Message, cancel);
        }
        finally
        {
            watch.Beat(Pump.Writes);
        }
    }

    [LoggerMessage(1002, LogLevel.Error, "Effect {EffectId} failed; it is looked at again")]
    private static partial void LogEffectFailed(ILogger logger, Guid effectId, Exception failure);
}
