using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Features.Settings;

/// <summary>The account at Twilio as people see it; the auth token is never among it.</summary>
/// <param name="AccountSid">Account SID.</param>
/// <param name="AuthTokenSet">An auth token is stored.</param>
/// <param name="From">A number of the account or a messaging service SID.</param>
/// <param name="Address">Server of the API; null for the vendor's own.</param>
/// <param name="InboundUrl">What is entered in Twilio as the webhook for incoming messages; null while the hub's public address is not set.</param>
internal sealed record TwilioView(string? AccountSid, bool AuthTokenSet, string? From, string? Address, string? InboundUrl);

/// <summary>Wanted settings. What is null stays as it is, what is empty is removed. Another address takes the stored token only when it is entered again.</summary>
internal sealed record TwilioChange(string? AccountSid = null, string? AuthToken = null, string? From = null, string? Address = null);

/// <summary>Reads and changes the account by which people are paged by text.</summary>
internal sealed class TwilioSettings(HubStore store, ISecretProtector protector)
{
    private const int LongestToken = 100;

    public async Task<TwilioView> ReadAsync(CancellationToken cancel)
    {
        var rows = await store.ReadAsync(
            db => db.Settings.Where(s => s.Key.StartsWith("twilio-") || s.Key == SettingKeys.PublicUrl).ToDictionaryAsync(s => s.Key, s => s.Value, StringComparer.Ordinal, cancel), cancel);
        string? Stored(string key) => rows.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;
        return new(
            Stored(SettingKeys.TwilioAccount), Stored(SettingKeys.TwilioToken) is not null, Stored(SettingKeys.TwilioFrom), Stored(SettingKeys.TwilioAddress),
            Stored(SettingKeys.PublicUrl) is { } url ? url.TrimEnd('/') + TwilioAccount.InboundPath : null);
    }

    public Task<Failure?> ChangeAsync(TwilioChange wanted, CancellationToken cancel) => store.WriteAsync<Failure?>(
        async db =>
        {
            var rows = await db.Settings.Where(s => s.Key.StartsWith("twilio-")).ToDictionaryAsync(s => s.Key, StringComparer.Ordinal, cancel);
            if (Check(wanted, key => rows.GetValueOrDefault(key)?.Value ?? "") is { } refused) return refused;
            void Set(string key, string? value)
            {
                if (value is null) return;
                if (rows.TryGetValue(key, out var row)) row.Value = value;
                else if (value.Length > 0) db.Settings.Add(new Setting { Key = key, Value = value });
            }

            Set(SettingKeys.TwilioAccount, wanted.AccountSid?.Trim());
            Set(SettingKeys.TwilioToken, wanted.AuthToken is { } token ? protector.Protect(token.Trim()) : null);
            Set(SettingKeys.TwilioFrom, Sender(wanted.From));
            Set(SettingKeys.TwilioAddress, wanted.Address?.Trim().TrimEnd('/'));
            return null;
        },
        cancel);

    /// <summary>A sender as it is stored.</summary>
    public static string? Sender(string? entered) => entered is null ? null : PhoneNumber.Clean(entered);

    /// <summary>What is wrong with wanted settings; null when they can be stored.</summary>
    /// <param name="wanted">The settings.</param>
    /// <param name="stored">The value stored under a key; empty for none.</param>
    public static InvalidFailure? Check(TwilioChange wanted, Func<string, string> stored)
    {
        if (wanted.AccountSid?.Trim() is { Length: > 0 } sid && !TwilioAccount.IsSid(sid, "AC"))
            return new InvalidFailure("accountSid", $"'{sid}' is no account SID. It begins with AC, has 34 characters and stands on the first page of Twilio's console.");
        if (wanted.AuthToken is { Length: > 0 } token && (token.Trim().Length > LongestToken || token.Trim().Any(c => c is < '!' or > '~')))
            return new InvalidFailure("authToken", "This is no auth token. It stands beside the account SID on the first page of Twilio's console; the secret of an API key cannot take its place, since Twilio signs with the auth token.");
        if (Sender(wanted.From) is { Length: > 0 } from && !TwilioAccount.IsSender(from))
            return new InvalidFailure("from", $"'{from}' is no sender. Enter a number of the account with its country code, such as +15555550123, or the SID of a messaging service, which begins with MG.");
        if (wanted.Address?.Trim() is { Length: > 0 } address && !(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.PathAndQuery == "/" && url.UserInfo.Length == 0 && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))))
            return new InvalidFailure("address", $"'{address}' is no server. Write https:// and a host, without a path; leave it empty for {TwilioAccount.Vendor}.");
        var (before, after) = (Server(stored(SettingKeys.TwilioAddress)), wanted.Address is { } other ? Server(other) : null);
        return wanted.AuthToken is null && after is not null && stored(SettingKeys.TwilioToken).Length > 0 && Origin.Moves(before, after)
            ? new InvalidFailure("authToken", $"The auth token must be entered again: the stored one was given for {before} and is sent to no other server.")
            : null;
    }

    private static string Server(string address) => address.Trim().TrimEnd('/') is { Length: > 0 } other ? other : TwilioAccount.Vendor;
}
