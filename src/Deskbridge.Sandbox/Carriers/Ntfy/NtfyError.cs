using System.Text.Json.Serialization;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>A refusal as ntfy answers it; numbers and words of those that its clients meet when publishing and subscribing.</summary>
internal sealed record NtfyError(int Code, int Http, [property: JsonPropertyName("error")] string Words, string? Link = null)
{
    private const string Publishing = "https://ntfy.sh/docs/publish/";

    public static readonly NtfyError EmailDisabled = new(40001, 400, "e-mail notifications are not enabled", "https://ntfy.sh/docs/config/#e-mail-notifications");
    public static readonly NtfyError DelayNoCache = new(40002, 400, "cannot disable cache for delayed message");
    public static readonly NtfyError DelayUnreadable = new(40004, 400, "invalid delay parameter: unable to parse delay", Publishing + "#scheduled-delivery");
    public static readonly NtfyError DelayTooSmall = new(40005, 400, "invalid delay parameter: too small, please refer to the docs", Publishing + "#scheduled-delivery");
    public static readonly NtfyError DelayTooLarge = new(40006, 400, "invalid delay parameter: too large, please refer to the docs", Publishing + "#scheduled-delivery");
    public static readonly NtfyError PriorityInvalid = new(40007, 400, "invalid priority parameter", Publishing + "#message-priority");
    public static readonly NtfyError SinceInvalid = new(40008, 400, "invalid since parameter", "https://ntfy.sh/docs/subscribe/api/#fetch-cached-messages");
    public static readonly NtfyError TopicInvalid = new(40009, 400, "invalid request: topic invalid");
    public static readonly NtfyError TopicDisallowed = new(40010, 400, "invalid request: topic name is not allowed");
    public static readonly NtfyError NotUtf8 = new(40011, 400, "invalid message: message must be UTF-8 encoded");
    public static readonly NtfyError AttachmentUrlInvalid = new(40013, 400, "invalid request: attachment URL is invalid", Publishing + "#attachments");
    public static readonly NtfyError AttachmentsDisallowed = new(40014, 400, "invalid request: attachments not allowed", "https://ntfy.sh/docs/config/#attachments");
    public static readonly NtfyError JsonInvalid = new(40017, 400, "invalid request: request body must be message JSON", Publishing + "#publish-as-json");
    public static readonly NtfyError ActionsInvalid = new(40018, 400, "invalid request: actions invalid", Publishing + "#action-buttons");
    public static readonly NtfyError IconUrlInvalid = new(40021, 400, "invalid request: icon URL is invalid", Publishing + "#icons");
    public static readonly NtfyError CallsDisabled = new(40032, 400, "invalid request: calling is disabled", "https://ntfy.sh/docs/config/#phone-calls");
    public static readonly NtfyError Unauthorized = new(40101, 401, "unauthorized", Publishing + "#authentication");
    public static readonly NtfyError Forbidden = new(40301, 403, "forbidden", Publishing + "#authentication");
    public static readonly NtfyError NotFound = new(40401, 404, "page not found");
    public static readonly NtfyError JsonTooLarge = new(41303, 413, "JSON body too large");
    public static readonly NtfyError TooManyRequests = new(42901, 429, "limit reached: too many requests", Publishing + "#limitations");

    /// <summary>The answer of an ordered fault; a code is ntfy's habit of the HTTP status and a number.</summary>
    public static NtfyError Ordered(int http, string? words) => http switch
    {
        429 => TooManyRequests with { Words = words ?? TooManyRequests.Words },
        _ => new NtfyError(http * 100 + 1, http, words ?? (http == 500 ? "internal server error" : "ordered failure")),
    };

    public NtfyError Because(string detail) => this with { Words = $"{Words}, {detail}" };
}
