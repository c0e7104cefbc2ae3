namespace Deskbridge.Core.Data;

/// <summary>A setting of the whole hub, such as its public address.</summary>
public sealed class Setting
{
    /// <summary>Name, see <see cref="SettingKeys"/>.</summary>
    public required string Key { get; init; }

    /// <summary>Value.</summary>
    public required string Value { get; set; }
}

/// <summary>Names of the hub's settings.</summary>
public static class SettingKeys
{
    /// <summary>The address under which people and remote systems reach this hub, without a path.</summary>
    public const string PublicUrl = "public-url";

    /// <summary>SMTP server, <c>host:port</c>.</summary>
    public const string SmtpServer = "smtp-server";

    /// <summary>Sender address of mails.</summary>
    public const string SmtpFrom = "smtp-from";

    /// <summary>SMTP user name; empty for none.</summary>
    public const string SmtpUser = "smtp-user";

    /// <summary>SMTP password, encrypted; empty for none.</summary>
    public const string SmtpPassword = "smtp-password";

    /// <summary>Random id of this data; a restore gives it a new one.</summary>
    public const string InstanceId = "instance-id";

    /// <summary>When and from what the data was last restored (<see cref="Restoration"/>); no row when never.</summary>
    public const string Restoration = "restoration";

    /// <summary>Lowest role that has to use a second factor, by its name; empty when nobody has to.</summary>
    public const string SecondFactorFrom = "second-factor-from";

    /// <summary>Outside address that is called while everything works, encrypted; empty for none.</summary>
    public const string HeartbeatUrl = "heartbeat-url";

    /// <summary>Seconds between two calls of it.</summary>
    public const string HeartbeatSeconds = "heartbeat-seconds";

    /// <summary>Account SID at Twilio; empty for none.</summary>
    public const string TwilioAccount = "twilio-account";

    /// <summary>Auth token of the account, encrypted; empty for none.</summary>
    public const string TwilioToken = "twilio-token";

    /// <summary>Sender of texts: a number of the account or a messaging service SID.</summary>
    public const string TwilioFrom = "twilio-from";

    /// <summary>Server of Twilio's API; empty for the vendor's own.</summary>
    public const string TwilioAddress = "twilio-address";

    /// <summary>Those that the hub keeps for itself; nobody sets them.</summary>
    public static IReadOnlyList<string> Own { get; } = [InstanceId, Restoration];
}
