using System.Globalization;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Simulation.Crash;

/// <summary>Two real hubs on one PostgreSQL database: each is killed and held up past its claims while the other goes on.</summary>
public sealed class NodeTests
{
    private const int Hubs = 2;

    private static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(15);

    /// <summary>Kills per hub, and half as many freezes: 20 for the full figures. Without it 2 and 1.</summary>
    private static readonly int? KillsAsked = Asked("DESKBRIDGE_NODE_KILLS");

    /// <summary>New tickets a second: 20 for the full figures, on a machine that has nothing else to do. Without it 3.</summary>
    private static readonly int Rate = Asked("DESKBRIDGE_NODE_RATE") ?? 3;

    [Fact]
    public async Task Hubs_KilledAndHeldUpUnderLoad_LoseNothingAndDoubleNothing()
    {
        var (kills, freezes) = KillsAsked is { } asked ? (asked, asked / 2) : (2, 1);
        var program = await PublishedHub.ProgramAsync();
        await using var world = await CrashWorld.StartAsync(Hubs);
        var began = TimeProvider.System.GetTimestamp();
        var harm = new NodeHarm(program, world, Hubs);

        var (load, trickle) = await harm.RunAsync(kills, freezes, Rate);

        var harmed = TimeProvider.System.GetElapsedTime(began);
        List<Case> cases = [.. load.Cases, .. trickle.Cases];
        List<string> problems = [.. harm.Problems, .. WorldChecks.Run(cases, await Evidence.ReadAsync(world), world.Technician, world.DanaId)];
        if (harm.HeldAtKills.Count < kills * Hubs || harm.HeldAtFreezes.Count < freezes * Hubs) problems.Add($"Only {harm.HeldAtKills.Count} kills and {harm.HeldAtFreezes.Count} freezes.");
        if (harm.Watch.AllHeld == 0) problems.Add("The hubs never held claimed writes at the same time.");
        problems.AddRange(harm.Watch.TakenOverAfter.Where(after => after > TakenOverWithin).Select(after => $"After a harm no hub had read the changed tickets for {after.TotalSeconds:0.0} seconds."));
        if (harm.Watch.TakenOverAfter.Count < (kills + freezes) * Hubs) problems.Add($"After only {harm.Watch.TakenOverAfter.Count} harms the changed tickets were seen to be read.");
        await PrintAsync(world, harm, trickle, cases.Count, harmed);
        Assert.True(problems.Count == 0, string.Join("\n\n", problems.Take(20)));
    }

    [Fact]
    public async Task Hub_ThatMeetsANewerSchema_EndsWithItsOwnExitCode_AndSaysWhy()
    {
        var program = await PublishedHub.ProgramAsync();
        await using var world = await CrashWorld.StartAsync(Hubs);
        await using var old = new Node(program, world, 0);
        await old.StartAsync();

        await world.ChangeAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101_0001_later', '99.0')");

        Assert.Equal(Deskbridge.Cli.ExitCodes.CannotStart, await old.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("20990101_0001_later", old.Said, StringComparison.Ordinal);
    }

    private static int? Asked(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var asked) ? asked : null;

    private static async Task PrintAsync(CrashWorld world, NodeHarm harm, Trickle trickle, int cases, TimeSpan took)
    {
        await using var db = world.OpenDb();
        foreach (var node in harm.Nodes)
        {
            var confirmed = await db.Effects.CountAsync(e => e.Holder == node.Id && e.State == EffectState.Confirmed);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  writes.of.{(node.Number == 0 ? "one" : "the-other")}: {confirmed}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  claims.held.at.kills: {string.Join(' ', harm.HeldAtKills)}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  claims.held.at.freezes: {string.Join(' ', harm.HeldAtFreezes)}"));
        Console.WriteLine($"  read.again.after.seconds: {string.Join(' ', harm.Watch.TakenOverAfter.Select(after => after.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)))}");
        var rang = trickle.Rang.DefaultIfEmpty().Order().ToList(); // a run that came to nothing prints its zeros, and then says why
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"crash: {Hubs} hubs on PostgreSQL, {harm.HeldAtKills.Count} kills and {harm.HeldAtFreezes.Count} freezes past the lease under {Rate} tickets a second, in {took.TotalSeconds:0} seconds, {cases} tickets checked; "
            + $"both held claimed writes at {harm.Watch.AllHeld} of {harm.Watch.Looks} looks (up to {harm.Watch.Most} each); longest without reading {harm.Watch.LongestWithoutReading.TotalSeconds:0.0} s; "
            + $"ticket to phone p50 {rang[rang.Count / 2].TotalSeconds:0.00} s, p99 {rang[rang.Count * 99 / 100].TotalSeconds:0.0} s, longest {rang[^1].TotalSeconds:0.0} s"));
    }
}
