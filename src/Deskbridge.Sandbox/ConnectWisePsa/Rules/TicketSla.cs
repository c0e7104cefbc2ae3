using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>The clock of a ticket's service level: when each step is due by the SLA and the priority, how long it took, how long the ticket
/// waited (reference 5.1). Hours of every day count; the vendor's calendars are not applied.</summary>
internal static class TicketSla
{
    private static readonly Step[] Steps =
    [
        new("Respond", "dateResponded", "respondedBy", "respondMinutes", "respondedHours", "respondedSkippedMinutes", "respondByGoalUTC", "respondHours"),
        new("Plan", "dateResplan", "resplanBy", "resPlanMinutes", "resplanHours", "resplanSkippedMinutes", "resplanGoalUTC", "planWithin"),
        new("Resolve", "dateResolved", "resolvedBy", "resolveMinutes", "resolutionHours", null, "resolutionGoalUTC", "resolutionHours"),
    ];

    /// <summary>Starts the clock.</summary>
    public static void Begin(JsonObject ticket, DateTimeOffset at)
    {
        ticket["escalationStartDateUTC"] = Json.Stamp(at);
        foreach (var name in (string[])["respondMinutes", "resPlanMinutes", "resolveMinutes", "respondedSkippedMinutes", "resplanSkippedMinutes", "minutesWaiting", "minutesBeforeWaiting", "escalationLastUpdateMinutes"])
            ticket[name] = 0;
    }

    /// <summary>Brings the ticket to a level: 0 nobody has responded, 1 responded, 2 planned, 3 resolved; null while it waits for the customer.</summary>
    public static void Escalate(JsonObject ticket, int? level, DateTimeOffset at, string by)
    {
        ticket["escalationLastUpdateMinutes"] = Minutes(ticket, at);
        Wait(ticket, level is null, at);
        if (level is not { } reached) return;
        ticket["escalationLevel"] = reached;
        for (var i = 0; i < reached; i++)
        {
            if (ticket.ContainsKey(Steps[i].Date)) continue;
            ticket[Steps[i].By] = by;
            Reach(ticket, i, at, skipped: i + 1 < reached);
        }

        if (reached == Steps.Length) return;
        foreach (var name in (string[])[Steps[^1].Date, Steps[^1].By, Steps[^1].Hours]) ticket.Remove(name);
        ticket[Steps[^1].Minutes] = 0;
    }

    /// <summary>Sets when each step is due, whether all is in time, and what comes next.</summary>
    public static void Promise(Change change, JsonObject ticket)
    {
        var start = Json.Instant(ticket["escalationStartDateUTC"]) ?? change.Now;
        var waited = TimeSpan.FromMinutes(Json.Int(ticket["minutesWaiting"]) ?? 0);
        var (inTime, next) = (true, "Resolved");
        foreach (var step in Steps.Reverse())
        {
            ticket.Remove(step.Goal);
            if (Within(change, ticket, step) is not { } hours) continue;
            var (due, done) = (start.AddHours(hours) + waited, Json.Instant(ticket[step.Date]));
            ticket[step.Goal] = Json.Stamp(due);
            inTime &= (done ?? change.Now) <= due;
            if (done is null) next = FormattableString.Invariant($"{step.Name} by {due:ddd MM/dd h:mm tt} UTC+00");
        }

        ticket["isInSla"] = inTime;
        ticket["slaStatus"] = ticket.ContainsKey("_waitingSince") ? "Waiting" : next;
    }

    /// <summary>Tells of a seeded ticket when it came in and when its steps were done.</summary>
    public static void Backdate(JsonObject ticket, DateTimeOffset entered)
    {
        var waits = ticket.ContainsKey("_waitingSince");
        Begin(ticket, entered);
        for (var i = 0; i < Steps.Length; i++)
        {
            if (Json.Instant(ticket[Steps[i].Date]) is { } at) Reach(ticket, i, at, skipped: false);
        }

        if (!waits) return;
        ticket.Remove("_waitingSince");
        Wait(ticket, true, entered.AddMinutes(30));
    }

    private static void Reach(JsonObject ticket, int step, DateTimeOffset at, bool skipped)
    {
        var minutes = Minutes(ticket, at);
        var (_, date, _, took, hours, skip, _, _) = Steps[step];
        ticket[date] = Json.Stamp(at);
        ticket[took] = minutes;
        ticket[hours] = Math.Round(minutes / 60m, 2);
        if (skipped && skip is not null) ticket[skip] = minutes;
    }

    private static void Wait(JsonObject ticket, bool waits, DateTimeOffset at)
    {
        var since = Json.Instant(ticket["_waitingSince"]);
        if (waits && since is null)
        {
            ticket["minutesBeforeWaiting"] = Minutes(ticket, at);
            ticket["_waitingSince"] = Json.Stamp(at);
        }
        else if (!waits && since is { } from)
        {
            ticket["minutesWaiting"] = (Json.Int(ticket["minutesWaiting"]) ?? 0) + (int)Math.Max(0, (at - from).TotalMinutes);
            ticket.Remove("_waitingSince");
        }
    }

    // Minutes on the ticket's clock, which stands still while it waits.
    private static int Minutes(JsonObject ticket, DateTimeOffset at)
    {
        if (Json.Instant(ticket["_waitingSince"]) is { } since && since < at) at = since;
        var start = Json.Instant(ticket["escalationStartDateUTC"]) ?? at;
        return (int)Math.Clamp((at - start).TotalMinutes - (Json.Int(ticket["minutesWaiting"]) ?? 0), 0, int.MaxValue);
    }

    private static double? Within(Change change, JsonObject ticket, Step step)
    {
        if (TicketRules.Id(ticket["sla"]) is not { } sla) return null;
        var priority = TicketRules.Id(ticket["priority"]);
        var own = change.All("slaPriorities").FirstOrDefault(p => TicketRules.Id(p["sla"]) == sla && TicketRules.Id(p["priority"]) == priority);
        return (own?[step.Within] ?? change.Find("slas", sla)?[step.Within]) is { } hours
            && double.TryParse(Json.Text(hours), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 0, 100_000) : null;
    }

    private sealed record Step(string Name, string Date, string By, string Minutes, string Hours, string? Skipped, string Goal, string Within);
}
