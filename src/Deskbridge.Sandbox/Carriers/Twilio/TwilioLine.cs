namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>A line of the log: the new state of one thing, or a request that was made.</summary>
internal sealed record TwilioLine(
    DateTimeOffset At, StoredSms? Sms = null, StoredCall? Call = null, StoredPhone? Phone = null, TwilioNumber? Number = null, StoredWebhook? Webhook = null);

/// <summary>A message in either direction. <paramref name="Status"/> and <paramref name="Direction"/> are Twilio's words.</summary>
internal sealed record StoredSms(
    string Sid, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? SentAt, string? From, string To, string Body, string Direction, string Status,
    int? ErrorCode = null, string? MessagingServiceSid = null, string? StatusCallback = null)
{
    /// <summary>It is on the phone, or came from it.</summary>
    public bool IsOnPhone => Status is "delivered" or "received";
}

/// <summary>What the caller asked for.</summary>
internal sealed record CallOrder(
    string From, string To, string? Url, string Method, string? Twiml, string? FallbackUrl, string FallbackMethod, string? StatusCallback, string StatusCallbackMethod,
    IReadOnlyList<string> Events, int TimeoutSeconds, string? MachineDetection);

/// <summary>A call, with what the one who answered heard and pressed. <paramref name="Waiting"/>: what the call waits for, null while it runs or is over.</summary>
internal sealed record StoredCall(
    string Sid, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, CallOrder Order, string Status, string? AnsweredBy = null, DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null,
    CallWait? Waiting = null, IReadOnlyList<string>? Heard = null, string Pressed = "", string? Problem = null)
{
    public bool IsOver => Status is "completed" or "busy" or "no-answer" or "failed" or "canceled";

    public int Seconds => StartedAt is { } from && EndedAt is { } to ? (int)Math.Ceiling((to - from).TotalSeconds) : 0;
}

/// <summary>What a call waits for: somebody who answers, a key, or the end of a pause.</summary>
internal enum CallWait { Ring, Digits, Pause }

/// <summary>What a phone does with a call: it rings until somebody acts, or does one thing by itself.</summary>
internal enum CallHabit { Ring, Answer, Voicemail, Busy, NoAnswer, Fail }

/// <summary>A phone: how it takes calls, and whether its owner texted STOP.</summary>
internal sealed record StoredPhone(string Number, CallHabit Calls = CallHabit.Ring, bool Stopped = false);

/// <summary>What the account's number is set to do.</summary>
internal sealed record TwilioNumber(string? SmsUrl);

/// <summary>A request that was made to the account's owner; <paramref name="Status"/> 0: no answer.</summary>
internal sealed record StoredWebhook(string Kind, string Url, string Method, IReadOnlyDictionary<string, string> Fields, string Signature, int Status);
