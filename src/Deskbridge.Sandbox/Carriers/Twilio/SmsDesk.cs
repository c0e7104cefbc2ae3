using System.Globalization;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>Takes messages, brings them to phones and takes what phones send (twilio.com/docs/messaging/guides/webhook-request, /track-outbound-message-status).</summary>
internal sealed class SmsDesk(TwilioAccount account, WebhookSender webhooks, FaultList faults)
{
    public const string ApiVersion = "2010-04-01";

    /// <summary>Reads the form of a new message.</summary>
    public (StoredSms? Sms, TwilioError? Refusal) Read(IReadOnlyDictionary<string, string> form)
    {
        var (to, from, service, body, callback) = (form.GetValueOrDefault("To", ""), form.GetValueOrDefault("From", ""), form.GetValueOrDefault("MessagingServiceSid", ""), form.GetValueOrDefault("Body", ""), form.GetValueOrDefault("StatusCallback"));
        if (Refusal(to, from, service, body, callback, form.GetValueOrDefault("ValidityPeriod")) is { } refusal) return (null, refusal);
        var isService = from.Length == 0;
        var now = account.Now;
        return (new StoredSms(TwilioCredentials.NewSid("SM"), now, now, null, isService ? null : from, to, body, "outbound-api", isService ? "accepted" : "queued",
            MessagingServiceSid: isService ? service : null, StatusCallback: callback), null);
    }

    /// <summary>Brings an accepted message to its phone, or not.</summary>
    public async Task DeliverAsync(StoredSms sms)
    {
        string[] concerned = [sms.To, "sms", sms.Sid];
        var callbacks = new StatusCallbacks(webhooks, faults, "messageStatus", sms.StatusCallback, "POST", concerned);
        var strike = faults.Take(Carrier.Twilio, FaultStage.Delivery, FaultMoment.Before, concerned).Strike;
        await BecomeAsync("queued");
        if (strike?.Kind == FaultKind.Failed)
        {
            await BecomeAsync("failed", strike.ErrorCode ?? 30001);
        }
        else
        {
            sms = sms with { SentAt = account.Now };
            await BecomeAsync("sent");
            if (strike is null) await BecomeAsync("delivered");
            else if (strike.Kind == FaultKind.Undelivered) await BecomeAsync("undelivered", strike.ErrorCode ?? 30003);
        }

        await callbacks.EndAsync();

        async Task BecomeAsync(string status, int? errorCode = null)
        {
            sms = await account.SaveAsync(sms with { Status = status, ErrorCode = errorCode, From = account.Credentials.Number });
            await callbacks.SendAsync(StatusFields(sms));
        }
    }

    /// <summary>The owner of a phone texts. Done when the account's owner has answered.</summary>
    public async Task<(StoredSms Sms, int? WebhookStatus)> TextAsync(string phone, string to, string body)
    {
        var now = account.Now;
        var sms = await account.SaveAsync(new StoredSms(TwilioCredentials.NewSid("SM"), now, now, null, phone, to, body, "inbound", "received"));
        if (SmsText.IsStop(body)) await TurnAsync(phone, stopped: true, "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.");
        else if (SmsText.IsStart(body)) await TurnAsync(phone, stopped: false, "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.");
        else if (SmsText.IsHelp(body)) await AnswerAsync(phone, "Reply STOP to unsubscribe. Msg&Data Rates May Apply.");

        if (account.Number.SmsUrl is not { } url) return (sms, null);
        var answer = await webhooks.SendAsync("sms", url, "POST", InboundFields(sms), phone, "sms", sms.Sid);
        foreach (var reply in answer.IsSuccess ? Replies(answer) : []) if (!account.Phone(phone).Stopped) await AnswerAsync(phone, reply);
        return (sms, answer.Status);
    }

    private async Task TurnAsync(string phone, bool stopped, string words)
    {
        if (account.Phone(phone).Stopped == stopped) return;
        await account.SaveAsync(new TwilioLine(account.Now, Phone: account.Phone(phone) with { Stopped = stopped }));
        await AnswerAsync(phone, words);
    }

    private Task<StoredSms> AnswerAsync(string phone, string words)
    {
        var now = account.Now;
        return account.SaveAsync(new StoredSms(TwilioCredentials.NewSid("SM"), now, now, now, account.Credentials.Number, phone, words, "outbound-reply", "delivered"));
    }

    // TwiML with Message verbs, or bare text (twilio.com/docs/messaging/twiml); anything else says nothing.
    private static IEnumerable<string> Replies(WebhookAnswer answer)
    {
        if (answer.Body.Length == 0) return [];
        if (answer.ContentType == "text/plain") return [answer.Body];
        var (response, _) = Twiml.Read(answer.Body);
        return response is null ? [] : [.. response.Elements("Message").Select(message => (message.Element("Body") ?? message).Value.Trim()).Where(text => text.Length > 0)];
    }

    private TwilioError? Refusal(string to, string from, string service, string body, string? callback, string? validity)
    {
        if (to.Length == 0) return TwilioError.NoMessageTo;
        if (from.Length == 0 && service.Length == 0) return TwilioError.NoMessageFrom;
        if (!SmsText.IsNumber(to)) return TwilioError.InvalidTo(to);
        if (from.Length == 0 && service != account.Credentials.MessagingServiceSid) return TwilioError.NoService;
        if (from.Length > 0 && !SmsText.IsNumber(from)) return TwilioError.InvalidFrom(from);
        if (from == to) return TwilioError.SameNumber;
        if (from.Length > 0 && from != account.Credentials.Number) return TwilioError.ForeignFrom(from);
        if (body.Length == 0) return TwilioError.NoBody;
        if (body.Length > SmsText.Longest) return TwilioError.BodyTooLong;
        if (callback is not null && !Twiml.IsWebAddress(callback)) return TwilioError.BadStatusCallback(callback);
        if (validity is not null && (!int.TryParse(validity, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > 14400)) return TwilioError.ValidityPeriod;
        return account.Phone(to).Stopped ? TwilioError.Unsubscribed : null;
    }

    private Dictionary<string, string> StatusFields(StoredSms sms)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SmsSid"] = sms.Sid,
            ["SmsStatus"] = sms.Status,
            ["MessageStatus"] = sms.Status,
            ["To"] = sms.To,
            ["MessageSid"] = sms.Sid,
            ["AccountSid"] = account.Credentials.AccountSid,
            ["From"] = sms.From!,
            ["ApiVersion"] = ApiVersion,
        };
        if (sms.MessagingServiceSid is { } service) fields["MessagingServiceSid"] = service;
        if (sms.ErrorCode is { } code) fields["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);
        return fields;
    }

    private Dictionary<string, string> InboundFields(StoredSms sms) => new(StringComparer.Ordinal)
    {
        ["ToCountry"] = "US",
        ["SmsMessageSid"] = sms.Sid,
        ["NumMedia"] = "0",
        ["SmsSid"] = sms.Sid,
        ["SmsStatus"] = "received",
        ["Body"] = sms.Body,
        ["To"] = sms.To,
        ["NumSegments"] = SmsText.Segments(sms.Body).ToString(CultureInfo.InvariantCulture),
        ["MessageSid"] = sms.Sid,
        ["AccountSid"] = account.Credentials.AccountSid,
        ["From"] = sms.From!,
        ["ApiVersion"] = ApiVersion,
    };
}
