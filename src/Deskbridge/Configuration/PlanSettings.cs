using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Features.Heartbeat;
using Deskbridge.Features.Settings;

namespace Deskbridge.Configuration;

/// <summary>Plans the settings of the whole hub.</summary>
internal sealed class PlanSettings(SettingsStore settings, ISecretProtector protector)
{
    public void Add(ConfigurationPlan plan, SettingsEntry? entry, PresentConfiguration present)
    {
        if (entry is null) return;
        string Stored(string key) => present.Settings.GetValueOrDefault(key, "");
        var differences = new Differences();
        var hidden = Stored(SettingKeys.SmtpPassword);
        var password = plan.Secret(entry.At, "smtpPassword", entry.SmtpPassword, hidden.Length > 0);
        var wanted = new SettingsChange(
            differences.Of("publicUrl", Stored(SettingKeys.PublicUrl), entry.PublicUrl?.Trim().TrimEnd('/') ?? Stored(SettingKeys.PublicUrl)),
            differences.Of("smtpServer", Stored(SettingKeys.SmtpServer), entry.SmtpServer?.Trim() ?? Stored(SettingKeys.SmtpServer)),
            differences.Of("smtpFrom", Stored(SettingKeys.SmtpFrom), entry.SmtpFrom?.Trim() ?? Stored(SettingKeys.SmtpFrom)),
            differences.Of("smtpUser", Stored(SettingKeys.SmtpUser), entry.SmtpUser?.Trim() ?? Stored(SettingKeys.SmtpUser)),
            password);
        differences.Secret("smtpPassword", password is not null && !protector.IsSame(hidden, password));
        if (SettingsStore.Check(wanted, Stored) is { } refused) ConfigurationPlan.Refuse(entry.At, refused);
        else if (differences.Lines.Count > 0) plan.Changes.Add(new Change(Change.Alters, "settings", differences.Lines, cancel => settings.ChangeAsync(wanted, cancel)));
    }
}

/// <summary>Plans the outside heartbeat. Its address is a secret: whoever knows it can feign a well hub.</summary>
internal sealed class PlanHeartbeat(HeartbeatSettings heartbeat, ISecretProtector protector)
{
    public void Add(ConfigurationPlan plan, SettingsEntry? entry, PresentConfiguration present)
    {
        if (entry is null) return;
        var hidden = present.Settings.GetValueOrDefault(SettingKeys.HeartbeatUrl, "");
        var differences = new Differences();
        var url = plan.Secret(entry.At, "heartbeatUrl", entry.HeartbeatUrl, hidden.Length > 0)?.Trim();
        differences.Secret("heartbeatUrl", url is not null && !protector.IsSame(hidden, url));
        var stored = HeartbeatSettings.SecondsOf(present.Settings.GetValueOrDefault(SettingKeys.HeartbeatSeconds));
        var seconds = differences.Of("heartbeatSeconds", stored, entry.HeartbeatSeconds ?? stored);
        var wanted = new HeartbeatChange(url, seconds);
        if (HeartbeatSettings.Check(wanted) is { } refused) entry.At.Tell(refused.Field == "url" ? "heartbeatUrl" : "heartbeatSeconds", refused.Message);
        else if (differences.Lines.Count > 0) plan.Changes.Add(new Change(Change.Alters, "heartbeat", differences.Lines, cancel => heartbeat.ChangeAsync(wanted, cancel)));
    }
}

/// <summary>Plans the account at Twilio.</summary>
internal sealed class PlanTwilio(TwilioSettings twilio, ISecretProtector protector)
{
    public void Add(ConfigurationPlan plan, SettingsEntry? entry, PresentConfiguration present)
    {
        if (entry is null) return;
        string Stored(string key) => present.Settings.GetValueOrDefault(key, "");
        var differences = new Differences();
        var hidden = Stored(SettingKeys.TwilioToken);
        var token = plan.Secret(entry.At, "twilioAuthToken", entry.TwilioAuthToken, hidden.Length > 0)?.Trim();
        var same = token is not null && protector.IsSame(hidden, token);
        var wanted = new TwilioChange(
            differences.Of("twilioAccountSid", Stored(SettingKeys.TwilioAccount), entry.TwilioAccountSid?.Trim() ?? Stored(SettingKeys.TwilioAccount)),
            token,
            differences.Of("twilioFrom", Stored(SettingKeys.TwilioFrom), TwilioSettings.Sender(entry.TwilioFrom) ?? Stored(SettingKeys.TwilioFrom)),
            differences.Of("twilioAddress", Stored(SettingKeys.TwilioAddress), entry.TwilioAddress?.Trim().TrimEnd('/') ?? Stored(SettingKeys.TwilioAddress)));
        differences.Secret("twilioAuthToken", token is not null && !same);
        if (TwilioSettings.Check(wanted, Stored) is { } refused) entry.At.Tell("twilio" + char.ToUpperInvariant(refused.Field![0]) + refused.Field[1..], refused.Message);
        else if (differences.Lines.Count > 0) plan.Changes.Add(new Change(Change.Alters, "Twilio", differences.Lines, cancel => twilio.ChangeAsync(wanted, cancel)));
    }
}

/// <summary>Compares secrets: encrypting one twice gives two texts.</summary>
internal static class SecretComparison
{
    extension(ISecretProtector protector)
    {
        /// <summary>Whether a stored secret is this one. One whose key is lost is not.</summary>
        public bool IsSame(string stored, string clear)
        {
            try
            {
                return protector.Unprotect(stored) == clear;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }
}
