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

        return await _signatures.HoldsAsync(new Uri(body.KeyUrl!), request.Body, signature, cancel)
            ? body.Accepted(request.Body)
            : new CallbackVerdict.Refused("The signature does not fit the body.");
    }

    public Task<SubscriptionReport> EnsureSubscriptionsAsync(Uri callbackUrl, CancellationToken cancel) =>
        new CallbackSubscriptions(_client, callbackUrl).EnsureAsync(cancel);

    public Task<int> RemoveSubscriptionsAsync(Uri callbackUrl, CancellationToken cancel) =>
        new CallbackSubscriptions(_client, callbackUrl).RemoveAsync(cancel);
}
