using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections;

/// <summary>The budget of every connection. It outlives the connector, so that new settings do not refill it.</summary>
internal class CallBudgets(IOptions<ConnectionsOptions> options, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, CallBudget> _budgets = new();

    /// <summary>The budget of one connection.</summary>
    public CallBudget Of(Guid connectionId) => _budgets.GetOrAdd(connectionId, _ => new CallBudget(options.Value.CallsPerMinute, clock));

    /// <summary>Where a connector passes with its calls.</summary>
    public virtual ICallGate GateOf(Guid connectionId) => Of(connectionId);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var budget in _budgets.Values) budget.Dispose();
        GC.SuppressFinalize(this);
    }
}
