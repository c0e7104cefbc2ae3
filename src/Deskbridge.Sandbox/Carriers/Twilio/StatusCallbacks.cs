namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>The status callbacks of one message or call, in order unless a fault was ordered.</summary>
internal sealed class StatusCallbacks(WebhookSender webhooks, FaultList faults, string kind, string? url, string method, params string[] concerned)
{
    private IReadOnlyDictionary<string, string>? _heldBack;

    public async Task SendAsync(IReadOnlyDictionary<string, string> fields)
    {
        if (url is null) return;
        var strike = faults.Take(Carrier.Twilio, FaultStage.Callback, FaultMoment.Before, concerned).Strike?.Kind;
        if (strike == FaultKind.CallbackLost) return;
        if (strike == FaultKind.CallbackReordered && _heldBack is null)
        {
            _heldBack = fields;
            return;
        }

        await PostAsync(fields);
        if (strike == FaultKind.CallbackDuplicate) await PostAsync(fields);
        await EndAsync();
    }

    /// <summary>What was held back and has nothing to come after goes out all the same.</summary>
    public async Task EndAsync()
    {
        if (_heldBack is not { } late) return;
        _heldBack = null;
        await PostAsync(late);
    }

    private Task<WebhookAnswer> PostAsync(IReadOnlyDictionary<string, string> fields) => webhooks.SendAsync(kind, url!, method, fields, concerned);
}
