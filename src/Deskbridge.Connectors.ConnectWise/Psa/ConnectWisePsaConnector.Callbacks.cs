namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IReceivesCallbacks
{
    public async Task<CallbackVerdict> VerifyAsync(CallbackRequest request, CancellationToken cancel)
    {
        if (CallbackBody.Read(request.Body) is not { } body)
        {
            return new CallbackVerdict.Refused("The body is not a ConnectWise callback.");
        }

        if (!string.Equals(body.CompanyId, _client.CompanyId, StringComparison.OrdinalIgnoreCase))
        {
            return new CallbackVerdict.Refused("The callback is for another company.");
        }

        var address = await _client.AddressAsync(cancel);
        if (CallbackKeyUrl.WhyNot(body.KeyUrl, address, _client.CompanyId) is { } reason)
        {
            return new CallbackVerdict.Refused(reason);
        }

        var signature = request.Headers.FirstOrDefault(header => header.Key.Equals("x-content-signature", StringComparison.OrdinalIgnoreCase)).Value;
        if (string.IsNullOrWhiteSpace(signature))
        {
            return new CallbackVerdict.Refused("The header x-content-signature is missing.");
        }

        return await _signatures.WhyNotAsync(new Uri(body.KeyUrl!), request.Body, signature, cancel) is { } forged
            ? new CallbackVerdict.Refused(forged)
            : body.Accepted(request.Body);
    }

    public Task<SubscriptionReport> EnsureSubscriptionsAsync(Uri callbackUrl, CancellationToken cancel) =>
        new CallbackSubscriptions(_client, callbackUrl.AbsolutePath).EnsureAsync(callbackUrl, cancel);

    public Task<int> RemoveSubscriptionsAsync(string callbackPath, CancellationToken cancel) =>
        new CallbackSubscriptions(_client, callbackPath).RemoveAsync(cancel);
}
