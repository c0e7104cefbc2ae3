using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Simulation.World;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Checks;

/// <summary>I16: a dry run writes nothing, here or there, and foretells what the next real run does.</summary>
internal static class DryRunCheckers
{
    /// <summary>Runs a dry run and answers what it foretold. True when the hub died in it.</summary>
    public static async Task<(Foretold Foretold, bool Died)> DryRunAsync(this SimulatedWorld world, Remote remote)
    {
        var before = await StateAsync(world, remote);
        var run = NewRun(world, remote, ConnectionRunKind.DryRun);
        var died = await world.LiveAsync((hub, cancel) => RunAsync(hub, hub.Make<RunDryRun>(), run, cancel));
        var after = await StateAsync(world, remote);
        if (before != after) world.Violations.Add(new Violation("I16", $"A dry run on {remote.Psa.Kind} changed something: {before} became {after}"));
        return (await ForetoldAsync(world, run), died);
    }

    /// <summary>Installs, and holds what was done against what a dry run foretold. True when the hub died in it.</summary>
    public static async Task<bool> InstallAsync(this SimulatedWorld world, Remote remote, Foretold? foretold = null)
    {
        var run = NewRun(world, remote, ConnectionRunKind.Install);
        var died = await world.LiveAsync((hub, cancel) => RunAsync(hub, hub.Make<RunInstall>(), run, cancel));
        if (died || foretold is null) return died;

        var items = await world.Hub.ReadAsync(db => db.ConnectionRunItems.Where(item => item.RunId == run.Id).ToListAsync());
        var created = items.Where(item => item.Outcome == "created").Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        if (!created.SetEquals(foretold.WouldCreate)) world.Violations.Add(new Violation("I16", $"Install created {string.Join(", ", created)}; the dry run foretold {string.Join(", ", foretold.WouldCreate)}"));
        var linked = await world.Hub.ReadAsync(db => db.Links.Where(link => link.ConnectionId == remote.Id).Select(link => link.RemoteId).ToListAsync());
        if (!linked.ToHashSet(StringComparer.Ordinal).SetEquals(foretold.Tickets)) world.Violations.Add(new Violation("I16", $"Install found the tickets {string.Join(", ", linked)}; the dry run foretold {string.Join(", ", foretold.Tickets)}"));
        return false;
    }

    /// <summary>A remote that fails ends a run, as it does in the hub; the person begins it again.</summary>
    private static async Task RunAsync(World.Hub hub, IRun kind, ConnectionRun run, CancellationToken cancel)
    {
        try
        {
            await hub.RunAsync(kind, run, "Mia", cancel);
        }
        catch (ConnectorException)
        {
            // Nothing more is told than what the run wrote down.
        }
    }

    private static ConnectionRun NewRun(SimulatedWorld world, Remote remote, ConnectionRunKind kind) =>
        new() { Id = world.Ids.NewId(), ConnectionId = remote.Id, Kind = kind, StartedAt = world.Time.GetUtcNow() };

    /// <summary>What a dry run must leave alone; the report of the run itself is not part of it.</summary>
    private static Task<State> StateAsync(SimulatedWorld world, Remote remote) => world.Hub.ReadAsync(async db => new State(
        remote.Psa.Oracle.Entries.Count(entry => entry.Kind is EntryKind.Written or EntryKind.NoteAdded or EntryKind.NoteEdited or EntryKind.DocumentAdded or EntryKind.Scheduled or EntryKind.Unscheduled or EntryKind.Provisioned or EntryKind.Unprovisioned),
        await db.Effects.CountAsync(),
        await db.Links.CountAsync(),
        await db.Mirrors.CountAsync(),
        await db.Wakes.CountAsync(),
        await db.InstalledObjects.CountAsync(),
        (await db.Connections.SingleAsync(row => row.Id == remote.Id)).State));

    private static async Task<Foretold> ForetoldAsync(SimulatedWorld world, ConnectionRun run)
    {
        var items = await world.Hub.ReadAsync(db => db.ConnectionRunItems.Where(item => item.RunId == run.Id).ToListAsync());
        return new Foretold(
            [.. items.Where(item => item.Outcome == "would-create").Select(item => item.Name)],
            [.. items.Where(item => item.Outcome is "matches" or "exists" && item.Name.StartsWith("Ticket ", StringComparison.Ordinal)).Select(item => item.Name.Split(' ', ':')[1])]);
    }

    private sealed record State(int RemoteWrites, int Effects, int Links, int Mirrors, int Wakes, int Objects, ConnectionState Connection);
}

/// <summary>What a dry run said.</summary>
/// <param name="WouldCreate">Names of the objects that Install would create.</param>
/// <param name="Tickets">Remote ids of the tickets that Install will link: those that match already, and those that are marked.</param>
internal sealed record Foretold(IReadOnlyList<string> WouldCreate, IReadOnlyList<string> Tickets);
