namespace Deskbridge.Connectors.Http;

/// <summary>Options with a proxy of the connection's own.</summary>
public interface IProxySettings
{
    /// <summary>Proxy that every call goes through, as its origin. Default none but this machine's own.</summary>
    string? Proxy { get; set; }

    /// <summary>User name for the proxy.</summary>
    string? ProxyUser { get; set; }

    /// <summary>Password for the proxy.</summary>
    string? ProxyPassword { get; set; }
}

/// <summary>Checks the proxy that a connection names, alike for all connectors.</summary>
public static class ProxySettings
{
    extension(IProxySettings given)
    {
        /// <summary>Brings the proxy into its stored form; its user and password go with one that is emptied.</summary>
        /// <param name="remote">The remote's address; null when it cannot be read.</param>
        public IEnumerable<SettingProblem> CheckProxy(Uri? remote)
        {
            if (string.IsNullOrEmpty(given.Proxy)) (given.Proxy, given.ProxyUser, given.ProxyPassword) = (null, null, null);
            else if (RemoteProxy.Parse(given.Proxy) is { } proxy)
            {
                given.Proxy = proxy.GetLeftPart(UriPartial.Authority);
                if (remote is not null && InClear(remote, proxy) is { } clear) yield return new(nameof(given.Proxy), clear);
            }
            else yield return new(nameof(given.Proxy), "Enter the proxy as http://host:port, without a path, user name or password; those have fields of their own. It is spoken to over http; what goes through it stays encrypted.");
            if (given is { ProxyPassword: { Length: > 0 }, ProxyUser: null or "" }) yield return new(nameof(given.ProxyUser), "Enter the user name that belongs to the proxy's password.");
        }

        /// <summary>The proxy as it is used; null for none.</summary>
        /// <param name="remote">The remote's address.</param>
        /// <exception cref="ConnectorRejectedException">What was stored would send the keys in clear.</exception>
        public RemoteProxy? UsedProxy(Uri remote)
        {
            if (RemoteProxy.Parse(given.Proxy) is not { } proxy) return null;
            return InClear(remote, proxy) is { } clear ? throw new ConnectorRejectedException(clear) : new RemoteProxy(proxy, given.ProxyUser, given.ProxyPassword);
        }
    }

    /// <summary>Why the keys would leave this machine in clear through a proxy; null when they would not.</summary>
    private static string? InClear(Uri remote, Uri proxy) => remote.Scheme == Uri.UriSchemeHttp && !proxy.IsLoopback
        ? $"{remote.Authority} is reached over plain http, so the proxy {proxy.Authority} would be sent the keys in clear. Enter the https address, or empty the proxy."
        : null;
}
