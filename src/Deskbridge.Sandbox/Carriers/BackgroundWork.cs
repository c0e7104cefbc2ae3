namespace Deskbridge.Sandbox.Carriers;

/// <summary>What goes on after an answer; the carriers wait for its end before they close their logs.</summary>
internal sealed class BackgroundWork(CancellationToken stopping) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    public void Start(Func<Task> work)
    {
        lock (_gate)
        {
            if (stopping.IsCancellationRequested) return;
            _running.RemoveWhere(task => task.IsCompletedSuccessfully); // what failed stays, for the end to tell
            _running.Add(RunAsync(work));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);
    }

    private async Task RunAsync(Func<Task> work)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The sandbox stops; it owes nobody the rest.
        }
    }
}
