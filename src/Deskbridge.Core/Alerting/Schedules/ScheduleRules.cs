using System.Globalization;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Deskbridge.Core.Alerting.Schedules;

/// <summary>What a schedule must look like.</summary>
internal static class ScheduleRules
{
    /// <summary>The most layers.</summary>
    public const int MostLayers = 10;

    /// <summary>The most people that take turns.</summary>
    public const int MostPeople = 50;

    /// <summary>The longest turn, in its unit.</summary>
    public const int LongestTurn = 366;

    /// <summary>The most overrides.</summary>
    public const int MostOverrides = 200;

    /// <summary>Checks what was entered; the first slip is told.</summary>
    public static async Task<Failure?> CheckAsync(HubDb db, DutySchedule schedule, CancellationToken cancel)
    {
        if (Slip(schedule) is { } slip) return slip;
        var named = schedule.People.Concat(schedule.Overrides.Where(one => one.InsteadOf is not null).Select(one => one.InsteadOf!.Value)).Distinct().ToList();
        var known = await db.People.Where(person => named.Contains(person.Id)).Select(person => person.Id).ToListAsync(cancel);
        return named.Except(known).Select(id => new ScheduleWrong("people", $"Person {id} does not exist.")).FirstOrDefault();
    }

    /// <summary>The same, without looking anybody up.</summary>
    public static Failure? Slip(DutySchedule schedule)
    {
        if (schedule.Layers.Count > MostLayers) return new ScheduleWrong("layers", string.Create(CultureInfo.InvariantCulture, $"The schedule has {schedule.Layers.Count} layers; it may have {MostLayers} at most."));
        if (schedule.Overrides.Count > MostOverrides) return new ScheduleWrong("overrides", string.Create(CultureInfo.InvariantCulture, $"The schedule has {schedule.Overrides.Count} overrides; it may have {MostOverrides} at most. Remove some that are over."));
        foreach (var (index, layer) in schedule.Layers.Index())
        {
            if (Slip(layer, schedule.Layers.Take(index)) is { } slip) return new ScheduleWrong(string.Create(CultureInfo.InvariantCulture, $"layers[{index}]"), $"Layer {(Names.Fits(layer.Name) ? layer.Name : index + 1)}: {slip}");
        }

        foreach (var (index, one) in schedule.Overrides.Index())
        {
            if (Slip(one) is { } slip) return new ScheduleWrong(string.Create(CultureInfo.InvariantCulture, $"overrides[{index}]"), $"Override: {slip}");
        }

        return null;
    }

    private static string? Slip(DutyLayer layer, IEnumerable<DutyLayer> before)
    {
        if (!Names.Fits(layer.Name)) return "it needs a name of 1 to 100 characters, in one line.";
        if (before.Any(other => other.Name == layer.Name)) return "there is another layer of this name. Choose another one.";
        if (layer.People.Count is 0 or > MostPeople) return string.Create(CultureInfo.InvariantCulture, $"1 to {MostPeople} people take turns. Choose at least one, or remove the layer.");
        if (layer.Length is < 1 or > LongestTurn) return string.Create(CultureInfo.InvariantCulture, $"a turn is 1 to {LongestTurn} {layer.Unit.ToString().ToLowerInvariant()} long.");
        if (layer.Start.Year is < 2000 or > 2200) return "the first turn begins between the years 2000 and 2200.";
        return ZoneSlip(layer.Zone);
    }

    private static string? Slip(DutyOverride one)
    {
        if (ZoneSlip(one.Zone) is { } slip) return slip;
        if (one.From.Year is < 2000 or > 2200 || one.Until.Year is < 2000 or > 2200) return "it lies between the years 2000 and 2200.";
        if (one.Until <= one.From) return "it ends after it begins.";
        return one.InsteadOf == one.PersonId ? "nobody stands in for themselves. Choose two people, or say in addition." : null;
    }

    private static string? ZoneSlip(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null ? $"there is no time zone '{zone}'. Use a name such as Europe/Berlin." : null;

}
