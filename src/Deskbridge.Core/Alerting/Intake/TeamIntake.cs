using System.Security.Cryptography;
using System.Text;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>Where a team takes mails and callouts of systems that can only send. One per team, made when somebody wants it.</summary>
public sealed class TeamIntake
{
    /// <summary>Id; stands in alerts and events where a connection's would.</summary>
    public required Guid Id { get; init; }

    /// <summary>The team whose duty is paged; unique.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>Hash of the secret in its addresses; unique.</summary>
    public required string SecretHash { get; set; }

    /// <summary>The secret, encrypted, to be shown to dispatchers and administrators.</summary>
    public required string Secret { get; set; }

    /// <summary>In use; switched off, its addresses answer as if they were not there.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Mailgun's webhook signing key, encrypted; empty when its signature is not asked for.</summary>
    public string MailgunKey { get; set; } = "";

    /// <summary>Which fields of a callout are what (<c>CalloutFields</c>) as JSON; empty for the usual ones.</summary>
    public string Fields { get; set; } = "";

    /// <summary>When it was made.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>When something came last; null for never.</summary>
    public DateTimeOffset? LastAt { get; set; }

    /// <summary>What came last and what became of it, one sentence.</summary>
    public string LastSaid { get; set; } = "";

    /// <summary>The fields as they are used.</summary>
    internal CalloutFields CalloutFields => Fields.Length == 0 ? CalloutFields.Usual : Json.Read<CalloutFields>(Fields);

    /// <summary>The hash under which a secret is looked for.</summary>
    internal static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
