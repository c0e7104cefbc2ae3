using System.Diagnostics;
using System.Globalization;
using Deskbridge.Core.Common;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Simulation.Crash;

/// <summary>The real process, killed with -9 at every named failpoint and at random, against the log of the systems it writes to.</summary>
public sealed class KillTests
{
    private const int Least = 100;

    /// <summary>Set <c>DESKBRIDGE_KILL_SEED</c> for other random moments.</summary>
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("DESKBRIDGE_KILL_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20261122;

    [Fact]
    public async Task Hub_KilledAHundredTimes_LosesNothingAndDoublesNothing()
    {
        var watch = Stopwatch.StartNew();
        var program = await PublishedHub.ProgramAsync();
        var published = watch.Elapsed;

        var worlds = await Task.WhenAll(
            RunAsync(program, KillPlan.First, seededTickets: 520, new Random(Seed)),
            RunAsync(program, KillPlan.Second, seededTickets: 0, new Random(Seed + 1)));

        List<string> kills = [.. worlds.SelectMany(w => w.Kills).Select(kill => kill.Split(':')[0])];
        List<string> problems = [.. worlds.SelectMany(w => w.Problems)];
        var missed = Failpoints.Names.Except(kills).ToList();
        if (missed.Count > 0) problems.Add($"Never killed at {string.Join(", ", missed)}.");
        if (kills.Count < Least) problems.Add($"Only {kills.Count} kills instead of {Least}.");
        Print(kills, worlds.Sum(w => w.Cases), watch.Elapsed, published);
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    private static async Task<Outcome> RunAsync(string program, IReadOnlyList<string> plan, int seededTickets, Random random)
    {
        await using var world = await CrashWorld.StartAsync();
        if (seededTickets > 0) await world.Technician.SeedAsync(seededTickets);
        var load = new Load(world);
        var killing = new Killing(world, load, program, random);
        await killing.RunAsync(plan);
        var evidence = await Evidence.ReadAsync(world);
        return new Outcome(killing.Kills, [.. killing.Problems, .. WorldChecks.Run(load.Cases, evidence, world.DanaId)], load.Cases.Count);
    }

    private static void Print(List<string> kills, int cases, TimeSpan all, TimeSpan published)
    {
        var points = kills.Where(kill => kill != KillPlan.Random).CountBy(kill => kill).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        foreach (var (name, count) in points) Console.WriteLine($"  {name}: {count}");
        var random = kills.Count(kill => kill == KillPlan.Random);
        Console.WriteLine($"  {KillPlan.Random}: {random}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"crash: {kills.Count} kills on {(TestDatabase.OnPostgres ? "PostgreSQL" : "SQLite")} at {points.Count} failpoints, {random} random, {all.TotalSeconds:0} seconds ({published.TotalSeconds:0} of them publishing), {cases} tickets checked"));
    }

    private sealed record Outcome(IReadOnlyList<string> Kills, IReadOnlyList<string> Problems, int Cases);
}
