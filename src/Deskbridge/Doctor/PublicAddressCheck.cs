using Deskbridge.Connectors.Http;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Doctor;

/// <summary>The hub's public address: asked from here, does this very hub answer, and does the proxy in front pass on what the hub must know?</summary>
internal static class PublicAddressCheck
{
    private const string Area = "Public address";
    private const string Reachable = "Reachable";

    public static async IAsyncEnumerable<Finding> RunAsync(
        IServiceProvider services, DataFolder folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var text = await services.GetRequiredService<HubStore>().ReadAsync(
            db => db.Settings.Where(s => s.Key == SettingKeys.PublicUrl).Select(s => s.Value).SingleOrDefaultAsync(cancel), cancel);
        if (string.IsNullOrEmpty(text))
        {
            yield return Finding.Warning(Area, "Set", "No public address is set: remote systems cannot call the hub, and pages carry no link.", "Enter it under Settings, such as https://hub.example.com.");
            yield break;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return Finding.Failed(Area, "Set", $"'{text}' is not an absolute web address.", "Enter scheme and host under Settings, such as https://hub.example.com.");
            yield break;
        }

        if (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback)
            yield return Finding.Warning(Area, "https", $"{text} is not https: sign-ins travel in clear, and ConnectWise does not call it.", "Put a proxy with a certificate before the hub and enter its https address.");
        if (InstanceLease.Holds(folder) is not { } holder)
        {
            yield return Finding.Warning(Area, Reachable, $"{text} was not asked, for no hub runs on this folder.", "Start the hub and run the doctor again.");
            yield break;
        }

        foreach (var finding in await AskAsync(url, holder, cancel)) yield return finding;
    }

    private static async Task<IReadOnlyList<Finding>> AskAsync(Uri url, Holder holder, CancellationToken cancel)
    {
        using var http = new HttpClient(new ConnectFailureHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback })) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var answer = await http.GetAsync(new Uri(url, $"{HubEcho.Path}?{HubEcho.Parameter}={holder.Token}"), cancel);
            var body = answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancel) : "";
            if (HubEcho.Read(body) is { } seen) return [Finding.Well(Area, Reachable, $"This hub answers at {url}."), .. Headers(url, seen)];
            return [Finding.Failed(
                Area, Reachable, body == HubEcho.Live ? $"Another hub answers at {url}." : $"{url} answers {(int)answer.StatusCode}, but not as a hub does.",
                "Point the proxy or the name at this hub, or correct the address under Settings.")];
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            var reason = failure is HttpRequestException ? failure.Message : "no answer within 10 seconds.";
            return [Finding.Warning(
                Area, Reachable, $"{url} cannot be reached from this machine: {reason}",
                "See that the name resolves, the proxy runs and the certificate is trusted. Some networks only reach their own public address from outside: then try it from there.")];
        }
    }

    /// <summary>What the hub saw of the doctor's request, compared with how it was sent.</summary>
    internal static IEnumerable<Finding> Headers(Uri url, HubEcho.Seen seen)
    {
        const string area = "Reverse proxy";
        const string trusted = " The hub believes these headers only of the proxies that Proxy__Trusted names.";
        yield return seen.Scheme == url.Scheme
            ? Finding.Well(area, "X-Forwarded-Proto", $"The hub sees {seen.Scheme}.")
            : Finding.Failed(area, "X-Forwarded-Proto", $"The request came by {url.Scheme}, but the hub saw {seen.Scheme}: cookies and links will be wrong.", "Let the proxy set X-Forwarded-Proto." + trusted);
        yield return string.Equals(seen.Host, url.Authority, StringComparison.OrdinalIgnoreCase)
            ? Finding.Well(area, "Host", $"The hub sees {seen.Host}.")
            : Finding.Failed(area, "Host", $"The request went to {url.Authority}, but the hub saw {seen.Host}.", "Let the proxy pass the Host header on, or set X-Forwarded-Host." + trusted);
        if (url.IsLoopback) yield break;
        yield return seen.Client is "127.0.0.1" or "::1"
            ? Finding.Warning(area, "X-Forwarded-For", "The hub takes every visitor for this machine: the limit on sign-ins counts all of them as one, and so does a list of addresses for the metrics.", "Let the proxy set X-Forwarded-For." + trusted)
            : Finding.Well(area, "X-Forwarded-For", "The hub sees where visitors come from.");
    }
}
