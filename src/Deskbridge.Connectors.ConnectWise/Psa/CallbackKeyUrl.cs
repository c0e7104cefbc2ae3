using System.Text.RegularExpressions;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// Decides whether a callback's key may be fetched from where the callback says. Anybody can write that address, and another
/// customer of the same cloud can validly sign with a key of their own, so it must be this instance's and this company's.
/// </summary>
internal static partial class CallbackKeyUrl
{
    /// <summary>The reason against the address, or null when it may be used.</summary>
    public static string? WhyNot(string? keyUrl, PsaAddress address, string companyId)
    {
        if (!Uri.TryCreate(keyUrl, UriKind.Absolute, out var uri))
        {
            return "The callback names no address of its signing key.";
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        {
            return "The address of the signing key is not https.";
        }

        if (!address.Owns(uri))
        {
            return $"The address of the signing key is on {uri.Authority}, not on this connection's instance.";
        }

        if (!KeyPath().IsMatch(uri.AbsolutePath) || uri.Fragment.Length > 0)
        {
            return "The address of the signing key does not have ConnectWise's form.";
        }

        var query = uri.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')), StringComparer.OrdinalIgnoreCase);
        var companies = query["companyName"].ToList();
        return companies.Count == 1 && companies[0].Equals(companyId, StringComparison.OrdinalIgnoreCase)
            ? null
            : "The signing key belongs to another company.";
    }

    [GeneratedRegex("^/v[A-Za-z0-9_.]{1,40}/+system/callbackkey/index\\.rails$", RegexOptions.IgnoreCase, 100)]
    private static partial Regex KeyPath();
}
