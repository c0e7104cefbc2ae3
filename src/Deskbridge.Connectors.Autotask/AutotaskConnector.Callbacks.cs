namespace Deskbridge.Connectors.Autotask;

internal sealed partial class AutotaskConnector : IReceivesCallbacks
{
    public Task<CallbackVerdict> VerifyAsync(CallbackRequest request, CancellationToken cancel)
    {
        var signature = request.Headers.FirstOrDefault(header => header.Key.Equals("X-Hook-Signature", StringComparison.OrdinalIgnoreCase)).Value;
        return Task.FromResult(Verify(request, signature));
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

    /// <summary>The call that tells of a webhook's end has a form that the vendor does not publish, and no signature (reference 5.3).</summary>
    private CallbackVerdict Verify(CallbackRequest request, string? signature)
    {
        if (request.Appended.Equals(Webhooks.EndPath, StringComparison.OrdinalIgnoreCase) || WebhookBody.TellsOfAnEnd(request.Body))
            return new CallbackVerdict.Hint("Autotask says that a webhook of this connection was switched off or deleted.");
        if (string.IsNullOrWhiteSpace(signature)) return new CallbackVerdict.Refused("The header X-Hook-Signature is missing.");
        return _webhookSecret.Signed(request.Body.Span, signature) ? WebhookBody.Read(request.Body) : new CallbackVerdict.Refused("The signature does not fit the body.");
    }
}
