namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>Asks Twilio for the account, so that a wrong SID or token shows before a night does. Nothing is sent to anybody.</summary>
internal sealed class TestTwilio(TwilioAccounts accounts, TwilioApi api, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Asks.</summary>
    public async Task<TwilioTested> RunAsync(CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            if (await accounts.ReadAsync(either.Token) is not { } account) return new(false, TwilioAccounts.NotSet);
            var answer = await api.AccountAsync(account, either.Token);
            if (!answer.IsSuccess) return new(false, TwilioErrors.Refusal(answer).Detail);
            if (TwilioApi.Member(answer.Body, "status") is not { } status) return new(false, "Something answered in Twilio's place: this is no account. Look at the address and at the proxy on the way.");
            if (status != "active") return new(false, $"Twilio knows the account, but it is {status}. Twilio's console says why.");
            var name = TwilioApi.Member(answer.Body, "friendly_name") is { Length: > 0 } friendly ? $" {friendly}" : "";
            return account.PublicUrl.Length > 0
                ? new(true, $"Twilio knows the account{name}, and it is active.")
                : new(true, $"Twilio knows the account{name}, and it is active. But the hub's public address is not set: no answer to a text can reach the hub, and whether texts arrive stays unknown.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, $"No answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception failure) when (failure is HttpRequestException or InvalidOperationException)
        {
            return new(false, failure is HttpRequestException ? $"Twilio could not be reached: {failure.Message}" : failure.Message);
        }
    }
}

/// <summary>What came of the test.</summary>
internal sealed record TwilioTested(bool Works, string Detail);
