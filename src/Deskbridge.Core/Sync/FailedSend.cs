using Deskbridge.Connectors;

namespace Deskbridge.Core.Sync;

/// <summary>What becomes of an object's effect whose sending failed.</summary>
internal sealed class FailedSend(EffectLedger ledger)
{
    /// <summary>Writes the attempt down and settles, doubts or postpones the effect. What concerns the whole connection is thrown on.</summary>
    public async Task AnswerAsync(Effect effect, ConnectorException raw, TimeSpan took, CancellationToken cancel)
    {
        var failure = EffectRetry.Judge(raw, effect.Attempts);
        await ledger.NoteAttemptAsync(effect, "send", failure.Message, took, cancel);
        await SettleAsync(effect, failure, cancel);
        if (failure is ConnectorThrottledException or ConnectorCredentialsException or ConnectorUnavailableException) throw failure;
    }

    private Task SettleAsync(Effect effect, ConnectorException failure, CancellationToken cancel) => failure switch
    {
        ConnectorRejectedException refusal => ledger.RejectAsync(effect, refusal, cancel),
        ConnectorNotFoundException => ledger.RejectAsync(effect, EffectState.Rejected, failure.Message, cancel, ticketMissing: true),
        ConnectorUnavailableException { MayHaveBeenApplied: true } => ledger.DoubtAsync(effect, EffectRetry.BeforeProbe(failure, effect.Attempts), failure.Message, 0, cancel),
        _ => ledger.RetryAsync(effect, EffectRetry.Wait(failure, effect.Attempts), failure.Message, cancel),
    };
}
