using System.Net;
using System.Text.RegularExpressions;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Where an instance's REST interface and its web interface are (reference: developer guide, "PSA API requests").</summary>
/// <param name="Rest">Base of REST calls, ending in a slash.</param>
/// <param name="Web">Origin of the web interface, never with <c>api-</c>.</param>
internal sealed partial record PsaAddress(Uri Rest, Uri Web)
{
    private const string StableCodebase = "v4_6_release/";
    private static readonly string[] CloudDomains = [".myconnectwise.net", ".connectwisedev.com"];

    /// <summary>
    /// Cloud hosts answer REST calls only under their <c>api-</c> name; a server of one's own answers under the name it was
    /// entered with, port included.
    /// </summary>
    public static PsaAddress From(Uri instance, CompanyInfoDto info)
    {
        var codebase = CodebaseForm().IsMatch(info.Codebase ?? "") ? info.Codebase!.TrimEnd('/') + "/" : StableCodebase;
        var isCloud = info.IsCloud == true || codebase != StableCodebase;
        var origin = isCloud ? CloudOrigin(instance, info.SiteUrl) : instance;
        return new(new Uri(origin, $"/{codebase}apis/3.0/"), instance);
    }

    /// <summary>Whether a host belongs to the vendor's cloud.</summary>
    public static bool IsCloudHost(string host) => CloudDomains.Any(domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a URI leads to this very instance: same scheme and port, and the host of either interface.</summary>
    public bool Owns(Uri other) =>
        string.IsNullOrEmpty(other.UserInfo) && (SameOrigin(other, Rest) || SameOrigin(other, Web));

    private static bool SameOrigin(Uri one, Uri two) =>
        one.Scheme == two.Scheme && one.Port == two.Port && string.Equals(one.IdnHost, two.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static Uri CloudOrigin(Uri instance, string? siteUrl)
    {
        // The credentials go to this host, so what the lookup names is followed only within the vendor's cloud or on the host entered.
        if (!string.IsNullOrWhiteSpace(siteUrl)
            && Uri.TryCreate(siteUrl.Contains("://", StringComparison.Ordinal) ? siteUrl : $"{instance.Scheme}://{siteUrl}", UriKind.Absolute, out var site)
            && site.Scheme == instance.Scheme
            && (IsCloudHost(site.Host) && IsCloudHost(instance.Host) && site.IsDefaultPort || SameOrigin(site, instance)))
        {
            return new Uri(site.GetLeftPart(UriPartial.Authority));
        }

        var plain = instance.IsLoopback || IPAddress.TryParse(instance.Host, out _) || instance.Host.StartsWith("api-", StringComparison.OrdinalIgnoreCase);
        return plain ? instance : new UriBuilder(instance) { Host = "api-" + instance.Host }.Uri;
    }

    [GeneratedRegex(@"^v[A-Za-z0-9_.]{1,40}/?$", RegexOptions.None, 100)]
    private static partial Regex CodebaseForm();
}
