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

    /// <summary>More than a page of the list of changes, which only ConnectWise has.</summary>
    private const int SeededTickets = 520;

    /// <summary>Set <c>DESKBRIDGE_KILL_SEED</c> for other random moments.</summary>
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("DESKBRIDGE_KILL_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20261122;

    [Fact]
    public async Task Hub_KilledAHundredTimes_LosesNothingAndDoublesNothing()
    {
        var watch = Stopwatch.StartNew();
        var program = await PublishedHub.ProgramAsync();
        var published = watch.Elapsed;

        var worlds = await Task.WhenAll(
            RunAsync(program, Vendor.ConnectWise, KillPlan.Of(Vendor.ConnectWise, TestDatabase.OnPostgres), new Random(Seed)),
            RunAsync(program, Vendor.Autotask, KillPlan.Of(Vendor.Autotask, TestDatabase.OnPostgres), new Random(Seed + 1)));

        List<string> kills = [.. worlds.SelectMany(w => w.Kills).Select(kill => kill.Split(':')[0])];
        List<string> problems = [.. worlds.SelectMany(w => w.Problems)];
        var missed = Failpoints.Names.Except(kills).ToList();
        if (missed.Count > 0) problems.Add($"Never killed at {string.Join(", ", missed)}.");
        if (kills.Count < Least) problems.Add($"Only {kills.Count} kills instead of {Least}.");
        problems.AddRange(worlds.Where(w => w.Kills.Count < Least / 2 - 5).Select(w => $"Only {w.Kills.Count} kills on {w.Vendor}."));
        Print(kills, worlds, watch.Elapsed, published);
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    private static async Task<Outcome> RunAsync(string program, Vendor vendor, IReadOnlyList<string> plan, Random random)
    {
        await using var world = await CrashWorld.StartAsync(vendor: vendor);
        if (vendor == Vendor.ConnectWise) await world.Technician.SeedAsync(SeededTickets);
        var load = new Load(world);
        var killing = new Killing(world, load, program, random);
        await killing.RunAsync(plan);
        var evidence = await Evidence.ReadAsync(world);
        return new Outcome(vendor, killing.Kills, [.. killing.Problems, .. WorldChecks.Run(load.Cases, evidence, world.Technician, world.DanaId)], load.Cases.Count);
    }

    private static void Print(List<string> kills, IReadOnlyList<Outcome> worlds, TimeSpan all, TimeSpan published)
    {
        var points = kills.Where(kill => kill != KillPlan.Random).CountBy(kill => kill).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        foreach (var (name, count) in points) Console.WriteLine($"  {name}: {count}");
        var random = kills.Count(kill => kill == KillPlan.Random);
        Console.WriteLine($"  {KillPlan.Random}: {random}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"crash: {kills.Count} kills on {(TestDatabase.OnPostgres ? "PostgreSQL" : "SQLite")} ({string.Join(" and ", worlds.Select(w => $"{w.Kills.Count} with {w.Vendor}"))}) at {points.Count} failpoints, {random} random, {all.TotalSeconds:0} seconds ({published.TotalSeconds:0} of them publishing), {string.Join(" and ", worlds.Select(w => w.Cases))} tickets checked"));
    }

    private sealed record Outcome(Vendor Vendor, IReadOnlyList<string> Kills, IReadOnlyList<string> Problems, int Cases);
}
