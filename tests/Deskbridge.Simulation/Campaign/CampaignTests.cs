using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Deskbridge.Simulation.Campaign;

/// <summary>
/// Many seeds of one long story. Set <c>DESKBRIDGE_SEED=N</c> to replay one of them with everything that happened, or
/// <c>DESKBRIDGE_SEEDS</c> and <c>DESKBRIDGE_STEPS</c> for a longer campaign. Why most are short as delivered: decision 0045.
/// </summary>
public sealed class CampaignTests(ITestOutputHelper output)
{
    private const int LongSeeds = 200, LongSteps = 300, ShortSteps = 40;

    [Fact]
    public async Task Campaign_ManySeeds_KeepEveryInvariant()
    {
        var one = Setting("DESKBRIDGE_SEED");
        var seeds = one is { } only ? [only] : Enumerable.Range(1, Setting("DESKBRIDGE_SEEDS") ?? 1000).ToList();
        var watch = Stopwatch.StartNew();
        var reports = new ConcurrentBag<SeedReport>();

        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (seed, _) =>
            reports.Add(await Seed.RunAsync(seed, StepsOf(seed))));

        var counts = CountsOf(reports);
        var ofAutotask = CountsOf(reports.Where(report => report.Systems == Systems.Autotask));
        var others = CountsOf(reports.Where(report => report.Systems != Systems.Autotask));
        var broken = reports.Where(report => report.Violations.Count > 0).OrderBy(report => report.Seed).ToList();
        List<string> missing = one is null
            ? [.. Coverage.Required.Where(name => others.GetValueOrDefault(name) == 0), .. Coverage.RequiredOfAutotask.Where(name => ofAutotask.GetValueOrDefault(name) == 0).Select(name => $"{name} (Autotask)")]
            : [];
        Print(seeds, watch.Elapsed, reports.CountBy(report => report.Systems).ToDictionary(), counts, ofAutotask, broken, one is not null);

        Assert.True(broken.Count == 0, $"{broken.Count} seeds broke a promise; replay one with DESKBRIDGE_SEED={broken.FirstOrDefault()?.Seed}");
        Assert.True(missing.Count == 0, "Never reached: " + string.Join(", ", missing));
    }

    private static int StepsOf(int seed) => Setting("DESKBRIDGE_STEPS") ?? (seed <= LongSeeds ? LongSteps : ShortSteps);

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    private static Dictionary<string, int> CountsOf(IEnumerable<SeedReport> reports) =>
        reports.SelectMany(report => report.Counts).GroupBy(count => count.Key).ToDictionary(group => group.Key, group => group.Sum(count => count.Value));

    private void Print(
        IReadOnlyList<int> seeds, TimeSpan took, Dictionary<Systems, int> systems, Dictionary<string, int> counts, Dictionary<string, int> ofAutotask, List<SeedReport> broken, bool whole)
    {
        var text = new StringBuilder();
        var steps = string.Join(" and ", seeds.CountBy(StepsOf).Select(same => string.Create(CultureInfo.InvariantCulture, $"{same.Value} seeds x {same.Key} steps")));
        text.AppendLine(CultureInfo.InvariantCulture, $"{steps} in {took.TotalSeconds:0.0} s, {systems.GetValueOrDefault(Systems.Autotask)} of them on Autotask and {systems.GetValueOrDefault(Systems.Both)} on both; {broken.Count} broke a promise");
        foreach (var (name, count) in counts.OrderBy(count => count.Key, StringComparer.Ordinal)) text.AppendLine(CultureInfo.InvariantCulture, $"  {count,8}  {name}, {ofAutotask.GetValueOrDefault(name)} on Autotask alone");
        foreach (var group in broken.SelectMany(report => report.Violations).GroupBy(violation => violation.Invariant)) text.AppendLine(CultureInfo.InvariantCulture, $"  {group.Key}: {group.Count()} violations");
        foreach (var report in broken.Take(12))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"seed {report.Seed}:");
            foreach (var violation in report.Violations.Take(6)) text.AppendLine("    " + violation);
        }

        if (whole && broken.Count > 0) text.AppendJoin('\n', broken[0].Story).AppendLine().AppendLine(broken[0].Dump);
        output.WriteLine(text.ToString());
    }
}
