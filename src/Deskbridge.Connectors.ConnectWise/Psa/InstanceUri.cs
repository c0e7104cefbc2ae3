using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The one stored form of an instance's address: its origin (S25).</summary>
internal static class InstanceUri
{
    /// <summary>Accepts a root address, a full API path or a bare host, with or without a trailing slash.</summary>
    /// <param name="typed">What a person typed.</param>
    /// <param name="stored">The origin, for example <c>https://na.myconnectwise.net</c>; empty when refused.</param>
    /// <returns>A problem, a notice about what was left out, or null when nothing needs saying.</returns>
    public static SettingProblem? Normalise(string typed, out string stored)
    {
        stored = "";
        var text = typed.Trim();
        if (text.Length == 0)
        {
            return Problem("Enter the address you sign in to ConnectWise at, for example https://na.myconnectwise.net.");
        }

        var withScheme = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        if (!Uri.TryCreate(withScheme, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Scheme is not ("https" or "http"))
        {
            return Problem($"\"{Shorten(text)}\" is not a web address. Enter it like https://na.myconnectwise.net.");
        }

        if (uri.Port == 0 || !IsHost(uri))
        {
            return Problem($"\"{Shorten(text)}\" leads to no server. Enter the address you sign in to ConnectWise at, for example https://na.myconnectwise.net.");
        }

        if (uri.UserInfo.Length > 0)
        {
            return Problem("The address contains a user name. Enter it without, and put the keys into their own fields.");
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
        {
            return Problem($"ConnectWise is only reached over https, plain http would send the keys in clear. Enter https://{uri.Authority}.");
        }

        var host = uri.IdnHost.ToLowerInvariant();
        var apiHost = PsaAddress.IsCloudHost(host) && host.StartsWith("api-", StringComparison.Ordinal);
        stored = new UriBuilder(uri.Scheme, apiHost ? host[4..] : host, uri.IsDefaultPort ? -1 : uri.Port).Uri.GetLeftPart(UriPartial.Authority);
        return string.Equals(stored, text.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
            ? null
            : new(nameof(ConnectWisePsaOptions.InstanceUri), $"Only the root of the address is needed; it is kept as {stored}.", IsNotice: true);
    }

    /// <summary>A name that can be looked up, or an address that means the same on every machine.</summary>
    private static bool IsHost(Uri uri)
    {
        if (uri.HostNameType == UriHostNameType.IPv6) return !uri.DnsSafeHost.Contains('%', StringComparison.Ordinal);
        try
        {
            return new IdnMapping().GetUnicode(uri.IdnHost).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static SettingProblem Problem(string message) => new(nameof(ConnectWisePsaOptions.InstanceUri), message);

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
