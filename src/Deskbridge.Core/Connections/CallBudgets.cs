using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Operations;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections;

/// <summary>The budget of every connection. It outlives the connector, so that new settings do not refill it.</summary>
internal class CallBudgets(IOptions<ConnectionsOptions> options, HubMetrics metrics, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, CallBudget> _budgets = new();

    /// <summary>Calls that each connection may make in a minute.</summary>
    public int CallsPerMinute => options.Value.CallsPerMinute;

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
