using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>The account at Twilio by which people are paged, as the settings hold it.</summary>
/// <param name="Sid">Account SID.</param>
/// <param name="Token">Auth token: the password of every request, and the key by which Twilio signs its own.</param>
/// <param name="From">A number of the account, or a messaging service SID.</param>
/// <param name="Address">Server of the API.</param>
/// <param name="PublicUrl">The hub's public address; empty when it is not set, and Twilio can tell and ask nothing then.</param>
internal sealed record TwilioAccount(string Sid, string Token, string From, string Address, string PublicUrl)
{
    /// <summary>The vendor's own server.</summary>
    public const string Vendor = "https://api.twilio.com";

    /// <summary>Where Twilio posts the texts that people send to the number.</summary>
    public const string InboundPath = "/twilio/sms";

    /// <summary>What kind of SID a messaging service has.</summary>
    private const string ServicePrefix = "MG";

    /// <summary>The sender is a messaging service.</summary>
    public bool IsService => From.StartsWith(ServicePrefix, StringComparison.Ordinal);

    /// <summary>An address of this hub that Twilio calls; null when the public address is not set.</summary>
    public string? Callback(string path) => PublicUrl.Length > 0 ? PublicUrl + path : null;

    /// <inheritdoc/>
    public override string ToString() => Sid;

    /// <summary>Two letters that say what it is and 32 hexadecimal digits.</summary>
    public static bool IsSid(string text, string prefix) =>
        text.Length == 34 && text.StartsWith(prefix, StringComparison.Ordinal) && text.Skip(2).All(char.IsAsciiHexDigit);

    /// <summary>A sender: a number or a messaging service.</summary>
    public static bool IsSender(string text) => PhoneNumber.Problem(text) is null || IsSid(text, ServicePrefix);
}

/// <summary>Reads the account.</summary>
internal sealed class TwilioAccounts(HubStore store, ISecretProtector secrets)
{
    /// <summary>Why nothing can be sent while parts of it are missing.</summary>
    public const string NotSet = "No Twilio account is set up. An administrator enters account SID, auth token and sender under Settings.";

    /// <summary>The account; null while a part of it is missing.</summary>
    /// <exception cref="InvalidOperationException">The key that encrypted the auth token is gone.</exception>
    public async Task<TwilioAccount?> ReadAsync(CancellationToken cancel)
    {
        var rows = await store.ReadAsync(
            db => db.Settings.Where(s => s.Key.StartsWith("twilio-") || s.Key == SettingKeys.PublicUrl).ToDictionaryAsync(s => s.Key, s => s.Value, StringComparer.Ordinal, cancel), cancel);
        string Stored(string key) => rows.GetValueOrDefault(key, "");
        var (sid, token, from) = (Stored(SettingKeys.TwilioAccount), Stored(SettingKeys.TwilioToken), Stored(SettingKeys.TwilioFrom));
        if (sid.Length == 0 || token.Length == 0 || from.Length == 0) return null;
        var address = Stored(SettingKeys.TwilioAddress) is { Length: > 0 } other ? other : TwilioAccount.Vendor;
        return new TwilioAccount(sid, secrets.Unprotect(token), from, address.TrimEnd('/'), Stored(SettingKeys.PublicUrl).TrimEnd('/'));
    }
}
