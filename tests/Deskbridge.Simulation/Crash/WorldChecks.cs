namespace Deskbridge.Simulation.Crash;

/// <summary>What must be true of a whole world after all the kills.</summary>
internal static class WorldChecks
{
    public static IEnumerable<string> Run(IReadOnlyList<Case> cases, Evidence evidence, Technician technician, Guid danaId)
    {
        foreach (var problem in cases.SelectMany(it => new CaseChecks(it, evidence, technician, danaId).Run())) yield return problem;

        var strange = evidence.Alerts.Where(a => a.LinkId is null).Select(a => $"{a.Title}: {a.Text}").ToList();
        if (strange.Count > 0) yield return $"The hub raised alerts of its own: {string.Join("; ", strange)}";
        var own = evidence.Links.Where(l => evidence.AlertsOf(l).Any()).Select(l => l.RemoteId).Except(cases.Select(c => Evidence.Text(c.Ticket))).ToList();
        if (own.Count > 0) yield return $"Alerts stand on tickets that nobody opened: {string.Join(", ", own)}";
        var unknown = evidence.Rings.Except(evidence.Pages.Select(p => p.Id)).ToList();
        if (unknown.Count > 0) yield return $"Pages arrived that the hub does not know: {string.Join(", ", unknown)}";

        foreach (var problem in technician.Provisioned(evidence.Commits)) yield return problem;
    }
}
