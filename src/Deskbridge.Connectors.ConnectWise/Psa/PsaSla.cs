using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>By when the present stage of a ticket's service level is to be reached. Pure.</summary>
internal static class PsaSla
{
    private static readonly (string Begins, string Goal)[] Stages = [("Respond by ", "respondByGoalUTC"), ("Plan by ", "resplanGoalUTC"), ("Resolve by ", "resolutionGoalUTC")];

    /// <summary>Day and month stand in the order of the server's locale; the weekday tells which one it is.</summary>
    private static readonly string[] Written =
        [.. from day in (string[])["M/d", "d/M"] from time in (string[])["h:mm tt", "H:mm"] from zone in (string[])["zz", "zzz"] select $"ddd {day} {time} 'UTC'{zone} yyyy"];

    /// <summary>The row of <c>slaStatus</c> with what else the record says: that the goal was missed, and the instant of the goal where it can be told.</summary>
    public static TicketDetail Complete(TicketDetail row, JsonElement ticket) => row with
    {
        Value = PsaMap.Member(ticket, "isInSla").ValueKind == JsonValueKind.False ? $"{row.Value} (outside the SLA)" : row.Value,
        Due = PsaMap.Member(ticket, "closedFlag").ValueKind == JsonValueKind.True ? null : Goal(row.Value, ticket),
    };

    /// <summary>Releases after 2025.1 have the goals as members; before, there is only the sentence, which names no year.</summary>
    private static DateTimeOffset? Goal(string status, JsonElement ticket)
    {
        if (Stages.FirstOrDefault(stage => status.StartsWith(stage.Begins, StringComparison.OrdinalIgnoreCase)) is not { Begins: { } begins, Goal: { } goal }) return null;
        return PsaMap.Instant(PsaMap.Text(ticket, goal)) ?? (PsaMap.Instant(PsaMap.Text(PsaMap.Member(ticket, "_info"), "dateEntered")) is { } entered ? Read(status[begins.Length..], entered) : null);
    }

    private static DateTimeOffset? Read(string written, DateTimeOffset entered)
    {
        var possible = new HashSet<DateTimeOffset>();
        foreach (var year in (int[])[entered.Year, entered.Year + 1])
        {
            foreach (var format in Written)
            {
                if (DateTimeOffset.TryParseExact($"{written} {year.ToString(CultureInfo.InvariantCulture)}", format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                    && at > entered.AddDays(-1) && at < entered.AddYears(1)) possible.Add(at);
            }
        }

        return possible.Count == 1 ? possible.Single() : null;
    }
}
