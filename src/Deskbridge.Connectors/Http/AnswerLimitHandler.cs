namespace Deskbridge.Connectors.Http;

/// <summary>Reads each answer whole, up to a bound, so that a remote cannot fill our memory and a call's time includes its body.</summary>
/// <param name="maxBytes">The bound; a longer answer throws <see cref="HttpRequestException"/>.</param>
public sealed class AnswerLimitHandler(long maxBytes) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(maxBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
