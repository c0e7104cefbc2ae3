using System.Collections.Concurrent;
using System.Globalization;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>Takes orders for calls and keeps those that are under way (twilio.com/docs/voice/api/call-resource).</summary>
internal sealed class CallDesk(TwilioAccount account, WebhookSender webhooks, FaultList faults, TimeProvider clock, CancellationToken stopping)
{
    private const int LongestTwiml = 4000;

    private static readonly string[] KnownEvents = ["initiated", "ringing", "answered", "completed"];

    private readonly ConcurrentDictionary<string, CallRun> _runs = new(StringComparer.Ordinal);

    /// <summary>Reads the form of a new call. <paramref name="events"/>: StatusCallbackEvent, which may come several times or have several words.</summary>
    public (StoredCall? Call, TwilioError? Refusal) Read(IReadOnlyDictionary<string, string> form, IEnumerable<string> events)
    {
        string? Text(string name) => form.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;
        string Method(string name) => Text(name)?.ToUpperInvariant() == "GET" ? "GET" : "POST";
        var wanted = events.SelectMany(words => words.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)).Where(KnownEvents.Contains).ToList();
        var timeout = int.TryParse(Text("Timeout"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? Math.Clamp(seconds, 1, 600) : 60;
        var order = new CallOrder(Text("From") ?? "", Text("To") ?? "", Text("Url"), Method("Method"), Text("Twiml"), Text("FallbackUrl"), Method("FallbackMethod"),
            Text("StatusCallback"), Method("StatusCallbackMethod"), wanted.Count > 0 ? wanted : ["completed"], timeout, Text("MachineDetection") is "Enable" or "DetectMessageEnd" ? Text("MachineDetection") : null);
        if (Refusal(order) is { } refusal) return (null, refusal);
        var now = account.Now;
        return (new StoredCall(TwilioCredentials.NewSid("CA"), now, now, order, "queued"), null);
    }

    /// <summary>Makes the call; done when it is over.</summary>
    public async Task MakeAsync(StoredCall call)
    {
        var run = new CallRun(account, webhooks, faults, clock, call, stopping);
        _runs[call.Sid] = run;
        await run.RunAsync();
        _runs.TryRemove(call.Sid, out _);
    }

    /// <summary>Does something to a call under way and waits until it came to rest; false when that cannot be done to it now.</summary>
    public Task<bool> ActAsync(string sid, CallAct act) => _runs.TryGetValue(sid, out var run) ? run.ActAsync(act) : Task.FromResult(false);

    private TwilioError? Refusal(CallOrder order)
    {
        if (order.To.Length == 0) return TwilioError.NoCallTo;
        if (order.From.Length == 0) return TwilioError.NoCallFrom;
        if (!SmsText.IsNumber(order.To)) return TwilioError.InvalidTo(order.To);
        if (order.From != account.Credentials.Number) return TwilioError.ForeignCaller(order.From);
        if (order.Url is null && order.Twiml is null) return TwilioError.NoUrl;
        foreach (var url in new[] { order.Url, order.FallbackUrl }) if (url is not null && !Twiml.IsWebAddress(url)) return TwilioError.BadUrl(url);
        if (order.StatusCallback is { } callback && !Twiml.IsWebAddress(callback)) return TwilioError.BadStatusCallback(callback);
        return order.Url is null && order.Twiml!.Length > LongestTwiml ? TwilioError.TwimlTooLong : null;
    }
}
