namespace Deskbridge.Core.Alerting;

/// <summary>The words for states in JSON and in addresses.</summary>
internal static class AlertWords
{
    /// <summary>open, acknowledged or closed.</summary>
    public static string Of(AlertStatus status) => status switch
    {
        AlertStatus.Open => "open",
        AlertStatus.Acknowledged => "acknowledged",
        _ => "closed",
    };

    /// <summary>The state a word means; null for any other word.</summary>
    public static AlertStatus? Read(string word) => word.Trim().ToLowerInvariant() switch
    {
        "open" => AlertStatus.Open,
        "acknowledged" => AlertStatus.Acknowledged,
        "closed" => AlertStatus.Closed,
        _ => null,
    };
}
