namespace Deskbridge.Connectors.Autotask;

/// <summary>Where a tenant lives (reference 1.1).</summary>
/// <param name="Rest">Ends with <c>/V1.0/</c>.</param>
/// <param name="Web">The user interface, ending with a slash; null when the zone was entered by hand.</param>
internal sealed record ZoneAddress(Uri Rest, Uri? Web)
{
    private const string RestPath = "/ATServicesRest/";

    /// <summary>Brings what a person typed into the one stored form: origin alone.</summary>
    /// <param name="typed">A host, an origin, or a whole API address.</param>
    /// <param name="origin">The origin; empty when refused.</param>
    /// <returns>A problem, a notice about what was left out, or null when nothing needs saying.</returns>
    public static SettingProblem? Normalise(string typed, out string origin)
    {
        origin = "";
        var text = typed.Trim();
        if (text.Length == 0) text = AutotaskOptions.VendorAddress;
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0 || uri.Port == 0)
            return Problem($"\"{(text.Length <= 80 ? text : text[..80] + "…")}\" is not a web address. Enter it like {AutotaskOptions.VendorAddress}, or leave the field empty.");
        if (uri.HostNameType == UriHostNameType.Dns && !uri.IsLoopback && !uri.Host.Contains('.', StringComparison.Ordinal))
            return Problem($"\"{uri.Host}\" is one word and no host of Autotask's: its zones have names such as webservices3.autotask.net. Enter the address like {AutotaskOptions.VendorAddress}, or leave the field empty.");
        if (uri.UserInfo.Length > 0) return Problem("The address contains a user name. Enter it without, and put Username and Secret into their own fields.");
        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback) return Problem($"Autotask is only reached over https, plain http would send the secret in clear. Enter https://{uri.Authority}.");
        origin = uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant();
        return uri.PathAndQuery + uri.Fragment == "/" ? null : new(nameof(AutotaskOptions.Address), $"Only the root of the address is needed; it is kept as {origin}, without \"{uri.PathAndQuery}{uri.Fragment}\".", IsNotice: true);
    }

    /// <summary>A zone that was entered by hand, because it could not be asked for.</summary>
    public static ZoneAddress At(Uri origin) => new(new Uri(origin, RestPath + "V1.0/"), null);

    /// <summary>The zone that was answered; the secret goes there, so only the vendor's hosts and the one that was asked are believed.</summary>
    public static ZoneAddress From(ZoneDto answer, Uri asked)
    {
        if (!Uri.TryCreate(answer.Url, UriKind.Absolute, out var rest) || !IsTrusted(rest, asked))
            throw new ConnectorUnavailableException($"{asked.Authority} names \"{answer.Url}\" as the zone of this user, which is no address of Autotask. Check the web services address.", mayHaveBeenApplied: false);
        var root = rest.AbsoluteUri.EndsWith('/') ? rest : new Uri(rest.AbsoluteUri + "/");
        return new(new Uri(root, "V1.0/"), Uri.TryCreate(answer.WebUrl, UriKind.Absolute, out var web) && web.Scheme is "https" or "http" ? new Uri(web.AbsoluteUri.TrimEnd('/') + "/") : null);
    }

    /// <summary>The address of a record in the user interface (reference 8.3).</summary>
    public Uri? LinkTo(string code, string parameter, string id) =>
        Web is null ? null : new Uri(Web, $"Autotask/AutotaskExtend/ExecuteCommand.aspx?Code={code}&{parameter}={Uri.EscapeDataString(id)}");

    private static bool IsTrusted(Uri zone, Uri asked) =>
        Uri.Compare(zone, asked, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
        || (zone is { Scheme: "https", IsDefaultPort: true, UserInfo: "" } && zone.IdnHost.EndsWith(".autotask.net", StringComparison.OrdinalIgnoreCase));

    private static SettingProblem Problem(string message) => new(nameof(AutotaskOptions.Address), message);
}
