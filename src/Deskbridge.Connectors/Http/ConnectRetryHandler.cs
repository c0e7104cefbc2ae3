namespace Deskbridge.Connectors.Http;

/// <summary>
/// Repeats a GET once when no connection came about, as during a restart behind a
/// load balancer. Nothing else is ever repeated here; the engine decides about that.
/// </summary>
public sealed class ConnectRetryHandler : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException failure)
            when (request.Method == HttpMethod.Get && failure.HttpRequestError is HttpRequestError.ConnectionError)
        {
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
