using System.Globalization;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>A refusal as Twilio answers it (twilio.com/docs/usage/twilios-response, codes at twilio.com/docs/api/errors).</summary>
internal sealed record TwilioError(int Code, string Message, int Status)
{
    public string MoreInfo => string.Create(CultureInfo.InvariantCulture, $"https://www.twilio.com/docs/errors/{Code}");

    public static readonly TwilioError Authenticate = new(20003, "Authenticate", 401);
    public static readonly TwilioError NoMessageTo = new(21604, "A 'To' phone number is required.", 400);
    public static readonly TwilioError NoMessageFrom = new(21603, "A 'From' phone number is required.", 400);
    public static readonly TwilioError NoBody = new(21602, "Message body is required.", 400);
    public static readonly TwilioError BodyTooLong = new(21617, "The concatenated message body exceeds the 1600 character limit.", 400);
    public static readonly TwilioError SameNumber = new(21266, "'To' and 'From' number cannot be the same", 400);
    public static readonly TwilioError Unsubscribed = new(21610, "Attempt to send to unsubscribed recipient", 400);
    public static readonly TwilioError NoService = new(21701, "The Messaging Service does not exist.", 400);
    public static readonly TwilioError ValidityPeriod = new(90007, "Invalid validity period value", 400);
    public static readonly TwilioError NoCallTo = new(21201, "No 'To' number is specified", 400);
    public static readonly TwilioError NoCallFrom = new(21213, "No 'From' number is specified", 400);
    public static readonly TwilioError NoUrl = new(21205, "Url parameter is required.", 400);
    public static readonly TwilioError TwimlTooLong = new(21240, "Twiml parameter exceeds 4000 characters.", 400);
    public static readonly TwilioError NotInProgress = new(21220, "Call is not in-progress. Cannot redirect.", 400);
    public static readonly TwilioError BadStatus = new(21218, "Invalid 'Status' parameter.", 400);

    public static TwilioError NotFound(string path) => new(20404, $"The requested resource {path} was not found", 404);
    public static TwilioError InvalidTo(string to) => new(21211, $"The 'To' number {to} is not a valid phone number.", 400);
    public static TwilioError InvalidFrom(string from) => new(21212, $"The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID.", 400);
    public static TwilioError ForeignFrom(string from) => new(21606, $"The From phone number {from} is not a valid, SMS-capable inbound phone number or short code for your account.", 400);
    public static TwilioError ForeignCaller(string from) => new(21210, $"The source phone number provided, {from}, is not yet verified for your account.", 400);
    public static TwilioError BadUrl(string url) => new(21205, $"Url is not a valid URL: {url}", 400);
    public static TwilioError BadStatusCallback(string url) => new(21609, $"The StatusCallback URL {url} is not a valid URL.", 400);

    /// <summary>The refusal that an ordered fault asks for, in the vendor's words where they are known.</summary>
    public static TwilioError Ordered(Fault fault, string to)
    {
        var status = fault.Status ?? 500;
        var code = fault.ErrorCode ?? status switch { 400 => 20001, 401 => 20003, 403 => 20005, 404 => 20404, 429 => 20429, 503 => 20503, _ => 20500 };
        return new TwilioError(code, fault.Text ?? Words(code, to), status);
    }

    private static string Words(int code, string to) => code switch
    {
        20003 => Authenticate.Message,
        20005 => "Account not active",
        20429 => "Too Many Requests",
        20500 => "An internal server error has occurred",
        20503 => "Service unavailable",
        21211 => InvalidTo(to).Message,
        21219 => $"The number {to} is unverified. Trial accounts may only make calls to verified numbers.",
        21608 => $"The number {to} is unverified. Trial accounts cannot send messages to unverified numbers; verify {to} at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers.",
        21610 => Unsubscribed.Message,
        21614 => $"'To' number is not a valid mobile number: {to}",
        _ => "Invalid parameter",
    };
}
