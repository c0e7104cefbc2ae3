using System.Collections.Concurrent;

namespace Deskbridge.Core.Connections;

/// <summary>
/// Told after a commit that changed a connection, so that what this process keeps about it is read again at once.
/// A hint: changes made by another process are noticed within seconds without it.
/// </summary>
internal sealed class ConnectionChanges
{
    private readonly ConcurrentQueue<Action<Guid>> _listeners = new();

    /// <summary>Calls the listener with the id of every changed connection, for as long as the process lives.</summary>
    public void Subscribe(Action<Guid> listener) => _listeners.Enqueue(listener);

    /// <summary>Tells everybody.</summary>
    public void Raise(Guid connectionId)
    {
        foreach (var listener in _listeners) listener(connectionId);
    }
}
