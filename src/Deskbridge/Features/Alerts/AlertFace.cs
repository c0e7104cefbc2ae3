using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Directory;

namespace Deskbridge.Features.Alerts;

/// <summary>How alerts look: words, colours and icons.</summary>
internal static class AlertFace
{
    private const int ShortLines = 3;

    public static string State(string status) => status switch
    {
        "open" => "Open",
        "acknowledged" => "Acknowledged",
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
            : alert.Sent ? [.. Facts(alert.Text).Take(ShortLines).Select(fact => fact.Value)] : ["About the connection", alert.Connection];
        return string.Join(" · ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));
    }

    /// <summary>Who has it, or had it.</summary>
    public static string? Who(AlertRow alert) => (alert.Status, alert.Actor) switch
    {
        ("acknowledged", { } actor) => $"{actor} has it",
        ("acknowledged", null) => "acknowledged in the ticket",
        ("closed", { } actor) => $"closed by {actor}",
        ("closed", null) => alert.TicketNumber is null ? "closed by itself" : "closed with the ticket",
        _ => null,
    };

    /// <summary>How often it was answered so far, whoever did it.</summary>
    public static string Responses(AlertDetail detail)
    {
        var given = AlertResponses.Of(detail);
        return $"Acknowledged {given.Acknowledged} · Closed {given.Closed}";
    }

    /// <summary>What to say to somebody whose action changed nothing because another was first.</summary>
    public static async Task<string> UnchangedAsync(this AlertQueries alerts, Alert alert, Person by, CancellationToken cancel)
    {
        if (alert.Status == AlertStatus.Open) return "It is open already. Nothing was changed.";
        if (alert.ActorId == by.Id) return alert.Status == AlertStatus.Acknowledged ? "You have it already. Nothing was changed." : "You closed it already. Nothing was changed.";
        var who = await alerts.GetAsync(alert.Id, cancel) is { } detail ? Who(detail.Alert) : null;
        return $"You were not the first: {who ?? "somebody changed it"}. Nothing was changed.";
    }

    /// <summary>How often it came back, when it did.</summary>
    public static string? Times(AlertRow alert) => (alert.Count, alert.TicketNumber) switch
    {
        ( <= 1, _) => null,
        (2, not null) => "came back once",
        (var count, not null) => $"came back {count - 1} times",
        (var count, null) => $"happened {count} times",
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
        "received" => "mail",
        "adopted" => "ticket",
        "acknowledged" => "user-check",
        "unacknowledged" => "arrow-back-up",
        "closed" => "circle-check",
        "reopened" => "rotate",
        "note" => "message",
        "note-edited" => "pencil",
        "file" => "paperclip",
        "paged" => "send",
        "delivered" => "device-mobile",
        "page-failed" => "circle-x",
        "ticket-updated" => "ticket",
        "refused" => "ban",
        "conflict" => "git-compare",
        "nobody-on-duty" => "user-off",
        "escalated" => "arrow-up",
        "step-passed" => "arrow-down",
        "chain-ended" => "bell-off",
        "repeated" => "history",
        "missing" => "search",
        _ => "info-circle",
    };

    /// <summary>Where a file is on its way.</summary>
    public static string FileState(string? state) => state switch
    {
        null or "superseded" => "in the hub only",
        "confirmed" => "on the ticket",
        "rejected" or "dead" => "refused",
        "sent" => "in doubt, being checked",
        _ => "on its way to the ticket",
    };

    /// <summary>Where a note shows.</summary>
    public static string Flag(NoteFlags flag) => flag switch
    {
        NoteFlags.Discussion => "Customer sees it",
        NoteFlags.Resolution => "Resolution",
        _ => "Internal",
    };

    /// <summary>Whether a line tells of trouble.</summary>
    public static bool IsBad(string kind) => kind is "page-failed" or "refused" or "conflict" or "nobody-on-duty" or "chain-ended" or "missing";

    public static string ChannelIcon(string kind) => kind switch
    {
        "email" => "mail",
        "ntfy" => "device-mobile",
        "teams" => "brand-teams",
        "slack" => "brand-slack",
        "sms" => "message",
        _ => "webhook",
    };
}
