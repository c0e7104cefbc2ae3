namespace Deskbridge.Connectors.Http;

/// <summary>Words and certainty for requests that got no usable answer.</summary>
public static class NetworkFailure
{
    /// <summary>Turns a network failure into the connector's exception.</summary>
    /// <param name="failure">What the HTTP client threw.</param>
    /// <param name="address">Where the request went; only host and port are shown.</param>
    /// <param name="proxy">The connection's own proxy, if it has one.</param>
    public static ConnectorUnavailableException Describe(HttpRequestException failure, Uri address, RemoteProxy? proxy = null)
    {
        var host = address.Authority;
        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError when proxy is not null => new(
                $"The name {proxy.Address.Host} of the proxy cannot be resolved. Correct the connection's proxy setting, or see that this machine's DNS knows it.", false, failure),
            HttpRequestError.ConnectionError when proxy is not null => new(
                $"The proxy {proxy.Address.Authority} does not accept connections. Correct the connection's proxy setting, or start the proxy.", false, failure),
            HttpRequestError.ProxyTunnelError when proxy is not null && failure.Message.Contains("407", StringComparison.Ordinal) => ProxyPassword(proxy.Address.Authority, failure),
            HttpRequestError.ProxyTunnelError when proxy is not null => new(
                $"The proxy {proxy.Address.Authority} does not open a way to {host}: {Innermost(failure)} Allow {host} in its rules.", false, failure),
            HttpRequestError.NameResolutionError => new(
                $"The name {address.Host} cannot be resolved. Check the address for typing errors and that this machine's DNS knows it.", false, failure),
            HttpRequestError.ConnectionError => new(
                $"{host} does not accept connections. Check the address and port, that the server runs, and that no firewall is in between.", false, failure),
            HttpRequestError.ProxyTunnelError => new(
                $"The proxy did not open a way to {host}. Check the proxy settings of this machine.", false, failure),
            HttpRequestError.SecureConnectionError => new(
                $"No trusted TLS connection to {host}: {Innermost(failure)} If the server uses a private certificate authority, paste its certificate into the connection's custom CA setting.", false, failure),
            HttpRequestError.ConfigurationLimitExceeded => new(
                $"{host} answered with more data than is accepted in one piece.", true, failure),
            _ => new($"The connection to {host} broke before the answer was complete: {Innermost(failure)}", true, failure),
        };
    }

    /// <summary>A proxy does not know who is asking (HTTP 407).</summary>
    /// <param name="proxy">The proxy, if it is known.</param>
    /// <param name="failure">What the HTTP client threw.</param>
    public static ConnectorUnavailableException ProxyPassword(string? proxy, Exception? failure = null) =>
        new($"The proxy {(proxy is null ? "in between" : proxy)} asks for a user name and password, or refuses those given. Correct them under More settings of the connection.", false, failure);

    /// <summary>The failure of a request that ran out of time.</summary>
    /// <param name="failure">What the HTTP client threw.</param>
    /// <param name="address">Where the request went.</param>
    /// <param name="limit">How long it was waited for.</param>
    public static ConnectorUnavailableException TimedOut(OperationCanceledException failure, Uri address, TimeSpan limit) =>
        failure.InnerException is TimeoutException // SocketsHttpHandler's sign that not even the connection was made
            ? new($"{address.Authority} could not be reached in time. Check the address and that no firewall drops the connection.", false, failure)
            : new($"{address.Authority} did not answer within {limit.TotalSeconds:0} seconds.", true, failure);

    private static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure.Message.TrimEnd('.') + ".";
    }
}
