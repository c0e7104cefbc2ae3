using System.Collections.Concurrent;

namespace Deskbridge.Core.Common;

/// <summary>One at a time of each kind of work on one thing, within this hub: who comes later waits, and sees what the one before it did.</summary>
internal sealed class Turns
{
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _turns = new();

    /// <summary>Waits for the turn on <paramref name="id"/>; disposing what it returns gives the turn on.</summary>
    public async Task<IDisposable> TakeAsync(Guid id, CancellationToken cancel)
    {
        var turn = _turns.GetOrAdd(id, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancel);
        return new Held(turn);
    }

    private sealed class Held(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
