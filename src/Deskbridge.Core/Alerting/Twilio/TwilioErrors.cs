using System.Globalization;
using Deskbridge.Core.Alerting.Paging;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>What Twilio's codes and states mean for a page (twilio.com/docs/api/errors). The two tables stand here and nowhere else.</summary>
internal static class TwilioErrors
{
    private const string Name = "Twilio";
    private const string Settings = "An administrator corrects it under Settings, SMS.";
    private const string Stopped = "The phone answered STOP, so no text may be sent to it. The channel was switched off; a text with START from that phone brings it back.";

    /// <summary>What an answer other than success to a new message means.</summary>
    public static PageOutcome Refusal(CarrierAnswer answer) => Code(TwilioApi.Member(answer.Body, "code")) switch
    {
        21610 => new PageOutcome.PermFail($"Twilio answered 21610. {Stopped}", Gone: true),
        20003 => new PageOutcome.PermFail($"Twilio does not accept the account SID and auth token (20003). {Settings}"),
        21211 or 21217 => new PageOutcome.PermFail("Twilio says that there is no such number (21211). Correct the channel's number."),
        21408 => new PageOutcome.PermFail("The Twilio account may not send to the number's country (21408). Allow it in Twilio under Messaging, Geo permissions."),
        21606 or 21212 or 21659 or 21660 => new PageOutcome.PermFail($"Twilio does not take the sender: it is no number of this account that can send texts (21606). {Settings}"),
        21608 => new PageOutcome.PermFail("The Twilio account is a trial and may text only numbers that were verified in Twilio's console (21608). Verify it there, or upgrade the account."),
        21614 => new PageOutcome.PermFail("The number is no mobile telephone and takes no texts (21614). Enter one that does."),
        20429 => new PageOutcome.TempFail("Twilio answered that there are too many requests (20429).", answer.RetryAfter),
        30001 => new PageOutcome.TempFail("Twilio's queue is full (30001).", answer.RetryAfter),
        { } code when (int)answer.Status is < 500 and not (401 or 403 or 429) => new PageOutcome.PermFail(string.Create(CultureInfo.InvariantCulture, $"Twilio refused the message ({code}): {Line(TwilioApi.Member(answer.Body, "message"))}")),
        _ => (int)answer.Status switch
        {
            401 or 403 => new PageOutcome.PermFail($"Twilio answered {(int)answer.Status}: it does not accept the account SID and auth token. {Settings}"),
            404 => new PageOutcome.PermFail($"Twilio answered 404: it knows no such account. {Settings}"),
            _ => CarrierHttp.Refusal(answer with { Body = "" }, Name),
        },
    };

    /// <summary>What it means that an accepted message ended undelivered or failed.</summary>
    public static PageOutcome Undelivered(string status, string? error) => Code(error) switch
    {
        30001 => new PageOutcome.TempFail("Twilio's queue was full (30001)."),
        30008 => new PageOutcome.TempFail("The text was lost for a reason that nobody knows (30008)."),
        30003 => new PageOutcome.PermFail("The phone is switched off or out of reach (30003)."),
        30004 => new PageOutcome.PermFail("The phone or its provider blocks the text (30004). Ask its owner whether the sender is blocked."),
        30005 => new PageOutcome.PermFail("The provider knows no such phone (30005). Correct the channel's number."),
        30006 => new PageOutcome.PermFail("The number is a land line or its provider takes no texts (30006). Enter a mobile number."),
        30007 => new PageOutcome.PermFail("A provider took the text for spam (30007). Register the sender with Twilio (A2P 10DLC or toll-free verification)."),
        21610 => new PageOutcome.PermFail(Stopped, Gone: true),
        { } code => new PageOutcome.PermFail(string.Create(CultureInfo.InvariantCulture, $"Twilio says that the text was not delivered ({status}, {code}).")),
        _ => new PageOutcome.PermFail($"Twilio says that the text was not delivered ({status})."),
    };

    private static int? Code(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code > 0 ? code : null;

    private static string Line(string? text)
    {
        var line = (text ?? "").ReplaceLineEndings(" ").Trim();
        return line.Length <= 200 ? line : line[..200] + "…";
    }
}
