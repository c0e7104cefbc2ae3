using Deskbridge.Connectors;
using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.Campaign;

/// <summary>Runs one seed to its end: the story, the healing, the quiet and the checks.</summary>
internal static class Seed
{
    public static async Task<SeedReport> RunAsync(int seed, int steps)
    {
        var kind = new Random(seed);
        var goesLive = kind.Next(2) == 0;
        await using var world = await SimulatedWorld.CreateAsync(
            seed, remotes: 2, installed: index => index == 0 || !goesLive, vendors: index => VendorOf(seed, index),
            prepare: psa =>
            {
                psa.PartialArraysWipe = kind.Next(2) == 0;
                psa.Skew = TimeSpan.FromSeconds(kind.Next(-90, 90));
                psa.Returns = Enum.GetValues<ReturnPolicy>()[kind.Next(4)];
                psa.Flows = StatusFlows.All & ~(kind.Next(8) switch { 0 => StatusFlows.TicketReopens, 1 => StatusFlows.UnacknowledgeUpdates, _ => StatusFlows.None });
            });
        var story = new Story(world, steps);
        try
        {
            await story.RunAsync();
            if (kind.Next(8) == 0) BreakATicket(world);
            await world.HealAsync();
            await world.QuietAsync();
            await BuryTheDeletedAsync(world);
            List<Violation> violations = [.. await Invariants.CheckAsync(world), .. await LaterAsync(world)];
            var dump = violations.Count == 0 ? "" : Dump.Of(await Evidence.CollectAsync(world), violations);
            return new SeedReport(seed, SystemsOf(seed), violations, Coverage.Of(world), violations.Count == 0 ? [] : story.Told, dump);
        }
        catch (Exception failure)
        {
            return new SeedReport(seed, SystemsOf(seed), [new Violation("crashed", failure.ToString())], new Dictionary<string, int>(), story.Told, "");
        }
    }

    /// <summary>Of six seeds three have two ConnectWise systems, two have two of Autotask, and one has one of each.</summary>
    private static Vendor VendorOf(int seed, int index) => (seed % 6) switch
    {
        0 or 3 => Vendor.Autotask,
        1 when index == 1 => Vendor.Autotask,
        _ => Vendor.ConnectWise,
    };

    private static Systems SystemsOf(int seed) => VendorOf(seed, 0) != VendorOf(seed, 1) ? Systems.Both : VendorOf(seed, 0) == Vendor.Autotask ? Systems.Autotask : Systems.ConnectWise;

    /// <summary>A ticket on which the connector itself fails, whatever is tried: its writes are given up in the end, and people are told.</summary>
    private static void BreakATicket(SimulatedWorld world)
    {
        var remote = world.Remotes[0];
        var link = world.Ledger.Shadow.Links.Values.FirstOrDefault(link => link.ConnectionId == remote.Id && world.Ledger.Shadow.Unsettled.TryGetValue(link.Id, out var open) && open.Count > 0);
        if (link is not null) remote.Psa.Broken.Add(link.RemoteId);
    }

    /// <summary>Deleted tickets are believed to be gone after two complete sweeps, and never before; of too many at once the administrator is asked.</summary>
    private static async Task BuryTheDeletedAsync(SimulatedWorld world)
    {
        foreach (var remote in world.Remotes)
        {
            await world.SweepAsync(remote);
            await world.SweepAsync(remote);
            await world.ConfirmDeletionsAsync(remote);
        }

        await world.LookForSilenceAsync();
        await world.QuietAsync();
    }

    /// <summary>Quiet means quiet: minutes later nothing has been written any more.</summary>
    private static async Task<IEnumerable<Violation>> LaterAsync(SimulatedWorld world)
    {
        // A rule of time may turn in these minutes, and rightly so.
        if (world.Ledger.Shadow.Wakes.Values.Any(wake => wake.DueAt < world.Time.GetUtcNow().AddMinutes(30))) return [];
        var written = world.Remotes.ConvertAll(remote => remote.Psa.Oracle.Entries.Count);
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await world.QuietAsync();
        return world.Remotes.SelectMany((remote, index) => remote.Psa.Oracle.Entries.Skip(written[index])
            .Where(entry => entry.Kind is EntryKind.Written or EntryKind.NoteAdded or EntryKind.NoteEdited or EntryKind.DocumentAdded or EntryKind.Scheduled or EntryKind.Unscheduled)
            .Select(entry => new Violation("I5", $"{remote.Psa.Kind}/{entry.TicketId}: {entry.Kind} {string.Join(", ", entry.Set.Keys)} {entry.Detail} minutes after everything was quiet")));
    }
}

/// <summary>What became of one seed.</summary>
internal sealed record SeedReport(int Seed, Systems Systems, IReadOnlyList<Violation> Violations, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> Story, string Dump);

/// <summary>What a seed's hub is connected to.</summary>
internal enum Systems
{
    /// <summary>Two systems of ConnectWise.</summary>
    ConnectWise,

    /// <summary>Two of Autotask.</summary>
    Autotask,

    /// <summary>One of each.</summary>
    Both,
}
