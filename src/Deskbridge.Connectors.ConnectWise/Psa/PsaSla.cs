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

    /// <summary>
    /// The row of <c>slaStatus</c> with what else the record says: that the goal was missed, and the instant of the goal where it can be told. It then
    /// stands in place of ConnectWise's own, which is in the zone of its server.
    /// </summary>
    public static TicketDetail Complete(TicketDetail row, JsonElement ticket)
    {
        var stage = StageOf(row.Value);
        var goal = Goal(row.Value, stage, ticket);
        var status = goal is { } at ? $"{stage.Begins}{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : row.Value;
        return row with
        {
            Value = PsaMap.Member(ticket, "isInSla").ValueKind == JsonValueKind.False ? $"{status} (outside the SLA)" : status,
            Due = PsaMap.Member(ticket, "closedFlag").ValueKind == JsonValueKind.True ? null : goal,
        };
    }

    private static (string? Begins, string? Goal) StageOf(string status) => Stages.FirstOrDefault(stage => status.StartsWith(stage.Begins, StringComparison.OrdinalIgnoreCase));

    /// <summary>Releases after 2025.1 have the goals as members; before, there is only the sentence, which names no year.</summary>
    private static DateTimeOffset? Goal(string status, (string? Begins, string? Goal) stage, JsonElement ticket)
    {
        if (stage is not ({ } begins, { } goal)) return null;
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
