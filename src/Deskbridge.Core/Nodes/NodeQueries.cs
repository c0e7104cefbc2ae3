using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Nodes;

/// <summary>Who shares the work, and who does what.</summary>
internal sealed class NodeQueries(HubStore store, NodeFacts facts, TaskLog tasks, CallBudgets budgets, ThisNode node, TimeProvider clock)
{
    /// <summary>The hubs beside this one that live.</summary>
    public Task<List<Guid>> OthersAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var since = now - NodeBeat.GoneAfter;
        return store.ReadAsync(db => db.Nodes.Where(row => row.Id != node.Id && row.SeenAt >= since).Select(row => row.Id).ToListAsync(cancel), cancel);
    }

    /// <summary>Every hub of the last day, this one first, with what each holds now.</summary>
    public Task<List<NodeView>> ListAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return store.ReadAsync(
            async db =>
            {
                var names = await db.Connections.ToDictionaryAsync(row => row.Id, row => row.Name, cancel);
                var rows = node.Alone ? [Myself(now)] : await db.Nodes.ToListAsync(cancel);
                var wakes = await db.Wakes.Where(row => row.LeaseUntil >= now && row.Holder != null).GroupBy(row => row.Holder).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
                var effects = await db.Effects.Where(row => (row.State == EffectState.Claimed || row.State == EffectState.Sent) && row.LeaseUntil >= now && row.Holder != null)
                    .GroupBy(row => row.Holder).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
                var pages = await db.Pages.Where(row => row.State == PageState.Sending && row.LeaseUntil >= now && row.Holder != null).GroupBy(row => row.Holder).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
                return rows.OrderBy(row => row.Id != node.Id).ThenBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.StartedAt).Select(row =>
                {
                    var work = Json.Read<NodeWork>(row.Work);
                    return new NodeView(
                        row.Id, row.Name, row.Address, row.Version, row.Id == node.Id, now - row.SeenAt < NodeBeat.GoneAfter, row.StartedAt, row.SeenAt,
                        wakes.Find(g => g.Key == row.Id)?.Count ?? 0, effects.Find(g => g.Key == row.Id)?.Count ?? 0, pages.Find(g => g.Key == row.Id)?.Count ?? 0,
                        work.CallsLastMinute, work.ClockOffMs, work.RepeatedWrites,
                        [.. (work.Tasks ?? []).Select(task => new NodeTaskView(task.Task, names.GetValueOrDefault(task.ConnectionId), task.At, task.Running))]);
                }).ToList();
            },
            cancel);
    }

    private Node Myself(DateTimeOffset now) => new()
    {
        Id = node.Id,
        Name = node.Name,
        Address = facts.Address,
        Version = facts.Version,
        StartedAt = facts.StartedAt,
        SeenAt = now,
        Work = Json.Write(new NodeWork(NodeTask.Of(tasks), budgets.CallsLastMinute, 0, 0)),
    };
}

/// <summary>A hub that shares the database. The counts are claims whose lease has not ended; <c>ClockOffMs</c> is how far the database server's clock is ahead.</summary>
internal sealed record NodeView(
    Guid Id, string Name, string Address, string Version, bool IsThis, bool Alive, DateTimeOffset StartedAt, DateTimeOffset SeenAt,
    int Wakes, int Effects, int Pages, int CallsLastMinute, long ClockOffMs, long RepeatedWrites, IReadOnlyList<NodeTaskView> Tasks)
{
    /// <summary>So far that claims may end too early or too late.</summary>
    public bool ClockFarOff => Math.Abs(ClockOffMs) > 5000;
}

/// <summary>A recurring task: poll, rules, callbacks, sweep or watch; <c>Connection</c> is null for what concerns all of them.</summary>
internal sealed record NodeTaskView(string Task, string? Connection, DateTimeOffset At, bool Running);
