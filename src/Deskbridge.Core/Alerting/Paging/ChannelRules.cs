using Deskbridge.Core.Alerting.Mail;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>What a channel must look like, per kind, and who may change it.</summary>
internal static class ChannelRules
{
    private const int LongestAddress = 2000;
    private const int LongestSecret = 500;

    /// <summary>People change their own channels, administrators those of others too.</summary>
    public static Failure? MayChange(Guid ownerId, Person by) =>
        by.Role == PersonRole.Viewer ? new ViewersOnlyLook(by.Name)
        : by.Id == ownerId || by.Role == PersonRole.Admin ? null
        : new ChannelsOfOthers(by.Name);

    /// <summary>Checks what was entered, <see cref="ChannelDraft.Sorted"/>.</summary>
    public static Failure? Check(ChannelKind kind, ChannelDraft draft)
    {
        if (!Names.Fits(draft.Name)) return new ChannelNameMissing();
        if (ChatAddress.IsSecret(kind)) return Chat(kind, draft) is { } problem ? new ChannelAddressInvalid(problem) : null;
        if (Address(kind, draft.Address.Trim()) is { } reason) return new ChannelAddressInvalid(reason);
        return Secret(kind, draft.Secret?.Trim()) is { } wrong ? new ChannelSecretInvalid(wrong) : null;
    }

    /// <summary>Checks a change: as at the beginning, and a token is sent to no other server than the one it was entered for.</summary>
    public static Failure? CheckChange(Channel channel, ChannelDraft draft)
    {
        if (ChatAddress.IsSecret(channel.Kind) && draft.Secret is null) return Names.Fits(draft.Name) ? null : new ChannelNameMissing();
        if (Check(channel.Kind, draft) is { } invalid) return invalid;
        if (channel.Kind == ChannelKind.Webhook && draft.Secret is "") return new ChannelSecretInvalid("A webhook is always signed. Enter another secret instead of removing it.");
        return draft.Secret is null && Moves(channel, draft)
            ? new ChannelSecretInvalid($"The access token must be entered again: the stored one was given for {Origin.Of(channel.Address)} and is sent to no other server. If the new one needs none, have it forgotten.")
            : null;
    }

    /// <summary>Whether the stored token would go to another server. A webhook's secret goes nowhere, it signs.</summary>
    public static bool Moves(Channel channel, ChannelDraft draft) =>
        channel is { Kind: ChannelKind.Ntfy, Secret.Length: > 0 } && Origin.Moves(channel.Address, draft.Address);

    private static string? Chat(ChannelKind kind, ChannelDraft draft) => draft.Secret switch
    {
        null or "" => $"Enter the web address that {kind} gave you. The channel is nothing without it.",
        { Length: > LongestAddress } => $"The address is longer than {LongestAddress} characters.",
        { } whole when ChatAddress.Problem(kind, whole) is { } problem => problem,
        { } whole => draft.Address == Origin.Of(whole) ? null : "Two different addresses were entered, one as the address and one as the secret. Enter it once.",
    };

    private static string? Address(ChannelKind kind, string address) => kind switch
    {
        _ when address.Length > LongestAddress => $"The address is longer than {LongestAddress} characters.",
        ChannelKind.Email => MailPerson.Read(address) is { Name: "" }
            ? null : $"{address} is not an email address. Enter one such as mia@example.com.",
        ChannelKind.Ntfy => NtfyCarrier.Split(address) is { } parts && IsTopic(parts.Topic) && IsPlain(address)
            ? null : $"{address} is not the address of an ntfy topic. Enter the server and the topic, such as https://ntfy.sh/my-secret-topic; a topic has letters, digits, - and _, at most 64.",
        ChannelKind.Sms => PhoneNumber.Problem(address),
        _ => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && IsPlain(address)
            ? null : $"{address} is not a web address. Enter one that begins with https:// or http:// and holds no user name.",
    };

    private static string? Secret(ChannelKind kind, string? secret) => (kind, secret) switch
    {
        (_, null or "") => null,
        (ChannelKind.Email, _) => "A mail channel has no secret; the mail server's password is under Settings.",
        (ChannelKind.Sms, _) => "A number has no secret; the auth token of Twilio is under Settings.",
        (ChannelKind.Webhook, _) => WebhookSignature.Key(secret) is null ? "A signing secret begins with whsec_ and holds 24 to 64 bytes in base64." : null,
        _ => secret.Length > LongestSecret || secret.Any(c => c is < '!' or > '~') ? "An access token has visible ASCII characters only, such as tk_…" : null,
    };

    private static bool IsTopic(string topic) => topic.Length <= 64 && topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsPlain(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Fragment.Length == 0;
}
