using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Teams;

/// <summary>Who is on duty in a team, and how they are reached.</summary>
/// <param name="People">Active people on duty, by name.</param>
/// <param name="Targets">Their channels in use, in each person's own order.</param>
internal sealed record OnDuty(IReadOnlyList<Person> People, IReadOnlyList<PageTarget> Targets)
{
    /// <summary>People on duty whom no channel reaches.</summary>
    public IEnumerable<Person> Unreachable => People.Where(p => Targets.All(t => t.Person.Id != p.Id));

    /// <summary>Whether a page can go to this person by this channel.</summary>
    public bool Includes(Guid personId, Guid channelId) => Targets.Any(t => t.Person.Id == personId && t.Channel.Id == channelId);
}

/// <summary>A person by one of their channels.</summary>
internal sealed record PageTarget(Person Person, Channel Channel);

/// <summary>Asks the duty tables.</summary>
internal static class DutyQueries
{
    extension(HubDb db)
    {
        /// <summary>Who is on duty in a team; nobody when there is no team.</summary>
        public async Task<OnDuty> OnDutyAsync(Guid? teamId, DateTimeOffset now, CancellationToken cancel)
        {
            if (teamId is null) return new OnDuty([], []);
            if (db.DutySeen.TryGetValue(teamId.Value, out var seen)) return seen;
            var present = (await db.DutyNowAsync(teamId.Value, now, cancel)).ConvertAll(period => period.PersonId);
            var people = await db.People
                .Where(p => p.Active && present.Contains(p.Id))
                .OrderBy(p => p.Name)
                .ToListAsync(cancel);
            var duty = new OnDuty(people, await db.TargetsAsync(people, cancel));
            if (db.Database.CurrentTransaction is not null) db.DutySeen[teamId.Value] = duty;
            return duty;
        }

        /// <summary>Active administrators and how they are reached.</summary>
        public async Task<OnDuty> AdministratorsAsync(CancellationToken cancel)
        {
            var people = await db.People.Where(p => p.Active && p.Role == PersonRole.Admin).OrderBy(p => p.Name).ToListAsync(cancel);
            return new OnDuty(people, await db.TargetsAsync(people, cancel));
        }

        /// <summary>How people are reached.</summary>
        public async Task<IReadOnlyList<PageTarget>> TargetsAsync(List<Person> people, CancellationToken cancel)
        {
            var ids = people.ConvertAll(p => p.Id);
            var channels = await db.Channels.Where(c => c.Enabled && ids.Contains(c.PersonId)).ToListAsync(cancel);
            return [.. from person in people
                       from channel in channels.OrderBy(c => c.Position)
                       where channel.PersonId == person.Id
                       select new PageTarget(person, channel)];
        }
    }
}
