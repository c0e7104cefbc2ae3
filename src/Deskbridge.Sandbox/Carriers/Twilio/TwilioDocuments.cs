using System.Globalization;
using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>The account, messages and calls as the API shows them (twilio.com/docs/usage/api/account, /messaging/api/message-resource, /voice/api/call-resource).</summary>
internal static class TwilioDocuments
{
    public static JsonObject Account(TwilioCredentials credentials)
    {
        var uri = Uri(credentials.AccountSid, "");
        return new JsonObject
        {
            ["auth_token"] = credentials.AuthToken,
            ["date_created"] = "Mon, 02 Mar 2026 08:00:00 +0000",
            ["date_updated"] = "Mon, 02 Mar 2026 08:00:00 +0000",
            ["friendly_name"] = "Northbridge",
            ["owner_account_sid"] = credentials.AccountSid,
            ["sid"] = credentials.AccountSid,
            ["status"] = "active",
            ["subresource_uris"] = new JsonObject { ["calls"] = uri + "/Calls.json", ["messages"] = uri + "/Messages.json" },
            ["type"] = "Full",
            ["uri"] = uri + ".json",
        };
    }

    public static JsonObject Message(StoredSms sms, string account)
    {
        var uri = Uri(account, "/Messages/" + sms.Sid);
        return new JsonObject
        {
            ["account_sid"] = account,
            ["api_version"] = SmsDesk.ApiVersion,
            ["body"] = sms.Body,
            ["date_created"] = SmsText.Date(sms.CreatedAt),
            ["date_sent"] = sms.SentAt is { } sent ? SmsText.Date(sent) : null,
            ["date_updated"] = SmsText.Date(sms.UpdatedAt),
            ["direction"] = sms.Direction,
            ["error_code"] = sms.ErrorCode,
            ["error_message"] = sms.ErrorCode is null ? null : Words(sms.ErrorCode.Value),
            ["from"] = sms.From,
            ["messaging_service_sid"] = sms.MessagingServiceSid,
            ["num_media"] = "0",
            ["num_segments"] = SmsText.Segments(sms.Body).ToString(CultureInfo.InvariantCulture),
            ["price"] = null,
            ["price_unit"] = "USD",
            ["sid"] = sms.Sid,
            ["status"] = sms.Status,
            ["subresource_uris"] = new JsonObject { ["media"] = uri + "/Media.json" },
            ["to"] = sms.To,
            ["uri"] = uri + ".json",
        };
    }

    public static JsonObject Call(StoredCall call, string account)
    {
        var uri = Uri(account, "/Calls/" + call.Sid);
        return new JsonObject
        {
            ["account_sid"] = account,
            ["annotation"] = null,
            ["answered_by"] = call.AnsweredBy,
            ["api_version"] = SmsDesk.ApiVersion,
            ["caller_name"] = null,
            ["date_created"] = SmsText.Date(call.CreatedAt),
            ["date_updated"] = SmsText.Date(call.UpdatedAt),
            ["direction"] = "outbound-api",
            ["duration"] = call.EndedAt is null ? null : call.Seconds.ToString(CultureInfo.InvariantCulture),
            ["end_time"] = call.EndedAt is { } end ? SmsText.Date(end) : null,
            ["forwarded_from"] = null,
            ["from"] = call.Order.From,
            ["from_formatted"] = SmsText.Formatted(call.Order.From),
            ["group_sid"] = null,
            ["parent_call_sid"] = null,
            ["phone_number_sid"] = null,
            ["price"] = null,
            ["price_unit"] = "USD",
            ["queue_time"] = "0",
            ["sid"] = call.Sid,
            ["start_time"] = call.StartedAt is { } start ? SmsText.Date(start) : null,
            ["status"] = call.Status,
            ["subresource_uris"] = new JsonObject { ["notifications"] = uri + "/Notifications.json", ["recordings"] = uri + "/Recordings.json" },
            ["to"] = call.Order.To,
            ["to_formatted"] = SmsText.Formatted(call.Order.To),
            ["trunk_sid"] = null,
            ["uri"] = uri + ".json",
        };
    }

    /// <summary>One page of a list.</summary>
    public static JsonObject Page(string name, IReadOnlyList<JsonObject> all, int page, int size, string path, string query)
    {
        var shown = all.Skip(page * size).Take(size).ToArray();
        string At(int number) => string.Create(CultureInfo.InvariantCulture, $"{path}?{query}PageSize={size}&Page={number}");
        return new JsonObject
        {
            [name] = new JsonArray([.. shown]),
            ["end"] = page * size + Math.Max(0, shown.Length - 1),
            ["first_page_uri"] = At(0),
            ["next_page_uri"] = (page + 1) * size < all.Count ? At(page + 1) : null,
            ["page"] = page,
            ["page_size"] = size,
            ["previous_page_uri"] = page > 0 ? At(page - 1) : null,
            ["start"] = page * size,
            ["uri"] = At(page),
        };
    }

    public static JsonObject Error(TwilioError error) => new() { ["code"] = error.Code, ["message"] = error.Message, ["more_info"] = error.MoreInfo, ["status"] = error.Status };

    private static string Uri(string account, string rest) => $"/{SmsDesk.ApiVersion}/Accounts/{account}{rest}";

    private static string Words(int code) => code switch
    {
        30001 => "Queue overflow",
        30003 => "Unreachable destination handset",
        30004 => "Message blocked",
        30005 => "Unknown destination handset",
        30006 => "Landline or unreachable carrier",
        30007 => "Message filtered",
        _ => "Unknown error",
    };
}
