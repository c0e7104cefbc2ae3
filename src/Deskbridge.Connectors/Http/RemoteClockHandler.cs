namespace Deskbridge.Connectors.Http;

/// <summary>Learns from each answer's Date header how far the remote's clock is ahead of ours.</summary>
/// <param name="clock">Our clock.</param>
public sealed class RemoteClockHandler(TimeProvider clock) : DelegatingHandler
{
    // The header shows whole seconds, and servers write it from a text they renew once a second.
    private static readonly TimeSpan Precision = TimeSpan.FromSeconds(2);
    private long _offsetTicks;

    /// <summary>How far the remote is ahead. Zero for less than two seconds, which the header cannot show.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = clock.GetUtcNow();
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Date is { } theirs)
        {
            var middle = asked + ((clock.GetUtcNow() - asked) / 2);
            var offset = theirs - middle;
            Interlocked.Exchange(ref _offsetTicks, offset.Duration() < Precision ? 0 : offset.Ticks);
        }

        return response;
    }
}
