using Deskbridge.Core.Alerting.Escalation;

namespace Deskbridge.Configuration;

/// <summary>A chain as a configuration file can name it: without people who are deactivated, for an empty hub takes nobody in who cannot be paged.</summary>
internal static class ChainInFile
{
    /// <summary>Its steps; one that names nobody else is left out.</summary>
    public static IReadOnlyList<ChainStep> Of(EscalationChain chain, PresentConfiguration present)
    {
        var active = present.People.Where(person => person.Active).Select(person => person.Id).ToHashSet();
        var steps = chain.Steps.Select(step => step with { People = [.. step.People.Where(active.Contains)] })
            .Where(step => step.Audience != StepAudience.People || step.People.Count > 0).ToList();
        if (steps.Count > 0) steps[0] = steps[0] with { WaitMinutes = 0 };
        return steps;
    }
}
