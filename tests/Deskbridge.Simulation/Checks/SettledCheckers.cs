using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Checks;

/// <summary>
/// Agreement in the middle of a story: a ticket that the hub knows as it stands, with nothing under way and nothing to look at,
/// has no reason to differ, however busy its neighbours are.
/// </summary>
internal static class SettledCheckers
{
    /// <summary>Judges the tickets of which something changed since the last call.</summary>
    public static IEnumerable<Violation> Judge(SimulatedWorld world)
    {
        var shadow = world.Ledger.Shadow;
        if (shadow.Touched.Count == 0) return [];
        var touched = shadow.Touched.ToHashSet();
        shadow.Touched.Clear();
        var evidence = new Lazy<Evidence>(() => Evidence.Of(world));
        var violations = new List<Violation>();
        foreach (var link in shadow.Links.Values.Where(link => touched.Contains((link.ConnectionId, link.RemoteId)) && world.IsSettled(link)))
        {
            var pair = evidence.Value.PairOf(link);
            if (pair.Alert is null) continue;
            violations.AddRange(AgreementCheckers.Disagreements(pair).Select(message => new Violation("I6", message)));
            violations.AddRange(LossCheckers.Losses(pair).Select(message => new Violation("I7", message)));
        }

        return violations;
    }
}
