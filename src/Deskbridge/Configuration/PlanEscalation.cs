using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Configuration;

/// <summary>Plans how teams escalate, once all people and teams of the file are there.</summary>
internal sealed class PlanEscalation(SetEscalation set, TeamQueries teams, PersonQueries people)
{
    public void Add(ConfigurationPlan plan, TeamEntry entry, ConfigurationFile file, PresentConfiguration present)
    {
        if (entry.Escalation is not { } steps) return;
        var known = present.Teams.FirstOrDefault(team => team.Name == entry.Name);
        var (before, after) = (Words(known is null ? null : EscalationChain.Of(known), present), Words(steps));
        if (before == after) return;
        foreach (var step in steps) Check(step, entry, file, present);
        if (steps.Count > EscalationRules.MostSteps) entry.At.Tell("escalation", $"The chain has {steps.Count} steps; it may have {EscalationRules.MostSteps} at most.");
        plan.Changes.Add(new Change(Change.Alters, $"escalation of {entry.Name}", [$"{before} → {after}"], cancel => SetAsync(entry.Name, steps, cancel)));
    }

    private static void Check(StepEntry step, TeamEntry entry, ConfigurationFile file, PresentConfiguration present)
    {
        var first = ReferenceEquals(entry.Escalation![0], step);
        if (first && step.WaitMinutes != 0) step.At.Tell("waitMinutes", "The first step pages at once. Leave its waitMinutes away.");
        if (!first && step.WaitMinutes is < 1 or > EscalationRules.LongestWait) step.At.Tell("waitMinutes", $"It waits {step.WaitMinutes} minutes; it may wait 1 to {EscalationRules.LongestWait} minutes for the step before it.");
        if (step.Pages == StepAudience.People)
        {
            if (step.People.Count == 0) step.At.Tell("people", "It names nobody. List at least one email.");
            if (step.People.Count > EscalationRules.MostPeople) step.At.Tell("people", $"It names {step.People.Count} people; {EscalationRules.MostPeople} are the most. Make a team of them.");
            foreach (var person in step.People.Where(person => !PlanTeams.IsActive(person.Text, file, present))) step.At.Tell("people", $"line {person.Line}: {person.Text} is nobody active, neither in this file nor in the hub.");
        }

        if (step.Pages != StepAudience.Team) return;
        if (step.Team == entry.Name) step.At.Tell("team", $"It names {entry.Name} itself. Use duty or everybody for the team's own people.");
        else if (file.Teams.All(team => team.Name != step.Team) && present.Teams.All(team => team.Name != step.Team)) step.At.Tell("team", $"there is no team '{step.Team}', neither in this file nor in the hub.");
    }

    private async Task<Failure?> SetAsync(string name, IReadOnlyList<StepEntry> entries, CancellationToken cancel)
    {
        var all = await teams.ListAsync(cancel);
        if (all.FirstOrDefault(team => team.Name == name) is not { } known) return null;
        var steps = new List<ChainStep>();
        foreach (var entry in entries)
        {
            var named = new List<Guid>();
            foreach (var email in entry.People)
            {
                if (await people.FindAsync(email.Text, cancel) is { } person) named.Add(person.Id);
            }

            steps.Add(new ChainStep(entry.WaitMinutes, entry.Pages!.Value, named, all.FirstOrDefault(team => team.Name == entry.Team)?.Id));
        }

        return (await set.RunAsync(known.Id, steps, null, ImportActor.Person, cancel)).Failure;
    }

    private static string Words(EscalationChain? chain, PresentConfiguration present) => chain is null ? Usual : string.Join(", ", ChainInFile.Of(chain, present).Select(step => Words(
        step.WaitMinutes, step.Audience,
        present.People.Where(person => step.People.Contains(person.Id)).Select(person => person.EmailKey),
        present.Teams.FirstOrDefault(team => team.Id == step.TeamId)?.Name)));

    private static string Words(IReadOnlyList<StepEntry> steps) => steps is [] or [{ Pages: StepAudience.Duty }] ? Usual : string.Join(", ", steps.Select(step => Words(
        step.WaitMinutes, step.Pages, step.People.Select(person => PersonRules.Key(person.Text)), step.Team)));

    private static string Words(int wait, StepAudience? audience, IEnumerable<string> emails, string? team) => $"{(wait > 0 ? $"after {wait} min " : "")}{audience switch
    {
        StepAudience.People => string.Join(" and ", emails.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
        StepAudience.Team => $"duty of {team}",
        StepAudience.Everybody => "everybody",
        _ => "duty",
    }}";

    private const string Usual = "duty, again and again";
}
