namespace Deskbridge.Connectors.Autotask;

internal sealed partial class AutotaskConnector : IReceivesCallbacks
{
    public Task<CallbackVerdict> VerifyAsync(CallbackRequest request, CancellationToken cancel)
    {
        var signature = request.Headers.FirstOrDefault(header => header.Key.Equals("X-Hook-Signature", StringComparison.OrdinalIgnoreCase)).Value;
        return Task.FromResult(
            string.IsNullOrWhiteSpace(signature) ? new CallbackVerdict.Refused("The header X-Hook-Signature is missing.")
            : !_webhookSecret.Signed(request.Body.Span, signature) ? new CallbackVerdict.Refused("The signature does not fit the body.")
            : WebhookBody.Read(request.Body));
    }

    /// <summary>One after the other: a webhook that is just being made has not all its fields yet, and would be taken for one that was cut off.</summary>
    public async Task<SubscriptionReport> EnsureSubscriptionsAsync(Uri callbackUrl, CancellationToken cancel)
    {
        await _subscribing.WaitAsync(cancel);
        try
        {
            return await new Webhooks(_client, _webhookSecret, callbackUrl.AbsolutePath).EnsureAsync(callbackUrl, cancel);
        }
        finally
        {
            _subscribing.Release();
        }
    }

    public Task<int> RemoveSubscriptionsAsync(string callbackPath, CancellationToken cancel) => new Webhooks(_client, _webhookSecret, callbackPath).RemoveAsync(cancel);
}
