using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>What a test does with the phones of simulated people, and with the account's number. The group it is mapped to checks the control token.</summary>
internal sealed class PhoneControl(TwilioAccount account, SmsDesk sms, CallDesk calls, WebhookSender webhooks)
{
    private static readonly SearchValues<char> Keys = SearchValues.Create("0123456789*#");
    private static readonly string[] Actions = ["answer", "voicemail", "decline", "busy", "no-answer", "fail", "digits", "hangup"];

    public void Map(RouteGroupBuilder control)
    {
        control.MapGet("/phones", () => ControlJson.Answer(new { items = account.Phones }));
        control.MapPut("/phones/{number}", SetAsync);
        control.MapGet("/phones/{number}/sms", (string number) => ControlJson.Answer(new { items = account.Messages.Where(message => Concerns(message, number)).Select(PhoneSms.Of) }));
        control.MapPost("/phones/{number}/sms", TextAsync);
        control.MapGet("/phones/{number}/calls", (string number) => ControlJson.Answer(new { items = CallsOf(number).Select(PhoneCall.Of) }));
        control.MapPost("/phones/{number}/calls/{sid}/{action}", ActAsync);
        control.MapPut("/twilio/number", (Delegate)SetNumberAsync);
        control.MapGet("/twilio/webhooks", ListWebhooks);
        control.MapPost("/twilio/webhooks/{seq:long}/replay", ReplayAsync);
    }

    private async Task<IResult> SetAsync(HttpContext http, string number)
    {
        if (!SmsText.IsNumber(number)) return NoNumber(number);
        var (wish, problem) = await ControlJson.ReadAsync<PhoneWish>(http);
        if (wish is null) return problem!;
        var phone = account.Phone(number) with { Calls = wish.Calls };
        await account.SaveAsync(new TwilioLine(account.Now, Phone: phone));
        return ControlJson.Answer(phone);
    }

    private async Task<IResult> TextAsync(HttpContext http, string number)
    {
        if (!SmsText.IsNumber(number)) return NoNumber(number);
        var (text, problem) = await ControlJson.ReadAsync<PhoneText>(http);
        if (text is null) return problem!;
        if (text.To is { } to && to != account.Credentials.Number) return ControlJson.Problem(400, $"Nobody here answers {to}; the account's number is {account.Credentials.Number}.");
        var (sent, status) = await sms.TextAsync(number, account.Credentials.Number, text.Body);
        return ControlJson.Answer(new { sent.Sid, WebhookStatus = status });
    }

    private async Task<IResult> ActAsync(HttpContext http, string number, string sid, string action)
    {
        if (!Actions.Contains(action)) return ControlJson.Problem(404, $"A call knows {string.Join(", ", Actions)}, not '{action}'.");
        var digits = "";
        if (action == "digits")
        {
            var (pressed, problem) = await ControlJson.ReadAsync<PhoneDigits>(http);
            if (pressed is null) return problem!;
            digits = pressed.Digits;
            if (digits.Length == 0 || digits.AsSpan().ContainsAnyExcept(Keys)) return ControlJson.Problem(400, "'digits' are 0 to 9, * and #, at least one.");
        }

        if (CallsOf(number).LastOrDefault(call => sid == "current" ? !call.IsOver : call.Sid == sid) is not { } found) return ControlJson.Problem(404, $"{number} has no such call.");
        var done = await calls.ActAsync(found.Sid, new CallAct(action, digits));
        var call = account.Call(found.Sid)!;
        return done ? ControlJson.Answer(PhoneCall.Of(call)) : ControlJson.Problem(409, $"The call cannot take '{action}': it is {call.Status} and waits for {call.Waiting?.ToString() ?? "nothing"}.");
    }

    private async Task<IResult> SetNumberAsync(HttpContext http)
    {
        var (number, problem) = await ControlJson.ReadAsync<TwilioNumber>(http);
        if (number is null) return problem!;
        if (number.SmsUrl is { } url && !Twiml.IsWebAddress(url)) return ControlJson.Problem(400, "'smsUrl' must be an http or https address.");
        await account.SaveAsync(new TwilioLine(account.Now, Number: number));
        return ControlJson.Answer(number);
    }

    private IResult ListWebhooks(HttpContext http)
    {
        var (seq, problem) = ControlJson.After(http);
        if (problem is not null) return problem;
        var found = account.WebhooksAfter(seq).Select(WebhookView.Of).ToList();
        return ControlJson.Answer(new { items = found, next = found.Count > 0 ? found[^1].Seq : seq });
    }

    private async Task<IResult> ReplayAsync(long seq)
    {
        if (account.WebhooksAfter(seq - 1).FirstOrDefault(line => line.Seq == seq)?.Entry.Webhook is not { } webhook) return ControlJson.Problem(404, $"Line {seq} is no request.");
        var answer = await webhooks.SendAsync(webhook);
        return ControlJson.Answer(WebhookView.Of(account.WebhooksAfter(answer.Seq - 1).First()));
    }

    private IEnumerable<StoredCall> CallsOf(string number) => account.Calls.Where(call => call.Order.To == number);

    private static bool Concerns(StoredSms message, string number) => message.IsOnPhone && (message.Direction == "inbound" ? message.From : message.To) == number;

    private static IResult NoNumber(string number) => ControlJson.Problem(400, $"'{number}' is no phone number such as +15555550123.");

    private sealed record PhoneWish(CallHabit Calls);

    private sealed record PhoneText
    {
        public required string Body { get; init; }
        public string? To { get; init; }
    }

    private sealed record PhoneDigits
    {
        public required string Digits { get; init; }
    }
}

/// <summary>A message as its phone shows it.</summary>
internal sealed record PhoneSms(string Sid, DateTimeOffset At, string Direction, string From, string To, string Body)
{
    public static PhoneSms Of(StoredSms sms) => new(sms.Sid, sms.CreatedAt, sms.Direction == "inbound" ? "sent" : "received", sms.From!, sms.To, sms.Body);
}

/// <summary>A call as the one at the phone knows it.</summary>
internal sealed record PhoneCall(
    string Sid, DateTimeOffset At, string From, string To, string Status, string? AnsweredBy, CallWait? Waiting, IReadOnlyList<string> Heard, string Pressed, string? Problem)
{
    public static PhoneCall Of(StoredCall call) =>
        new(call.Sid, call.CreatedAt, call.Order.From, call.Order.To, call.Status, call.AnsweredBy, call.Waiting, call.Heard ?? [], call.Pressed, call.Problem);
}

/// <summary>A request that was made, with its place in the log.</summary>
internal sealed record WebhookView(long Seq, DateTimeOffset At, string Kind, string Url, string Method, IReadOnlyDictionary<string, string> Fields, string Signature, int Status)
{
    public static WebhookView Of(Logged<TwilioLine> logged)
    {
        var webhook = logged.Entry.Webhook!;
        return new WebhookView(logged.Seq, logged.Entry.At, webhook.Kind, webhook.Url, webhook.Method, webhook.Fields, webhook.Signature, webhook.Status);
    }
}
