namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IHoldsTwoKeys
{
    private const string SecondKey = "Second key";

    public bool HasSecondKey => _options.SecondPublicKey is { Length: > 0 };

    public DateTimeOffset? SecondKeySince => _client.SecondKeySince;

    public async Task<ProbeCheck> TestSecondKeyAsync(CancellationToken cancel)
    {
        using var second = new PsaClient(_options.WithSecondKey(), _calls, _clock);
        try
        {
            var whose = PsaMap.Text(PsaMap.First(await second.GetAsync("system/myMembers", cancel)), "identifier");
            return string.Equals(whose, _options.MemberId, StringComparison.OrdinalIgnoreCase)
                ? new(SecondKey, ProbeOutcome.Passed, $"It is taken and belongs to {whose}. \"Use the second key\" on the connection's page puts it in the place of the first.")
                : new(SecondKey, ProbeOutcome.Failed, $"It belongs to {whose ?? "nobody"}, not to {_options.MemberId}.", $"Enter a key of {_options.MemberId} (System > Members > API Members > API Keys).");
        }
        catch (ConnectorCredentialsException refused)
        {
            return new(SecondKey, ProbeOutcome.Failed, refused.Message, "Correct Second Public API Key and Second Private API Key, or empty the public one to drop both. The first key goes on meanwhile.");
        }
        catch (ConnectorRejectedException unread) when (unread.Kind == RejectionKind.Permission)
        {
            return new(SecondKey, ProbeOutcome.Failed, unread.Message, PsaRights.FixIn(unread.Message));
        }
    }

    public async Task<bool> TryFirstKeyAgainAsync(CancellationToken cancel)
    {
        using var first = new PsaClient(_options.WithoutSecondKey(), _calls, _clock);
        try
        {
            await first.GetAsync("system/info", cancel);
        }
        catch (ConnectorCredentialsException)
        {
            return false;
        }

        _client.UseFirstKey();
        return true;
    }
}
