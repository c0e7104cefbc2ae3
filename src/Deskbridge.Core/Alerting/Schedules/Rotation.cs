using NodaTime;
using NodaTime.TimeZones;

namespace Deskbridge.Core.Alerting.Schedules;

/// <summary>A turn of a rotation. It begins where the one before it ends.</summary>
/// <param name="Number">Which, from 0.</param>
/// <param name="Start">Its beginning.</param>
/// <param name="End">Its end, which it does not include.</param>
internal sealed record Turn(long Number, Instant Start, Instant End);

/// <summary>Part of a turn in which its layer holds.</summary>
/// <param name="Start">Its beginning.</param>
/// <param name="End">Its end, which it does not include.</param>
/// <param name="PersonId">Who has it; null when nobody of the rotation can be on duty.</param>
internal sealed record LayerShift(Instant Start, Instant End, Guid? PersonId);

/// <summary>From times on a wall clock to instants.</summary>
internal static class Rotation
{
    /// <summary>A time that the clocks skip is the moment of the change, and one that they show twice is its first; so a later time is never an earlier instant.</summary>
    private static readonly ZoneLocalMappingResolver Resolver = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, (_, zone, _, after) => after.Start.InZone(zone));

    /// <summary>The instant of a time in a zone.</summary>
    public static Instant At(LocalDateTime time, string zone) => DateTimeZoneProviders.Tzdb[zone].ResolveLocal(time, Resolver).ToInstant();

    /// <summary>The turns of a layer that touch a span, one after another. One that a change of the clocks leaves no time is left out.</summary>
    public static IEnumerable<Turn> Turns(DutyLayer layer, Instant from, Instant until)
    {
        var first = layer.Start + layer.HandOver;
        var local = from.InZone(DateTimeZoneProviders.Tzdb[layer.Zone]).LocalDateTime;
        for (var number = Math.Max(0, Passed(layer, first, local) - 1); ; number++)
        {
            var (start, end) = (Begin(layer, first, number), Begin(layer, first, number + 1));
            if (start >= until) yield break;
            if (end > from && end > start) yield return new Turn(number, start, end);
        }
    }

    /// <summary>
    /// The turns where the layer holds, each with the person who has it: whoever cannot be on duty is passed over, and the next in the order who
    /// can has that turn besides their own. So nobody else's turns move.
    /// </summary>
    public static List<LayerShift> Shifts(DutyLayer layer, IReadOnlySet<Guid> able, Instant from, Instant until)
    {
        var shifts = new List<LayerShift>();
        if (layer.People.Count == 0) return shifts;
        using var windows = Windows(layer, from, until).GetEnumerator();
        var open = windows.MoveNext();
        foreach (var turn in Turns(layer, from, until))
        {
            for (; open && windows.Current.Start < turn.End; open = windows.MoveNext())
            {
                var (start, end) = (Instant.Max(turn.Start, windows.Current.Start), Instant.Min(turn.End, windows.Current.End));
                if (end > start) shifts.Add(new LayerShift(start, end, PersonOf(layer, turn.Number, able)));
                if (windows.Current.End > turn.End) break; // it goes on in the next turn
            }
        }

        return shifts;
    }

    private static Guid? PersonOf(DutyLayer layer, long turn, IReadOnlySet<Guid> able)
    {
        var place = (int)(turn % layer.People.Count);
        return layer.People.Skip(place).Concat(layer.People.Take(place)).Where(able.Contains).Select(id => (Guid?)id).FirstOrDefault();
    }

    /// <summary>When a layer holds, in order; they do not overlap.</summary>
    private static IEnumerable<Interval> Windows(DutyLayer layer, Instant from, Instant until)
    {
        if (!layer.IsRestricted)
        {
            yield return new Interval(Instant.MinValue, Instant.MaxValue);
            yield break;
        }

        for (var day = from.InZone(DateTimeZoneProviders.Tzdb[layer.Zone]).Date.PlusDays(-1); ; day = day.PlusDays(1))
        {
            var start = At(day + layer.From, layer.Zone);
            if (start >= until) yield break;
            if (layer.Days.Count > 0 && !layer.Days.Contains(day.DayOfWeek)) continue;
            var end = At((layer.To > layer.From ? day : day.PlusDays(1)) + layer.To, layer.Zone);
            if (end > start && end > from) yield return new Interval(start, end);
        }
    }

    private static Instant Begin(DutyLayer layer, LocalDateTime first, long number) => At(
        layer.Unit switch
        {
            ShiftUnit.Hours => first.PlusHours(number * layer.Length),
            ShiftUnit.Days => first.PlusDays((int)number * layer.Length),
            ShiftUnit.Weeks => first.PlusWeeks((int)number * layer.Length),
            _ => first.PlusMonths((int)number * layer.Length),
        },
        layer.Zone);

    /// <summary>How many turns were over at a time, within one.</summary>
    private static long Passed(DutyLayer layer, LocalDateTime first, LocalDateTime at) => layer.Unit switch
    {
        ShiftUnit.Hours => Period.Between(first, at, PeriodUnits.Hours).Hours,
        ShiftUnit.Days => Period.Between(first, at, PeriodUnits.Days).Days,
        ShiftUnit.Weeks => Period.Between(first, at, PeriodUnits.Weeks).Weeks,
        _ => Period.Between(first, at, PeriodUnits.Months).Months,
    } / layer.Length;
}
