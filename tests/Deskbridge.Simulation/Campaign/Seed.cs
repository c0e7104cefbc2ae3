using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Campaign;

/// <summary>Runs one seed to its end: the story, the healing, the quiet and the checks.</summary>
internal static class Seed
{
    public static async Task<SeedReport> RunAsync(int seed, int steps)
    {
        var kind = new Random(seed);
        await using var world = await SimulatedWorld.CreateAsync(seed, remotes: 2, prepare: psa =>
        {
            psa.PartialArraysWipe = kind.Next(2) == 0;
            psa.Skew = TimeSpan.FromSeconds(kind.Next(-90, 90));
        });
        var story = new Story(world, steps);
        try
        {
            await story.RunAsync();
            world.Heal();
            await world.QuietAsync();
            var violations = await Invariants.CheckAsync(world);
            var dump = violations.Count == 0 ? "" : Dump.Of(await Evidence.CollectAsync(world), violations);
            return new SeedReport(seed, violations, Coverage.Of(world), story.Told, await LaterAsync(world), dump);
        }
        catch (Exception failure)
        {
            return new SeedReport(seed, [new Violation("crashed", failure.ToString())], new Dictionary<string, int>(), story.Told, 0, "");
        }
    }

    /// <summary>Quiet means quiet: an hour later nothing has been written any more.</summary>
    private static async Task<int> LaterAsync(SimulatedWorld world)
    {
        var before = Writes(world);
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await world.QuietAsync();
        return Writes(world) - before;
    }

    private static int Writes(SimulatedWorld world) =>
        world.Remotes.Sum(remote => remote.Psa.Oracle.Entries.Count(entry => entry.Kind is EntryKind.Written or EntryKind.NoteAdded or EntryKind.Scheduled));
}

/// <summary>What became of one seed.</summary>
internal sealed record SeedReport(int Seed, IReadOnlyList<Violation> Violations, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> Story, int LateWrites, string Dump);
