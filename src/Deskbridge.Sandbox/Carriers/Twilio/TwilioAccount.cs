namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>The account's messages, calls and phones as they are now; every change is in the log before anybody hears of it.</summary>
internal sealed class TwilioAccount
{
    private readonly AppendLog<TwilioLine> _log;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, StoredSms> _messages = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, StoredCall> _calls = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, StoredPhone> _phones = new(StringComparer.Ordinal);
    private TwilioNumber _number = new(SmsUrl: null);

    public TwilioAccount(TwilioCredentials credentials, AppendLog<TwilioLine> log, TimeProvider clock)
    {
        (Credentials, _log, _clock) = (credentials, log, clock);
        foreach (var line in log.After(0)) Apply(line.Entry);
    }

    public TwilioCredentials Credentials { get; }

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<StoredSms> Messages
    {
        get { lock (_gate) return [.. _messages.Values]; }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<StoredCall> Calls
    {
        get { lock (_gate) return [.. _calls.Values]; }
    }

    /// <summary>Phones that were told something or spoken to, oldest first.</summary>
    public IReadOnlyList<StoredPhone> Phones
    {
        get { lock (_gate) return [.. _phones.Values]; }
    }

    public TwilioNumber Number
    {
        get { lock (_gate) return _number; }
    }

    public StoredSms? Message(string sid)
    {
        lock (_gate) return _messages.GetValueOrDefault(sid);
    }

    public StoredCall? Call(string sid)
    {
        lock (_gate) return _calls.GetValueOrDefault(sid);
    }

    public StoredPhone Phone(string number)
    {
        lock (_gate) return _phones.GetValueOrDefault(number) ?? new StoredPhone(number);
    }

    public async Task<Logged<TwilioLine>> SaveAsync(TwilioLine line)
    {
        var logged = await _log.AppendAsync(line, CancellationToken.None);
        Apply(line);
        return logged;
    }

    public async Task<StoredSms> SaveAsync(StoredSms sms)
    {
        var saved = sms with { UpdatedAt = Now };
        await SaveAsync(new TwilioLine(saved.UpdatedAt, Sms: saved));
        return saved;
    }

    public async Task<StoredCall> SaveAsync(StoredCall call)
    {
        var saved = call with { UpdatedAt = Now };
        await SaveAsync(new TwilioLine(saved.UpdatedAt, Call: saved));
        return saved;
    }

    /// <summary>Calls that were under way when the sandbox ended have nobody at their end any more.</summary>
    public async Task EndLostCallsAsync()
    {
        foreach (var call in Calls.Where(call => !call.IsOver)) await SaveAsync(call with { Status = "failed", EndedAt = Now, Waiting = null, Problem = "The sandbox ended during the call." });
    }

    public IEnumerable<Logged<TwilioLine>> WebhooksAfter(long seq) => _log.After(seq).Where(line => line.Entry.Webhook is not null);

    private void Apply(TwilioLine line)
    {
        lock (_gate)
        {
            if (line.Sms is { } sms)
            {
                _messages[sms.Sid] = sms;
                Meet(sms.Direction == "inbound" ? sms.From! : sms.To);
            }
            if (line.Call is { } call)
            {
                _calls[call.Sid] = call;
                Meet(call.Order.To);
            }
            if (line.Phone is { } phone) _phones[phone.Number] = phone;
            if (line.Number is { } number) _number = number;
        }
    }

    private void Meet(string number) => _phones.TryAdd(number, new StoredPhone(number));
}
