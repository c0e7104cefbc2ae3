using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Operations;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections;

/// <summary>The budget of every connection. It outlives the connector, so that new settings do not refill it.</summary>
internal class CallBudgets(IOptions<ConnectionsOptions> options, HubMetrics metrics, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, CallBudget> _budgets = new();

    private int _hubs = 1;

    /// <summary>Calls that each connection may make in a minute from this hub: its share, when several hubs do the work.</summary>
    public int CallsPerMinute => Math.Max(1, options.Value.CallsPerMinute / _hubs);

    /// <summary>Calls of all connections in the last minute, from this hub.</summary>
    public int CallsLastMinute => _budgets.Values.Sum(budget => budget.Usage().Classes.Sum(use => use.LastMinute));

    /// <summary>The budgets hold for all hubs together: each takes an equal part.</summary>
    public void ShareAmong(int hubs)
    {
        if (_hubs == hubs) return;
        _hubs = hubs;
        foreach (var budget in _budgets.Values) budget.SetRate(CallsPerMinute);
    }

    /// <summary>The budget of one connection.</summary>
    public CallBudget Of(Guid connectionId) => _budgets.GetOrAdd(
        connectionId, id => new CallBudget(CallsPerMinute, clock, call => metrics.Call(id, CallClassScope.Current.ToString().ToLowerInvariant(), call.Status, call.Duration)));

    /// <summary>Where a connector passes with its calls.</summary>
    public virtual ICallGate GateOf(Guid connectionId) => Of(connectionId);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var budget in _budgets.Values) budget.Dispose();
        GC.SuppressFinalize(this);
    }
}
