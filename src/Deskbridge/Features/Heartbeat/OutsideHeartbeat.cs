using Deskbridge.Connectors.Http;
using Deskbridge.Core.Operations;
using Deskbridge.Features.Health;

namespace Deskbridge.Features.Heartbeat;

/// <summary>
/// Calls an outside address while everything works. A service there raises the alarm when the calls stay away, so that a dead machine, a cut
/// network and a broken hub are noticed alike. What is broken withholds the call; who is on duty is not its business.
/// </summary>
internal sealed partial class OutsideHeartbeat(HubHealth health, HeartbeatSettings settings, HubMetrics metrics, TimeProvider clock, ILogger<OutsideHeartbeat> logger) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new ConnectFailureHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 64 * 1024,
    };

    private HeartbeatState _state = HeartbeatState.Off;

    /// <summary>What came of the last one.</summary>
    public HeartbeatState State => _state;

    public void Dispose() => _http.Dispose();

    /// <summary>Calls, or withholds the call, when it is time.</summary>
    public async Task BeatAsync(CancellationToken cancel)
    {
        HeartbeatTarget? target;
        try
        {
            target = await settings.ReadAsync(cancel);
        }
        catch (InvalidOperationException lost)
        {
            _state = _state with { Set = true, Message = lost.Message };
            return;
        }

        if (target is null)
        {
            _state = HeartbeatState.Off;
            return;
        }

        var now = clock.GetUtcNow();
        if (_state.LastTriedAt is { } tried && now >= tried && now - tried < target.Interval) return;
        var broken = (await health.ReadAsync(cancel)).Problems.Where(problem => problem.Gravity == HealthGravity.Broken).Select(problem => problem.Message).ToList();
        var why = broken.Count > 0 ? null : await CallAsync(target.Url, cancel);
        var called = broken.Count == 0 && why is null;
        metrics.Heartbeat(broken.Count > 0 ? "withheld" : called ? "called" : "failed");
        if (broken.Count > 0 && _state.Withheld.Count == 0) LogWithheld(logger, broken.Count);
        if (why is not null && _state.Message is null) LogFailed(logger, target.Url.Host, why);
        _state = new HeartbeatState(Set: true, target.Url.Host, target.Interval, now, called ? now : _state.LastCalledAt, why, broken);
    }

    /// <summary>Null when the service took it; otherwise why not. The address itself is a secret and is not repeated.</summary>
    private async Task<string?> CallAsync(Uri url, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            using var answer = await _http.GetAsync(url, either.Token);
            return answer.IsSuccessStatusCode ? null : $"{url.Host} answered {(int)answer.StatusCode}. Compare the address with the one the service shows.";
        }
        catch (HttpRequestException failure)
        {
            return $"{url.Host} could not be reached: {failure.Message}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"{url.Host} did not answer within {Patience.TotalSeconds:0} seconds.";
        }
    }

    [LoggerMessage(6010, LogLevel.Warning, "The heartbeat is withheld: {Count} things are broken; the page Health names them")]
    private static partial void LogWithheld(ILogger logger, int count);

    [LoggerMessage(6011, LogLevel.Warning, "The heartbeat did not reach {Host}: {Why}")]
    private static partial void LogFailed(ILogger logger, string host, string why);
}

/// <summary>What came of the last heartbeat.</summary>
/// <param name="Set">An address is set.</param>
/// <param name="Host">The host that is called; the whole address is a secret.</param>
/// <param name="Interval">How often.</param>
/// <param name="LastTriedAt">When it was time last.</param>
/// <param name="LastCalledAt">When the service last took a call since this hub started.</param>
/// <param name="Message">Why the last call failed; null when it did not.</param>
/// <param name="Withheld">What is broken, so that no call was made.</param>
internal sealed record HeartbeatState(
    bool Set, string? Host, TimeSpan Interval, DateTimeOffset? LastTriedAt, DateTimeOffset? LastCalledAt, string? Message, IReadOnlyList<string> Withheld)
{
    public static HeartbeatState Off { get; } = new(false, null, HeartbeatSettings.DefaultInterval, null, null, null, []);
}
