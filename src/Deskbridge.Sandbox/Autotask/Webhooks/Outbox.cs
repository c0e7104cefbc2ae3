namespace Deskbridge.Sandbox.Autotask.Webhooks;

/// <summary>Sends what the system tells others: one thing after the other in each lane, lanes beside each other. Nothing is promised across a restart.</summary>
internal sealed class Outbox(SandboxClock clock) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _lanes = new(StringComparer.Ordinal);

    /// <summary>Does some work when what was put into its lane before is done.</summary>
    public void Put(string lane, Func<CancellationToken, Task> work)
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested) return;
            _lanes[lane] = AfterAsync(_lanes.GetValueOrDefault(lane, Task.CompletedTask), work);
        }
    }

    public Task WaitAsync(TimeSpan time, CancellationToken cancel) => Task.Delay(time, clock.Time, cancel);

    /// <summary>Sends once.</summary>
    /// <returns>The status, or 0 when there was none within ten seconds.</returns>
    public async Task<int> SendAsync(HttpRequestMessage message, CancellationToken cancel)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, TimeProvider.System); // an answer takes real time, whatever the clock of a test says
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return (int)answer.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or System.Net.Sockets.SocketException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_gate) running = [.. _lanes.Values];
        await Task.WhenAll(running);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task AfterAsync(Task before, Func<CancellationToken, Task> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            await work(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The sandbox stops; like the vendor it owes nobody the rest.
        }
    }
}
