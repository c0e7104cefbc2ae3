using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections;

/// <summary>The budget of every connection. It outlives the connector, so that new settings do not refill it.</summary>
internal sealed class CallBudgets(IOptions<ConnectionsOptions> options, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, CallBudget> _budgets = new();

    /// <summary>The budget of one connection.</summary>
    public CallBudget Of(Guid connectionId) => _budgets.GetOrAdd(connectionId, _ => new CallBudget(options.Value.CallsPerMinute, clock));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var budget in _budgets.Values) budget.Dispose();
    }
}
