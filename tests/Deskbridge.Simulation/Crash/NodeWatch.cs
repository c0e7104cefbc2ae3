using System.Text.Json.Nodes;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Crash;

/// <summary>Looks many times a second while several hubs work: in the database for who holds claims on writes, in the sandbox's log for how long nobody asked for the changed tickets.</summary>
internal sealed class NodeWatch(CrashWorld world)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private DateTimeOffset? _read;
    private long _heard;
    private Harm? _harmed;

    public int Looks { get; private set; }

    /// <summary>Looks at which every one of so many hubs held a claimed write.</summary>
    public int AllHeld { get; private set; }

    /// <summary>The most claimed writes of one hub at one look.</summary>
    public int Most { get; private set; }

    /// <summary>The longest time between two answered questions for the changed tickets: they recur, and one of the hubs at a time asks.</summary>
    public TimeSpan LongestWithoutReading { get; private set; }

    /// <summary>Claimed writes of a hub, now. What a hub that was killed or held up has claimed stays its own until the lease ends.</summary>
    public async Task<int> HeldAsync(Guid node)
    {
        await using var db = world.OpenDb();
        return await Held(db, TimeProvider.System.GetUtcNow()).CountAsync(e => e.Holder == node);
    }

    /// <summary>How long after each harm somebody asked for the changed tickets, and was answered.</summary>
    public List<TimeSpan> TakenOverAfter { get; } = [];

    /// <summary>Whether one was, after the last harm.</summary>
    public bool IsTakenOver => Volatile.Read(ref _harmed) is null;

    /// <summary>A hub is about to be harmed.</summary>
    public void Harmed() => Volatile.Write(ref _harmed, new Harm(TimeProvider.System.GetUtcNow()));

    /// <summary>Writes that have come to their end.</summary>
    public async Task<int> ConfirmedAsync()
    {
        await using var db = world.OpenDb();
        return await db.Effects.CountAsync(e => e.State == EffectState.Confirmed);
    }

    /// <summary>Whether the connection's way with custom fields is known: until then writes go one by one, and one that is cut off holds up all others.</summary>
    public async Task<bool> WritesTogetherAsync()
    {
        await using var db = world.OpenDb();
        return await db.Connections.AnyAsync(c => c.Id == world.ConnectionId && c.CustomFields != CustomFieldMode.Untested && c.CustomFields != CustomFieldMode.WholeProven);
    }

    /// <summary>Until told to stop.</summary>
    public async Task RunAsync(int hubs, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await LookAsync(hubs);
            await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(int hubs)
    {
        await using var db = world.OpenDb();
        var now = TimeProvider.System.GetUtcNow();
        var held = await Held(db, now)
            .GroupBy(e => e.Holder!.Value)
            .Select(claims => new { Node = claims.Key, Count = claims.Count() })
            .ToListAsync();
        Looks++;
        if (held.Count == hubs) AllHeld++;
        Most = Math.Max(Most, held.Select(claims => claims.Count).DefaultIfEmpty().Max());

        foreach (var line in await world.Technician.LogAsync("request", _heard)) Hear(line);
    }

    private void Hear(JsonNode line)
    {
        _heard = (long)line["seq"]!;
        if (!((string)line["query"]!).Contains("orderBy=lastUpdated", StringComparison.OrdinalIgnoreCase) || (int)line["status"]! != 200) return;
        var read = (DateTimeOffset)line["time"]!;
        if (_read is { } before && read - before > LongestWithoutReading) LongestWithoutReading = read - before;
        _read = read;
        if (Volatile.Read(ref _harmed) is not { } harm || !(read > harm.At)) return;
        TakenOverAfter.Add(read - harm.At);
        Volatile.Write(ref _harmed, null);
    }

    private static IQueryable<Effect> Held(HubDb db, DateTimeOffset now) =>
        db.Effects.Where(e => (e.State == EffectState.Claimed || e.State == EffectState.Sent) && e.LeaseUntil >= now && e.Holder != null);

    private sealed record Harm(DateTimeOffset At);
}
