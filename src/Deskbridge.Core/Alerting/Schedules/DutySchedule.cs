using System.Text.Json.Serialization;
using Deskbridge.Core.Common;
using NodaTime;

namespace Deskbridge.Core.Alerting.Schedules;

/// <summary>Who is on duty when, in a team. A time in it is what a clock on a wall in its zone shows; which instant that is, is worked out anew whenever it is asked.</summary>
/// <param name="Layers">The upper one first: it wins where it has somebody.</param>
/// <param name="Overrides">They win over every layer; of two that speak of the same person the later one.</param>
internal sealed record DutySchedule(IReadOnlyList<DutyLayer> Layers, IReadOnlyList<DutyOverride> Overrides)
{
    /// <summary>The schedule of a team that has one.</summary>
    public static DutySchedule? Of(Team? team) => team is { Schedule.Length: > 0 } ? Json.Read<DutySchedule>(team.Schedule) : null;

    /// <summary>A schedule that says nothing.</summary>
    public static DutySchedule Empty { get; } = new([], []);

    /// <summary>As a team stores it: one that says nothing is none.</summary>
    [JsonIgnore]
    public string Stored => Layers.Count == 0 && Overrides.Count == 0 ? "" : Json.Write(this);

    /// <summary>Everybody it speaks of.</summary>
    [JsonIgnore]
    public IEnumerable<Guid> People => Layers.SelectMany(layer => layer.People).Concat(Overrides.Select(one => one.PersonId)).Distinct();
}

/// <summary>A rotation: its people take turns of the same length.</summary>
/// <param name="Name">Unique in the schedule.</param>
/// <param name="People">In the order of their turns.</param>
/// <param name="Length">How many units a turn is long, from 1.</param>
/// <param name="Unit">The unit. Hours, too, are those of the wall clock: a turn over a change of the clocks is longer or shorter, and hand-over stays where it is.</param>
/// <param name="Start">The date on which the first turn begins; nobody is on before it.</param>
/// <param name="HandOver">The time of day at which turns begin.</param>
/// <param name="Zone">IANA name of the zone.</param>
/// <param name="Days">Only on these days of the week; none for all.</param>
/// <param name="From">Only from this time of day; midnight like <paramref name="To"/> for the whole day.</param>
/// <param name="To">Only until this time; not after <paramref name="From"/> is on the next day.</param>
internal sealed record DutyLayer(
    string Name, IReadOnlyList<Guid> People, int Length, ShiftUnit Unit, LocalDate Start, LocalTime HandOver, string Zone,
    IReadOnlyList<IsoDayOfWeek> Days, LocalTime From, LocalTime To)
{
    /// <summary>It holds at certain times only.</summary>
    [JsonIgnore]
    public bool IsRestricted => Days.Count is > 0 and < 7 || From != To;
}

/// <summary>Units of a turn.</summary>
internal enum ShiftUnit
{
    /// <summary>Hours of the wall clock.</summary>
    Hours,

    /// <summary>Days.</summary>
    Days,

    /// <summary>Weeks.</summary>
    Weeks,

    /// <summary>Months; one that has no such day hands over on its last.</summary>
    Months,
}

/// <summary>Somebody is on duty for a time, whatever the layers say.</summary>
/// <param name="Id">Id.</param>
/// <param name="PersonId">Who is on.</param>
/// <param name="InsteadOf">Only while this person would be, and in their place; null for in addition to whoever is on.</param>
/// <param name="From">From.</param>
/// <param name="Until">Until.</param>
/// <param name="Zone">IANA name of the zone of both.</param>
internal sealed record DutyOverride(Guid Id, Guid PersonId, Guid? InsteadOf, LocalDateTime From, LocalDateTime Until, string Zone)
{
    /// <summary>From when until when.</summary>
    [JsonIgnore]
    public Interval Interval => new(Rotation.At(From, Zone), Rotation.At(Until, Zone));
}

/// <summary>Somebody punched out of a shift and is not on duty by schedule until it ends.</summary>
internal sealed record Absence(Guid PersonId, Interval Interval);
