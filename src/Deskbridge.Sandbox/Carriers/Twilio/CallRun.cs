using System.Globalization;
using System.Threading.Channels;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>What is done to a call: by the one at the phone, or by the account's owner (<c>canceled</c>, <c>completed</c>).</summary>
internal sealed record CallAct(string Name, string Digits = "")
{
    /// <summary>True when the call has come to rest after it, false when it does not fit the state of the call.</summary>
    public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One call from its order to its end. It alone writes what becomes of the call; others put acts in.</summary>
internal sealed class CallRun(TwilioAccount account, WebhookSender webhooks, FaultList faults, TimeProvider clock, StoredCall call, CancellationToken stopping)
{
    private static readonly TimeSpan VoicemailListens = TimeSpan.FromSeconds(60);

    private readonly Channel<CallAct> _acts = Channel.CreateUnbounded<CallAct>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<CallAct> _taken = [];
    private readonly string[] _concerned = [call.Order.To, "call", call.Sid];
    private readonly StatusCallbacks _callbacks = new(webhooks, faults, "callStatus", call.Order.StatusCallback, call.Order.StatusCallbackMethod, call.Order.To, "call", call.Sid);
    private int _sequence;
    private DateTimeOffset? _hangsUpAt;

    public StoredCall Call { get; private set; } = call;

    /// <summary>Does something to the call and waits until it came to rest; false when that cannot be done to it now.</summary>
    public Task<bool> ActAsync(CallAct act) => _acts.Writer.TryWrite(act) ? act.Done.Task : Task.FromResult(false);

    public async Task RunAsync()
    {
        try
        {
            await TellAsync("initiated", "initiated");
            var strike = faults.Take(Carrier.Twilio, FaultStage.Delivery, FaultMoment.Before, _concerned).Strike?.Kind;
            if (strike == FaultKind.NeverDelivered) await EndAsync((await NextAsync(null, Timeout.InfiniteTimeSpan, "canceled", "completed"))!.Name == "canceled" ? "canceled" : "completed");
            else if (strike is not null) await EndAsync("failed");
            else await RingAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The sandbox stops; what it finds at its next start is a failed call.
        }
        finally
        {
            _acts.Writer.Complete();
            Settle();
            while (_acts.Reader.TryRead(out var late)) late.Done.TrySetResult(false);
        }
    }

    /// <summary>Waits for one of the acts; null when the time is over. A voicemail hangs up by itself.</summary>
    public async Task<CallAct?> NextAsync(CallWait? waiting, TimeSpan limit, params string[] acts)
    {
        var isMachine = _hangsUpAt is { } end && (limit == Timeout.InfiniteTimeSpan || account.Now + limit >= end);
        if (isMachine) limit = TimeSpan.FromTicks(Math.Max(0, (_hangsUpAt!.Value - account.Now).Ticks));
        using var timer = new CancellationTokenSource(limit, clock); // runs before anybody can see that the call waits
        using var over = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping);
        Call = await account.SaveAsync(Call with { Waiting = waiting });
        Settle();
        try
        {
            while (true)
            {
                var act = await _acts.Reader.ReadAsync(over.Token);
                if (!acts.Contains(act.Name))
                {
                    act.Done.TrySetResult(false);
                    continue;
                }

                _taken.Add(act);
                Call = Call with { Waiting = null };
                return act;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            Call = Call with { Waiting = null };
            return isMachine ? new CallAct("hangup") : null;
        }
    }

    public void Hear(string words) => Call = Call with { Heard = [.. Call.Heard ?? [], words] };

    public void Press(string digits) => Call = Call with { Pressed = Call.Pressed + digits };

    public void Stumble(string problem) => Call = Call with { Problem = problem };

    /// <summary>Asks the account's owner what to do in the call.</summary>
    public Task<WebhookAnswer> AskAsync(string kind, string url, string method, params (string Name, string Value)[] more)
    {
        var fields = Fields(Call.Status);
        foreach (var (name, value) in more) fields[name] = value;
        return webhooks.SendAsync(kind, url, method, fields, _concerned);
    }

    private async Task RingAsync()
    {
        Call = await account.SaveAsync(Call with { Status = "ringing" });
        await TellAsync("ringing", "ringing");
        var act = account.Phone(Call.Order.To).Calls switch
        {
            CallHabit.Answer => "answer",
            CallHabit.Voicemail => "voicemail",
            CallHabit.Busy => "busy",
            CallHabit.NoAnswer => "no-answer",
            CallHabit.Fail => "fail",
            _ => (await NextAsync(CallWait.Ring, TimeSpan.FromSeconds(Call.Order.TimeoutSeconds), "answer", "voicemail", "busy", "decline", "no-answer", "fail", "canceled", "completed"))?.Name ?? "no-answer",
        };
        if (act is "answer" or "voicemail") await AnswerAsync(isMachine: act == "voicemail");
        else await EndAsync(act switch { "busy" or "decline" => "busy", "no-answer" => "no-answer", "fail" => "failed", _ => "canceled" });
    }

    private async Task AnswerAsync(bool isMachine)
    {
        if (isMachine) _hangsUpAt = account.Now + VoicemailListens;
        var answeredBy = Call.Order.MachineDetection switch
        {
            null => null,
            "DetectMessageEnd" when isMachine => "machine_end_beep",
            _ => isMachine ? "machine_start" : "human",
        };
        Call = await account.SaveAsync(Call with { Status = "in-progress", StartedAt = account.Now, AnsweredBy = answeredBy });
        await TellAsync("answered", "in-progress");
        await new TwimlPlayer(this).PlayAsync();
        await EndAsync("completed");
    }

    private async Task EndAsync(string status)
    {
        Call = await account.SaveAsync(Call with { Status = status, EndedAt = account.Now, Waiting = null });
        await TellAsync("completed", status);
        await _callbacks.EndAsync();
    }

    private async Task TellAsync(string what, string status)
    {
        if (!Call.Order.Events.Contains(what)) return;
        var fields = Fields(status);
        fields["Timestamp"] = SmsText.Date(account.Now);
        fields["CallbackSource"] = "call-progress-events";
        fields["SequenceNumber"] = (_sequence++).ToString(CultureInfo.InvariantCulture);
        if (what == "completed")
        {
            fields["CallDuration"] = Call.Seconds.ToString(CultureInfo.InvariantCulture);
            fields["Duration"] = ((Call.Seconds + 59) / 60).ToString(CultureInfo.InvariantCulture);
        }

        await _callbacks.SendAsync(fields);
    }

    private Dictionary<string, string> Fields(string status)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Called"] = Call.Order.To,
            ["CallSid"] = Call.Sid,
            ["AccountSid"] = account.Credentials.AccountSid,
            ["From"] = Call.Order.From,
            ["To"] = Call.Order.To,
            ["Caller"] = Call.Order.From,
            ["CallStatus"] = status,
            ["Direction"] = "outbound-api",
            ["ApiVersion"] = SmsDesk.ApiVersion,
        };
        if (Call.AnsweredBy is { } by) fields["AnsweredBy"] = by;
        return fields;
    }

    private void Settle()
    {
        foreach (var act in _taken) act.Done.TrySetResult(true);
        _taken.Clear();
    }
}
