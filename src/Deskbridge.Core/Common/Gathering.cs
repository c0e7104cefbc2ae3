using System.Collections.Concurrent;

namespace Deskbridge.Core.Common;

/// <summary>
/// Does together what several ask for at the same time: while one group is at work the next gathers. Nobody waits for company unless
/// <paramref name="linger"/> says so; who comes alone is served alone, in its own call.
/// </summary>
/// <typeparam name="TItem">What is asked for; it keeps what came of it.</typeparam>
/// <param name="most">The largest group.</param>
/// <param name="together">Serves a group. When it throws, each of the group is served alone and gets its own exception.</param>
/// <param name="linger">Waited for before each group: more may come in the meantime.</param>
internal sealed class Gathering<TItem>(int most, Func<IReadOnlyList<TItem>, Task> together, Func<Task>? linger = null)
{
    private readonly ConcurrentQueue<Request> _waiting = new();
    private int _serving;

    /// <summary>Serves this item, in a group or alone.</summary>
    public async Task DoAsync(TItem item)
    {
        var mine = new Request(item);
        _waiting.Enqueue(mine);
        if (Interlocked.Exchange(ref _serving, 1) == 0)
        {
            // Whoever comes first serves all that wait by then; who comes later is not this caller's burden.
            while (!mine.Served.Task.IsCompleted) await ServeAsync();
            if (MayGoOn()) ThreadPool.UnsafeQueueUserWorkItem(static gathering => _ = gathering.ServeRestAsync(), this, preferLocal: false);
        }

        await mine.Served.Task;
    }

    private async Task ServeRestAsync()
    {
        do
        {
            while (!_waiting.IsEmpty) await ServeAsync();
        }
        while (MayGoOn());
    }

    /// <summary>Stops serving, unless somebody came who saw that there was a server and relies on it.</summary>
    private bool MayGoOn()
    {
        Interlocked.Exchange(ref _serving, 0);
        return !_waiting.IsEmpty && Interlocked.Exchange(ref _serving, 1) == 0;
    }

    private async Task ServeAsync()
    {
        if (linger is not null) await linger();
        var group = new List<Request>();
        while (group.Count < most && _waiting.TryDequeue(out var next)) group.Add(next);
        try
        {
            await together([.. group.Select(request => request.Item)]);
            foreach (var request in group) request.Served.SetResult();
        }
        catch (Exception) when (group.Count > 1)
        {
            foreach (var request in group) await AloneAsync(request);
        }
        catch (Exception failure)
        {
            group[0].Served.SetException(failure);
        }
    }

    private async Task AloneAsync(Request request)
    {
        try
        {
            await together([request.Item]);
            request.Served.SetResult();
        }
        catch (Exception failure)
        {
            request.Served.SetException(failure);
        }
    }

    private sealed class Request(TItem item)
    {
        public TItem Item => item;

        public TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
