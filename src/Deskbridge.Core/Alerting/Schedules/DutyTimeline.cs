using NodaTime;

namespace Deskbridge.Core.Alerting.Schedules;

/// <summary>Somebody on duty by schedule.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Source">The layer's name, or empty for an override.</param>
/// <param name="Override">The override that put them there.</param>
/// <param name="Turn">When the turn or the override ends that put them there.</param>
internal sealed record Scheduled(Guid PersonId, string Source, Guid? Override, Instant Turn);

/// <summary>A stretch in which nothing changes; nobody is a gap.</summary>
internal sealed record Slot(Instant Start, Instant End, IReadOnlyList<Scheduled> People);

/// <summary>A person's unbroken duty by one turn or override.</summary>
/// <param name="Start">Its beginning, or that of the timeline.</param>
/// <param name="End">Its end; of one that goes on beyond the timeline, as far as its turn says.</param>
/// <param name="Who">Who and why.</param>
internal sealed record Shift(Instant Start, Instant End, Scheduled Who);

/// <summary>What a schedule comes to between two instants: slots one after another without a hole.</summary>
internal sealed record DutyTimeline(IReadOnlyList<Slot> Slots)
{
    /// <summary>Works it out.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="able">Who can be on duty: active people who are in the team. Others are passed over.</param>
    /// <param name="absences">Who is not there when.</param>
    /// <param name="from">From when.</param>
    /// <param name="until">Until when.</param>
    public static DutyTimeline Of(DutySchedule schedule, IReadOnlySet<Guid> able, IReadOnlyList<Absence> absences, Instant from, Instant until)
    {
        var layers = schedule.Layers.Select(layer => (layer.Name, Shifts: Rotation.Shifts(layer, able, from, until))).ToList();
        var overrides = schedule.Overrides.Where(one => able.Contains(one.PersonId)).Select(one => (One: one, one.Interval)).ToList();
        var edges = new SortedSet<Instant> { from, until };
        edges.UnionWith(layers.SelectMany(layer => layer.Shifts).SelectMany(shift => new[] { shift.Start, shift.End }).Where(Inside));
        edges.UnionWith(overrides.Select(one => one.Interval).Concat(absences.Select(one => one.Interval)).SelectMany(one => new[] { one.Start, one.End }).Where(Inside));

        var places = new int[layers.Count];
        var slots = new List<Slot>();
        var start = from;
        foreach (var end in edges.Skip(1))
        {
            var people = PeopleAt(start);
            if (slots.Count > 0 && slots[^1].People.SequenceEqual(people)) slots[^1] = slots[^1] with { End = end };
            else slots.Add(new Slot(start, end, people));
            start = end;
        }

        return new DutyTimeline(slots);

        bool Inside(Instant edge) => edge > from && edge < until;

        bool IsAbsent(Guid person, Instant at) => absences.Any(one => one.PersonId == person && one.Interval.Contains(at));

        List<Scheduled> PeopleAt(Instant at)
        {
            var people = new List<Scheduled>();
            if (UpperAt(at) is { } upper) people.Add(upper);
            foreach (var (one, interval) in overrides)
            {
                if (!interval.Contains(at) || IsAbsent(one.PersonId, at)) continue;
                var replaced = people.FindIndex(who => who.PersonId == one.InsteadOf);
                if (one.InsteadOf is not null && replaced < 0) continue;
                var stands = new Scheduled(one.PersonId, "", one.Id, one.InsteadOf is null ? interval.End : Instant.Min(interval.End, people[replaced].Turn));
                if (replaced >= 0) people.RemoveAt(replaced);
                if (!people.Exists(who => who.PersonId == one.PersonId)) people.Add(stands);
            }

            return people;
        }

        Scheduled? UpperAt(Instant at)
        {
            for (var i = 0; i < layers.Count; i++)
            {
                var (name, shifts) = layers[i];
                while (places[i] < shifts.Count && shifts[places[i]].End <= at) places[i]++;
                if (places[i] < shifts.Count && shifts[places[i]] is { PersonId: { } person } shift && shift.Start <= at && !IsAbsent(person, at)) return new Scheduled(person, name, null, shift.End);
            }

            return null;
        }
    }

    /// <summary>Stretches in which nobody is on.</summary>
    public IEnumerable<Slot> Gaps => Slots.Where(slot => slot.People.Count == 0);

    /// <summary>Who is on when, by beginning.</summary>
    public IReadOnlyList<Shift> Shifts
    {
        get
        {
            var shifts = new List<Shift>();
            var running = new Dictionary<Scheduled, int>();
            foreach (var slot in Slots)
            {
                var before = running;
                running = [];
                foreach (var who in slot.People)
                {
                    if (!before.TryGetValue(who, out var place))
                    {
                        place = shifts.Count;
                        shifts.Add(new Shift(slot.Start, slot.End, who));
                    }
                    else
                    {
                        shifts[place] = shifts[place] with { End = slot.End };
                    }

                    running[who] = place;
                }
            }

            foreach (var (who, place) in running) shifts[place] = shifts[place] with { End = Instant.Max(shifts[place].End, who.Turn) };
            return shifts;
        }
    }
}
