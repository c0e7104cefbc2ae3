using System.Net;

namespace Deskbridge.Connectors.Http;

/// <summary>
/// Lets no write out after its <see cref="SendDeadline"/>. Looks when the body is written, which is after waiting for the budget, for a
/// connection and for TLS, and right before the request leaves the process.
/// </summary>
/// <param name="clock">The hub's clock.</param>
internal sealed class DeadlineHandler(TimeProvider clock) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (SendDeadline.Current is not { } deadline || request.Content is not { } body) return await base.SendAsync(request, cancellationToken);
        await body.LoadIntoBufferAsync(cancellationToken);
        request.Content = new TimelyContent(body, deadline, clock);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException failure) when (failure.GetBaseException() is ConnectorConflictException)
        {
            throw TooLate();
        }
        finally
        {
            request.Content = body;
        }
    }

    private static ConnectorConflictException TooLate() => new("This hub was held up, and its claim on the write ended before it could be sent. Nothing was sent.");

    private sealed class TimelyContent : HttpContent
    {
        private readonly HttpContent _body;
        private readonly DateTimeOffset _deadline;
        private readonly TimeProvider _clock;

        public TimelyContent(HttpContent body, DateTimeOffset deadline, TimeProvider clock)
        {
            (_body, _deadline, _clock) = (body, deadline, clock);
            foreach (var header in body.Headers) Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            if (_clock.GetUtcNow() > _deadline) throw TooLate();
            return _body.CopyToAsync(stream, context);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Headers.ContentLength ?? 0;
            return _body.Headers.ContentLength is not null;
        }
    }
}
