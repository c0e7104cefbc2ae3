using Deskbridge.Core.Alerting;

namespace Deskbridge.Features.Alerts;

/// <summary>How alerts look: words, colours and icons.</summary>
internal static class AlertFace
{
    private const int ShortLines = 3;

    public static string State(string status) => status switch
    {
        "open" => "Open",
        "acknowledged" => "Taken",
        _ => "Closed",
    };

    public static string Badge(string status) => status switch
    {
        "open" => "app-open",
        "acknowledged" => "bg-yellow-lt",
        _ => "bg-green-lt",
    };

    /// <summary>Company, priority and the like, then where it came from; one line.</summary>
    public static string Line(AlertRow alert)
    {
        IEnumerable<string?> parts = alert.TicketNumber is { } number
            ? [.. Facts(alert.Text).Take(ShortLines).Select(fact => fact.Value), "#" + number, alert.Connection]
            : ["About the connection", alert.Connection];
        return string.Join(" · ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));
    }

    /// <summary>Who has it, or had it.</summary>
    public static string? Who(AlertRow alert) => (alert.Status, alert.Actor) switch
    {
        ("acknowledged", { } actor) => $"{actor} has it",
        ("acknowledged", null) => "taken in the ticket",
        ("closed", { } actor) => $"closed by {actor}",
        ("closed", null) => "closed by itself",
        _ => null,
    };

    /// <summary>The lines under the title, taken apart at the first colon.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(string text) =>
        from line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let colon = line.IndexOf(": ", StringComparison.Ordinal)
        select colon > 0 ? (line[..colon], line[(colon + 2)..]) : ("", line);

    /// <summary>The picture of a kind of timeline line.</summary>
    public static string Icon(string kind) => kind switch
    {
        "raised" => "bell-ringing",
        "acknowledged" => "user-check",
        "unacknowledged" => "arrow-back-up",
        "closed" => "circle-check",
        "reopened" => "rotate",
        "note" => "message",
        "paged" => "send",
        "delivered" => "device-mobile",
        "page-failed" => "circle-x",
        "ticket-updated" => "ticket",
        "refused" => "ban",
        "conflict" => "git-compare",
        "nobody-on-duty" => "user-off",
        "repeated" => "history",
        "missing" => "search",
        _ => "info-circle",
    };

    /// <summary>Whether a line tells of trouble.</summary>
    public static bool IsBad(string kind) => kind is "page-failed" or "refused" or "conflict" or "nobody-on-duty" or "missing";

    public static string ChannelIcon(string kind) => kind switch
    {
        "email" => "mail",
        "ntfy" => "device-mobile",
        _ => "webhook",
    };
}
