using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;

namespace Deskbridge.Configuration;

/// <summary>Plans teams, their members, and who is on duty first. Later duty is the business of people, never of a file.</summary>
internal sealed class PlanTeams(HubStore store, CreateTeam create, ChangeTeam change, SetTeamMembers setMembers, PunchIn punchIn, PlanEscalation escalation, PlanIntake intake, TeamQueries teams, PersonQueries people)
{
    public async Task AddAsync(ConfigurationPlan plan, ConfigurationFile file, PresentConfiguration present, CancellationToken cancel)
    {
        foreach (var entry in file.Teams)
        {
            var known = present.Teams.FirstOrDefault(team => team.Name == entry.Name);
            var draft = new TeamDraft(
                entry.Name, entry.Description ?? known?.Description ?? "", entry.RepeatMinutes ?? known?.RepeatMinutes ?? 5, entry.MaxRepeats ?? known?.MaxRepeats ?? 0);
            if (await store.ReadAsync(db => TeamRules.CheckAsync(db, known?.Id ?? Guid.Empty, draft, ImportActor.Person, cancel), cancel) is { } refused)
            {
                ConfigurationPlan.Refuse(entry.At, refused);
                continue;
            }

            if (known is null) plan.Changes.Add(new Change(Change.Adds, $"team {draft.Name}", [], async token => (await create.RunAsync(draft, ImportActor.Person, token)).Failure));
            else Alter(plan, known, draft);
            Members(plan, entry, known, file, present);
            Duty(plan, entry, known, file, present);
            intake.Add(plan, entry, present);
        }

        foreach (var entry in file.Teams) escalation.Add(plan, entry, file, present); // a step may page a team further down
    }

    private void Alter(ConfigurationPlan plan, Team known, TeamDraft draft)
    {
        var differences = new Differences();
        differences.Of("description", known.Description, draft.Description.Trim());
        differences.Of("repeatMinutes", known.RepeatMinutes, draft.RepeatMinutes);
        differences.Of("maxRepeats", known.MaxRepeats, draft.MaxRepeats);
        if (differences.Lines.Count > 0)
            plan.Changes.Add(new Change(Change.Alters, $"team {known.Name}", differences.Lines, async cancel => (await change.RunAsync(known.Id, draft, ImportActor.Person, cancel)).Failure));
    }

    private void Members(ConfigurationPlan plan, TeamEntry entry, Team? known, ConfigurationFile file, PresentConfiguration present)
    {
        if (entry.Members is not { } wanted) return;
        var had = known is null ? [] : present.People.Where(person => present.Members[known.Id].Contains(person.Id)).Select(person => person.EmailKey).ToHashSet(StringComparer.Ordinal);
        foreach (var member in wanted.Where(member => !had.Contains(PersonRules.Key(member.Text)) && !IsActive(member.Text, file, present)))
            entry.At.Tell("members", $"line {member.Line}: {member.Text} is nobody active, neither in this file nor in the hub.");

        var keys = wanted.Select(member => PersonRules.Key(member.Text)).ToHashSet(StringComparer.Ordinal);
        string[] details = [.. keys.Except(had).Select(email => $"with {email}"), .. had.Except(keys).Select(email => $"without {email}")];
        if (details.Length > 0) plan.Changes.Add(new Change(Change.Alters, $"members of {entry.Name}", details, cancel => SetMembersAsync(entry.Name, keys, cancel)));
    }

    private void Duty(ConfigurationPlan plan, TeamEntry entry, Team? known, ConfigurationFile file, PresentConfiguration present)
    {
        if (known is not null && present.TeamsWithDuty.Contains(known.Id)) return;
        var members = entry.Members?.Select(member => PersonRules.Key(member.Text)).ToList()
            ?? (known is null ? [] : [.. present.People.Where(person => present.Members[known.Id].Contains(person.Id)).Select(person => person.EmailKey)]);
        foreach (var person in entry.OnDuty)
        {
            if (!members.Contains(PersonRules.Key(person.Text)) || !IsActive(person.Text, file, present))
                entry.At.Tell("onDuty", $"line {person.Line}: {person.Text} is not an active member of this team.");
            else
                plan.Changes.Add(new Change(Change.Adds, $"duty of {person.Text} in {entry.Name}", [], cancel => PunchInAsync(entry.Name, person.Text, cancel)));
        }
    }

    internal static bool IsActive(string email, ConfigurationFile file, PresentConfiguration present)
    {
        var entry = file.People.FirstOrDefault(person => PersonRules.Key(person.Email) == PersonRules.Key(email));
        var known = present.Find(email);
        return (entry is not null || known is not null) && (entry?.Active ?? known?.Active ?? true);
    }

    private async Task<Failure?> SetMembersAsync(string team, IEnumerable<string> emails, CancellationToken cancel)
    {
        var ids = new List<Guid>();
        foreach (var email in emails)
        {
            if (await people.FindAsync(email, cancel) is { } person) ids.Add(person.Id);
        }

        return await IdOfAsync(team, cancel) is { } id ? await setMembers.RunAsync(id, ids, ImportActor.Person, cancel) : null;
    }

    private async Task<Failure?> PunchInAsync(string team, string email, CancellationToken cancel) =>
        await IdOfAsync(team, cancel) is { } id && await people.FindAsync(email, cancel) is { } person
            ? (await punchIn.RunAsync(id, person.Id, ImportActor.Person, cancel)).Failure
            : null;

    private async Task<Guid?> IdOfAsync(string name, CancellationToken cancel) => (await teams.ListAsync(cancel)).FirstOrDefault(team => team.Name == name)?.Id;
}
