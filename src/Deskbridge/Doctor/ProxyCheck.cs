using Deskbridge.Connectors.Http;

namespace Deskbridge.Doctor;

/// <summary>Whether a reverse proxy tells the running hub of its visitors, and is not believed.</summary>
internal static class ProxyCheck
{
    public static async Task<Finding?> RunAsync(DataFolder folder, CancellationToken cancel)
    {
        if (InstanceLease.Holds(folder) is not { LocalAddress: { } address } holder) return null;
        using var http = new HttpClient(new ConnectFailureHandler(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            var seen = HubEcho.Read(await http.GetStringAsync(new Uri(address, $"{HubEcho.Path}?{HubEcho.Parameter}={holder.Token}"), cancel));
            return seen is null ? null : Judge(seen);
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null; // that the hub does not answer is another check's word
        }
    }

    internal static Finding Judge(HubEcho.Seen seen) => seen.Ignored is { } proxy
        ? Finding.Warning(
            "Reverse proxy", "Trusted",
            $"Requests with X-Forwarded headers came from {proxy}, which is not trusted: all its visitors count as one, and links and cookies may be made for http.",
            $"If that is your reverse proxy, set Proxy__Trusted={proxy} and restart the hub. If it is not, somebody tries to pass for another; nothing of it was believed.")
        : Finding.Well("Reverse proxy", "Trusted", "No headers of a proxy came from an address that is not trusted.");
}
