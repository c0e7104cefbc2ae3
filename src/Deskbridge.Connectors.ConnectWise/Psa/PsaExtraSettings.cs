using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Checks of the second key and the proxy.</summary>
internal static class PsaExtraSettings
{
    /// <summary>Brings both into their stored form; what belongs to an emptied setting goes with it.</summary>
    public static IEnumerable<SettingProblem> Check(ConnectWisePsaOptions given)
    {
        if (string.IsNullOrEmpty(given.SecondPublicKey)) (given.SecondPublicKey, given.SecondPrivateKey) = (null, null);
        else if (string.IsNullOrEmpty(given.SecondPrivateKey)) yield return new(nameof(given.SecondPrivateKey), "Enter the private key that belongs to the second public key, or empty that.");
        else if (given.SecondPublicKey == given.PublicKey) yield return new(nameof(given.SecondPublicKey), "This is the key in use. Enter the new one, or empty the field.");
        foreach (var (setting, value) in new[] { (nameof(given.SecondPublicKey), given.SecondPublicKey), (nameof(given.SecondPrivateKey), given.SecondPrivateKey) })
        {
            if (value?.Any(c => c is < '!' or > '~' or ':') == true) yield return new(setting, "The value contains a character that ConnectWise never uses here. Copy it again.");
        }

        if (string.IsNullOrEmpty(given.Proxy)) (given.Proxy, given.ProxyUser, given.ProxyPassword) = (null, null, null);
        else if (RemoteProxy.Parse(given.Proxy) is { } proxy)
        {
            given.Proxy = proxy.GetLeftPart(UriPartial.Authority);
            if (Uri.TryCreate(given.InstanceUri, UriKind.Absolute, out var instance) && InClear(instance, proxy) is { } clear) yield return new(nameof(given.Proxy), clear);
        }
        else yield return new(nameof(given.Proxy), "Enter the proxy as http://host:port, without a path, user name or password; those have fields of their own. It is spoken to over http; what ConnectWise gets through it stays encrypted.");
        if (given is { ProxyPassword: { Length: > 0 }, ProxyUser: null or "" }) yield return new(nameof(given.ProxyUser), "Enter the user name that belongs to the proxy's password.");
    }

    /// <summary>Why the keys would leave this machine in clear through a proxy; null when they would not.</summary>
    public static string? InClear(Uri instance, Uri? proxy) => instance.Scheme == Uri.UriSchemeHttp && proxy is { IsLoopback: false }
        ? $"{instance.Authority} is reached over plain http, so the proxy {proxy.Authority} would be sent the keys in clear. Enter the instance's https address, or empty the proxy."
        : null;
}
