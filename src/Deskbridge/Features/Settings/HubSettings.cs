using System.Net.Mail;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Features.Settings;

/// <summary>The settings of the whole hub as people see them; the SMTP password is never among them.</summary>
internal sealed record HubSettings(string? PublicUrl, string? SmtpServer, string? SmtpFrom, string? SmtpUser, bool SmtpPasswordSet)
{
    /// <summary>Lowest role that has to use a second factor; null when nobody has to.</summary>
    public PersonRole? SecondFactorFrom { get; init; }

    /// <summary>What does not work as it stands, in sentences.</summary>
    public IEnumerable<string> Missing()
    {
        if (string.IsNullOrEmpty(PublicUrl))
            yield return "Public address: without it remote systems cannot call the hub (changes are found by polling instead, some 20 seconds later) and pages to people carry no link to the alert.";
        if (string.IsNullOrEmpty(SmtpServer) || string.IsNullOrEmpty(SmtpFrom))
            yield return "Mail server: without it channels of the kind Email cannot deliver; the other kinds are not affected.";
    }
}

/// <summary>
/// Wanted settings. What is null stays as it is, what is empty is removed. <paramref name="SecondFactorFrom"/> is <c>nobody</c>, or the lowest
/// role that has to use a second factor. Another mail server takes the stored password only when it is entered again.
/// </summary>
internal sealed record SettingsChange(
    string? PublicUrl = null, string? SmtpServer = null, string? SmtpFrom = null, string? SmtpUser = null, string? SmtpPassword = null, string? SecondFactorFrom = null)
{
    public const string Nobody = "nobody";
}

/// <summary>Reads and changes the settings of the whole hub.</summary>
internal sealed class SettingsStore(HubStore store, ISecretProtector protector, CallbackHeal callbacks)
{
    public async Task<HubSettings> ReadAsync(CancellationToken cancel)
    {
        var rows = await store.ReadAsync(db => db.Settings.ToDictionaryAsync(s => s.Key, s => s.Value, StringComparer.Ordinal, cancel), cancel);
        return new(
            rows.GetValueOrDefault(SettingKeys.PublicUrl),
            rows.GetValueOrDefault(SettingKeys.SmtpServer),
            rows.GetValueOrDefault(SettingKeys.SmtpFrom),
            rows.GetValueOrDefault(SettingKeys.SmtpUser),
            !string.IsNullOrEmpty(rows.GetValueOrDefault(SettingKeys.SmtpPassword)))
        {
            SecondFactorFrom = Enum.TryParse<PersonRole>(rows.GetValueOrDefault(SettingKeys.SecondFactorFrom), out var least) ? least : null,
        };
    }

    public async Task<Failure?> ChangeAsync(SettingsChange wanted, CancellationToken cancel)
    {
        var (refused, moved) = await store.WriteAsync<(Failure?, bool)>(
            async db =>
            {
                var rows = await db.Settings.ToDictionaryAsync(s => s.Key, StringComparer.Ordinal, cancel);
                string Stored(string key) => rows.GetValueOrDefault(key)?.Value ?? "";
                if (Check(wanted, Stored) is { } invalid) return (invalid, false);
                var before = Stored(SettingKeys.PublicUrl);
                void Set(string key, string? value)
                {
                    if (value is null) return;
                    value = value.Trim();
                    if (rows.TryGetValue(key, out var row)) row.Value = value;
                    else if (value.Length > 0) db.Settings.Add(new Setting { Key = key, Value = value });
                }

                var url = wanted.PublicUrl?.Trim().TrimEnd('/');
                Set(SettingKeys.PublicUrl, url);
                Set(SettingKeys.SmtpServer, wanted.SmtpServer);
                Set(SettingKeys.SmtpFrom, wanted.SmtpFrom);
                Set(SettingKeys.SmtpUser, wanted.SmtpUser);
                Set(SettingKeys.SmtpPassword, wanted.SmtpPassword is { } password ? protector.Protect(password) : null);
                Set(SettingKeys.SecondFactorFrom, wanted.SecondFactorFrom is { } least ? Role(least)?.ToString() ?? "" : null);
                var moves = url is not null && url != before;
                if (moves) await CallbackHeal.WantAllAsync(db, cancel);
                return (null, moves);
            },
            cancel);
        if (moved) await callbacks.HealAllAsync(cancel);
        return refused;
    }

    /// <summary>What is wrong with wanted settings; null when they can be stored.</summary>
    /// <param name="wanted">The settings.</param>
    /// <param name="stored">The value stored under a key; empty for none.</param>
    public static InvalidFailure? Check(SettingsChange wanted, Func<string, string> stored)
    {
        if (!string.IsNullOrWhiteSpace(wanted.PublicUrl) && !IsOrigin(wanted.PublicUrl.Trim()))
            return new InvalidFailure("publicUrl", $"'{wanted.PublicUrl}' is not an address of this hub. Write scheme and host, such as https://hub.example.com, without a path.");
        if (!string.IsNullOrWhiteSpace(wanted.SmtpServer) && !IsHostAndPort(wanted.SmtpServer.Trim()))
            return new InvalidFailure("smtpServer", $"'{wanted.SmtpServer}' is not a mail server. Write host:port, such as mail.example.com:587.");
        if (!string.IsNullOrWhiteSpace(wanted.SmtpFrom) && !MailAddress.TryCreate(wanted.SmtpFrom, out _))
            return new InvalidFailure("smtpFrom", $"'{wanted.SmtpFrom}' is not an email address.");
        if (wanted is { SmtpServer: { } server, SmtpPassword: null } && stored(SettingKeys.SmtpPassword).Length > 0 && Origin.Moves(stored(SettingKeys.SmtpServer), server))
            return new InvalidFailure("smtpPassword", $"The password must be entered again: the stored one was given for {Known(stored(SettingKeys.SmtpServer))} and is sent to no other server. If the new one needs none, have it forgotten.");
        if (wanted.SecondFactorFrom is { } least && least != SettingsChange.Nobody && Role(least) is null)
            return new InvalidFailure("secondFactorFrom", $"'{least}' is no role. Write nobody, admin, dispatcher, responder or viewer; it holds for that role and those above it.");
        return null;
    }

    private static string Known(string server) => server.Length > 0 ? server : "a mail server that was removed";

    private static PersonRole? Role(string name) => Words.TryRead<PersonRole>(name, out var role) ? role : null;

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https") && url.PathAndQuery == "/" && url.UserInfo.Length == 0;

    private static bool IsHostAndPort(string text) =>
        text.LastIndexOf(':') is > 0 and var colon
        && ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port)
        && port > 0
        && Uri.CheckHostName(text[..colon].Trim('[', ']')) != UriHostNameType.Unknown;
}
