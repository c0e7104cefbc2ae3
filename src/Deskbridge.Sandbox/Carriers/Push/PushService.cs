namespace Deskbridge.Sandbox.Carriers.Push;

/// <summary>The subscriptions as they are now, and what was accepted for them; every change is in the log first.</summary>
internal sealed class PushService
{
    private readonly AppendLog<PushLine> _log;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, StoredSubscription> _subscriptions = new(StringComparer.Ordinal);

    public PushService(AppendLog<PushLine> log)
    {
        _log = log;
        foreach (var line in log.After(0)) Apply(line.Entry);
    }

    public IReadOnlyList<StoredSubscription> Subscriptions
    {
        get { lock (_gate) return [.. _subscriptions.Values]; }
    }

    public StoredSubscription? Find(string id)
    {
        lock (_gate) return _subscriptions.GetValueOrDefault(id);
    }

    public async Task SaveAsync(PushLine line)
    {
        await _log.AppendAsync(line, CancellationToken.None);
        Apply(line);
    }

    /// <summary>What came behind that number, as the browsers read it.</summary>
    public IEnumerable<PushView> After(long seq) =>
        _log.After(seq).Where(line => line.Entry.Push is not null).Select(View);

    /// <summary>A message as its browser reads it.</summary>
    public PushView View(Logged<PushLine> logged)
    {
        var push = logged.Entry.Push!;
        var subscription = Find(push.Subscription)!;
        var (text, problem) = PushEncryption.Read(subscription, push.Body);
        return new PushView(logged.Seq, logged.Entry.At, push.Subscription, subscription.Phone, push.Ttl, push.Urgency, push.Topic, text, problem, push.Body.Length, push.ServerKey);
    }

    private void Apply(PushLine line)
    {
        if (line.Subscription is not { } subscription) return;
        lock (_gate) _subscriptions[subscription.Id] = subscription;
    }
}

/// <summary>A message with its place in the log; <paramref name="Problem"/> is why the browser would drop it.</summary>
internal sealed record PushView(
    long Seq, DateTimeOffset At, string Subscription, string? Phone, int Ttl, string Urgency, string? Topic, string? Text, string? Problem, int Bytes, string ServerKey);
