namespace Deskbridge.Connectors.Http;

/// <summary>Learns from each answer's Date header how far the remote's clock is ahead of ours.</summary>
/// <param name="clock">Our clock.</param>
public sealed class RemoteClockHandler(TimeProvider clock) : DelegatingHandler
{
    // The header shows whole seconds, and servers write it from a text they renew once a second.
    private static readonly TimeSpan Precision = TimeSpan.FromSeconds(2);
    private const long Unknown = long.MinValue;
    private long _offsetTicks = Unknown;

    /// <summary>How far the remote is ahead. Zero for less than two seconds, which the header cannot show; null before the first answer.</summary>
    public TimeSpan? Offset => Interlocked.Read(ref _offsetTicks) is var ticks and not Unknown ? TimeSpan.FromTicks(ticks) : null;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = clock.GetUtcNow();
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Date is { } theirs) Learn(theirs, asked, clock.GetUtcNow());
        return response;
    }

    /// <summary>An answer that agrees with what is known teaches nothing new; a slow one hardly tells when its Date was written.</summary>
    private void Learn(DateTimeOffset theirs, DateTimeOffset asked, DateTimeOffset answered)
    {
        if (Offset is { } known && theirs - answered <= known && known <= theirs + Precision - asked) return;
        var offset = theirs - (asked + ((answered - asked) / 2));
        Interlocked.Exchange(ref _offsetTicks, offset.Duration() < Precision ? 0 : offset.Ticks);
    }
}
