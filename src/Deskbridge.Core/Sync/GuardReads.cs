using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>
/// The look before the write, for effects that are sent at the same time. A write of nothing but our markers, on a remote that keeps what a
/// partial array leaves out, judges no field that anybody else changes: those of one connection are read in one call. Every other write, and
/// every probe, reads its record alone.
/// </summary>
internal sealed class GuardReads(IReadOnlyDictionary<Guid, (long WriteCounter, CustomFieldMode CustomFields)> connections, IReadOnlyList<Effect> together)
{
    private readonly ConcurrentDictionary<Guid, Lazy<Task<Dictionary<string, Observation>>>> _shared = new();

    /// <summary>Reads what must be known of the connections before their records are read.</summary>
    public static Task<Dictionary<Guid, (long WriteCounter, CustomFieldMode CustomFields)>> ConnectionsAsync(HubStore store, IReadOnlyList<Effect> claimed, CancellationToken cancel)
    {
        var ids = claimed.Select(e => e.ConnectionId).Distinct().ToList();
        return store.ReadAsync(
            async db => (await db.Connections.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.WriteCounter, c.CustomFields }).ToListAsync(cancel))
                .ToDictionary(c => c.Id, c => (c.WriteCounter, c.CustomFields)),
            cancel);
    }

    /// <summary>How the connection's custom fields were written before any record was read.</summary>
    public CustomFieldMode ModeOf(Guid connectionId) => connections[connectionId].CustomFields;

    /// <summary>The record as it is right now; null when there is none.</summary>
    public async Task<Observation?> ReadAsync(FieldWork work, CancellationToken cancel)
    {
        if (together.Count == 1 || !MayShare(work.Effect, work.Write)) return await ReadAloneAsync(work, cancel);
        var shared = _shared.GetOrAdd(work.Live.Id, _ => new Lazy<Task<Dictionary<string, Observation>>>(() => ReadTogetherAsync(work, cancel)));
        return (await shared.Value).TryGetValue(work.Effect.RemoteId, out var seen) ? seen : await ReadAloneAsync(work, cancel);
    }

    private async Task<Observation?> ReadAloneAsync(FieldWork work, CancellationToken cancel)
    {
        var reading = Begin(work.Live);
        return await work.Reader.ReadTicketAsync(work.Effect.RemoteId, cancel) is { } ticket ? reading.Of(ticket) : null;
    }

    private async Task<Dictionary<string, Observation>> ReadTogetherAsync(FieldWork work, CancellationToken cancel)
    {
        var ids = together.Where(e => e.ConnectionId == work.Live.Id && e.Kind is EffectKind.Transition or EffectKind.Field).Select(e => e.RemoteId).Distinct().ToList();
        var reading = Begin(work.Live);
        return (await work.Reader.ReadTicketsAsync(ids, cancel)).ToDictionary(ticket => ticket.Id, reading.Of);
    }

    private Reading Begin(LiveConnection live) => new(live.RemoteNow, connections[live.Id].WriteCounter);

    private bool MayShare(Effect effect, FieldWrite write) =>
        effect.State != EffectState.Sent
        && connections[effect.ConnectionId].CustomFields == CustomFieldMode.Partial
        && write.Set.Keys.All(TicketFields.IsMarker);
}
