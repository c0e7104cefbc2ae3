using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Features.Heartbeat;

/// <summary>Reads and changes the outside address that is called while everything works. It is kept encrypted: whoever knows it can feign a well hub.</summary>
internal sealed class HeartbeatSettings(HubStore store, ISecretProtector protector)
{
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(60);
    public const int LeastSeconds = 30;
    public const int MostSeconds = 3600;

    /// <summary>The settings; null when no address is set.</summary>
    /// <exception cref="InvalidOperationException">The key that encrypted the address is gone.</exception>
    public async Task<HeartbeatTarget?> ReadAsync(CancellationToken cancel)
    {
        var rows = await store.ReadAsync(
            db => db.Settings.Where(s => s.Key == SettingKeys.HeartbeatUrl || s.Key == SettingKeys.HeartbeatSeconds).ToDictionaryAsync(s => s.Key, s => s.Value, StringComparer.Ordinal, cancel), cancel);
        if (rows.GetValueOrDefault(SettingKeys.HeartbeatUrl) is not { Length: > 0 } hidden) return null;
        return new HeartbeatTarget(new Uri(protector.Unprotect(hidden)), TimeSpan.FromSeconds(SecondsOf(rows.GetValueOrDefault(SettingKeys.HeartbeatSeconds))));
    }

    /// <summary>Seconds between two calls, from the stored text; the default when there is none.</summary>
    public static int SecondsOf(string? stored) =>
        int.TryParse(stored, System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? seconds : (int)DefaultInterval.TotalSeconds;

    public async Task<Failure?> ChangeAsync(HeartbeatChange wanted, CancellationToken cancel)
    {
        if (Check(wanted) is { } refused) return refused;
        await store.WriteAsync(
            async db =>
            {
                async Task SetAsync(string key, string value)
                {
                    if (await db.Settings.FindAsync([key], cancel) is { } row) row.Value = value;
                    else if (value.Length > 0) db.Settings.Add(new Setting { Key = key, Value = value });
                }

                if (wanted.Url is { } url) await SetAsync(SettingKeys.HeartbeatUrl, protector.Protect(url.Trim()));
                if (wanted.Seconds is { } seconds) await SetAsync(SettingKeys.HeartbeatSeconds, seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
            },
            cancel);
        return null;
    }

    /// <summary>What is wrong with wanted settings; null when they can be stored.</summary>
    public static InvalidFailure? Check(HeartbeatChange wanted)
    {
        if (!string.IsNullOrWhiteSpace(wanted.Url) && (!Uri.TryCreate(wanted.Url.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")))
            return new InvalidFailure("url", "The heartbeat address is no web address. Paste it whole as the watching service shows it, beginning with https://.");
        return wanted.Seconds is < LeastSeconds or > MostSeconds
            ? new InvalidFailure("seconds", $"The heartbeat goes every {LeastSeconds} to {MostSeconds} seconds.")
            : null;
    }
}

/// <summary>Where the heartbeat goes, and how often.</summary>
internal sealed record HeartbeatTarget(Uri Url, TimeSpan Interval);

/// <summary>Wanted settings. Null leaves what is stored alone; an empty address switches the heartbeat off.</summary>
internal sealed record HeartbeatChange(string? Url, int? Seconds);
