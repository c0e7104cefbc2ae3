using System.Globalization;
using System.Text;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Checks;

/// <summary>The whole life of the tickets that a violation names, from both sides, for whoever replays a seed.</summary>
internal static class Dump
{
    public static string Of(Evidence all, IReadOnlyList<Violation> violations)
    {
        var text = new StringBuilder();
        foreach (var pair in all.Pairs.Where(pair => violations.Any(violation => violation.Message.Contains(pair.ToString(), StringComparison.Ordinal)))) Append(text, pair);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Pair pair)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"== {pair}: link {pair.Link.State}, planned {pair.Link.PlannedTransition}, alert {pair.Alert?.Status} transition {pair.Alert?.Transition}");
        foreach (var entry in pair.Log) text.AppendLine(CultureInfo.InvariantCulture, $"  {entry.At:HH:mm:ss.f} #{entry.Seq} {entry.Kind}{(entry.Guards ? " (guard)" : "")} {Show(entry.After)} {string.Join(", ", entry.Set.Select(set => $"{set.Key}={set.Value}"))} {entry.Detail} {Short(entry.Effect?.Key)}");
        foreach (var change in pair.Changes) text.AppendLine(CultureInfo.InvariantCulture, $"  {change.At:HH:mm:ss.f} alert {change.From} -> {change.To} by {change.Origin}, transition {change.Transition}, episode {change.Episode}");
        foreach (var line in pair.All.LinesOf(pair.Alert?.Id ?? default)) text.AppendLine(CultureInfo.InvariantCulture, $"  {line.At:HH:mm:ss.f} {line.Kind}: {line.Message}");
        foreach (var effect in pair.Effects) text.AppendLine(CultureInfo.InvariantCulture, $"  effect {effect.Seq} {effect.Kind} {Short(effect.IdemKey)} {effect.State} created {effect.CreatedAt:HH:mm:ss.f} sent {effect.SentAt:HH:mm:ss.f} settled {effect.SettledAt:HH:mm:ss.f} {effect.Payload} {effect.Error}");
        text.AppendLine("  base " + pair.Link.Base);
    }

    private static string Short(string? key) => key is null ? "" : key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static string Show(SimulatedTicket? ticket) =>
        ticket is null ? "" : $"[{ticket.StatusName} board {ticket.BoardId} owner {ticket.OwnerId} marker {ticket.Retrieved}/{ticket.MarkerStatus}/{ticket.MarkerUser} {ticket.Colour} {ticket.UpdatedAt:HH:mm:ss}]";
}
