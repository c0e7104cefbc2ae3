namespace Deskbridge.Sandbox.Carriers;

internal enum Carrier { Ntfy, Smtp, Teams, Slack, Twilio, Push }

/// <summary>
/// What goes wrong: an error status, a connection that ends without an answer, or a slow answer. With Twilio also later: what was accepted does not arrive,
/// or the requests that Twilio makes are lost, doubled, late or wrongly signed.
/// </summary>
internal enum FaultKind { Status, Cut, Delay, Undelivered, Failed, NeverDelivered, CallbackLost, CallbackDuplicate, CallbackReordered, CallbackBadSignature }

/// <summary>Whether the message was already kept when the fault strikes: after it, the sender is wrong about having failed.</summary>
internal enum FaultMoment { Before, After }

/// <summary>Where it strikes. All but SMTP are asked for <see cref="Publish"/> only; <see cref="Message"/> is the end of a mail's DATA. The last three follow from the kind.</summary>
internal enum FaultStage { Publish, Connect, Ehlo, Auth, Mail, Rcpt, Data, Message, Delivery, Callback, Signature }

/// <summary>A fault ordered through the control endpoint.</summary>
internal sealed record Fault
{
    public int Id { get; init; }
    public required Carrier Carrier { get; init; }
    public required FaultKind Kind { get; init; }
    public FaultStage? Stage { get; init; }
    public FaultMoment Moment { get; init; }
    /// <summary>HTTP status or SMTP reply code of <see cref="FaultKind.Status"/>.</summary>
    public int? Status { get; init; }
    /// <summary>Words of the SMTP reply or of the ntfy error, Slack's word, or the code of the Teams refusal.</summary>
    public string? Text { get; init; }
    /// <summary>Code of the Twilio error, of the refusal or of the delivery.</summary>
    public int? ErrorCode { get; init; }
    public int? RetryAfterSeconds { get; init; }
    /// <summary>Length of <see cref="FaultKind.Delay"/>.</summary>
    public int? DelayMilliseconds { get; init; }
    /// <summary>Only for this topic, envelope address, workflow, hook, subscription or phone number, for <c>sms</c> or <c>call</c>; null for all.</summary>
    public string? Only { get; init; }
    /// <summary>How often it still strikes; null until it is deleted.</summary>
    public int? Times { get; init; }
    public int Hits { get; init; }

    public FaultStage EffectiveStage => Kind switch
    {
        FaultKind.Undelivered or FaultKind.Failed or FaultKind.NeverDelivered => FaultStage.Delivery,
        FaultKind.CallbackLost or FaultKind.CallbackDuplicate or FaultKind.CallbackReordered => FaultStage.Callback,
        FaultKind.CallbackBadSignature => FaultStage.Signature,
        _ => Stage ?? (Carrier == Carrier.Smtp ? FaultStage.Message : FaultStage.Publish),
    };

    /// <summary>Why the fault cannot be carried out as ordered, or null.</summary>
    public string? Problem() => this switch
    {
        { Kind: > FaultKind.Delay, Carrier: not Carrier.Twilio } => $"A fault of {Carrier} has no kind but 'status', 'cut' and 'delay'.",
        { Kind: > FaultKind.Delay, Moment: FaultMoment.After } => "Only 'status', 'cut' and 'delay' have an 'after'.",
        { Kind: > FaultKind.Delay, Times: not < 1 } => null,
        { Stage: FaultStage.Delivery or FaultStage.Callback or FaultStage.Signature } => "That stage follows from the kind of the fault; leave it out.",
        { Carrier: Carrier.Ntfy, EffectiveStage: not FaultStage.Publish } => "An ntfy fault has no stage but 'publish'.",
        { Carrier: not Carrier.Smtp, EffectiveStage: not FaultStage.Publish } => $"A fault of {Carrier} has no stage but 'publish'.",
        { Carrier: Carrier.Smtp, EffectiveStage: FaultStage.Publish } => "'publish' is a stage of ntfy; SMTP has connect, ehlo, auth, mail, rcpt, data and message.",
        { Moment: FaultMoment.After, EffectiveStage: not (FaultStage.Publish or FaultStage.Message) } => "Only 'publish' and 'message' have an 'after': no other stage keeps anything.",
        { Kind: FaultKind.Status, Carrier: Carrier.Ntfy, Status: not (>= 400 and <= 599) } => "'status' of an ntfy fault must be 400 to 599.",
        { Kind: FaultKind.Status, Carrier: Carrier.Smtp, Status: not (>= 400 and <= 599) } => "'status' of an SMTP fault must be 400 to 599.",
        { Kind: FaultKind.Status, Status: not (>= 400 and <= 599) } => "'status' must be 400 to 599.",
        { Kind: FaultKind.Delay, DelayMilliseconds: not (>= 1 and <= 600_000) } => "A delay needs 'delayMilliseconds' from 1 to 600000.",
        { RetryAfterSeconds: < 0 } => "'retryAfterSeconds' cannot be negative.",
        { Times: < 1 } => "'times' must be 1 or more; leave it out for a fault that stays.",
        { Text: { } text } when text.AsSpan().ContainsAny('\r', '\n') => "'text' must be one line.",
        _ => null,
    };
}
