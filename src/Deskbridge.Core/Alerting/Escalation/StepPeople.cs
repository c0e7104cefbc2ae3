using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Escalation;

/// <summary>Whom a step pages at this moment.</summary>
/// <param name="Words">The step in words, such as <c>on duty in Network</c>.</param>
/// <param name="Reached">People and channels.</param>
/// <param name="Absent">People it names who were deactivated.</param>
internal sealed record StepPeople(string Words, OnDuty Reached, IReadOnlyList<string> Absent)
{
    /// <summary>Who is meant and cannot be paged, in sentences; empty when there is nobody.</summary>
    public string Missing
    {
        get
        {
            var silent = string.Join(", ", Reached.Unreachable.Select(person => person.Name));
            string[] parts = [silent.Length > 0 ? $"Without a channel in use: {silent}." : "", Absent.Count > 0 ? $"Deactivated: {string.Join(", ", Absent)}." : ""];
            return string.Join(' ', parts.Where(part => part.Length > 0));
        }
    }
}

/// <summary>Looks people up for steps.</summary>
internal static class StepQueries
{
    extension(HubDb db)
    {
        /// <summary>Whom each step of a team pages now; without steps of its own, who is on duty.</summary>
        public async Task<List<StepPeople>> PeopleOfChainAsync(Team team, DateTimeOffset now, CancellationToken cancel)
        {
            var people = new List<StepPeople>();
            foreach (var step in EscalationChain.StepsOf(team)) people.Add(await db.PeopleOfAsync(team, step, now, cancel));
            return people;
        }

        /// <summary>Whom a step of a team pages now.</summary>
        public async Task<StepPeople> PeopleOfAsync(Team team, ChainStep step, DateTimeOffset now, CancellationToken cancel)
        {
            switch (step.Audience)
            {
                case StepAudience.Duty:
                    return new StepPeople($"on duty in {team.Name}", await db.OnDutyAsync(team.Id, now, cancel), []);
                case StepAudience.Team:
                    var other = await db.Teams.Where(t => t.Id == step.TeamId).Select(t => t.Name).FirstOrDefaultAsync(cancel);
                    return new StepPeople(other is null ? "a team that was deleted" : $"on duty in {other}", await db.OnDutyAsync(step.TeamId, now, cancel), []);
                case StepAudience.Everybody:
                    var members = await db.People.Where(p => p.Active && db.TeamMembers.Any(m => m.TeamId == team.Id && m.PersonId == p.Id)).OrderBy(p => p.Name).ToListAsync(cancel);
                    return new StepPeople($"everybody in {team.Name}", new OnDuty(members, await db.TargetsAsync(members, cancel)), []);
                default:
                    var ids = step.People;
                    var named = await db.People.Where(p => ids.Contains(p.Id)).OrderBy(p => p.Name).ToListAsync(cancel);
                    var present = named.Where(p => p.Active).ToList();
                    return new StepPeople(
                        string.Join(", ", named.Select(p => p.Name)), new OnDuty(present, await db.TargetsAsync(present, cancel)), [.. named.Where(p => !p.Active).Select(p => p.Name)]);
            }
        }
    }
}
