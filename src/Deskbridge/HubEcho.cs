using System.Security.Cryptography;
using System.Text;

namespace Deskbridge;

/// <summary>
/// How the doctor knows whether the hub behind an address is the one on its folder, and what that hub sees of a request. Only who can read
/// the data folder knows the token; to everybody else the answer is the plain one.
/// </summary>
internal static class HubEcho
{
    public const string Path = "/health/live";
    public const string Parameter = "token";
    public const string Live = "live";
    private const string Nobody = "-";

    public static string Answer(HttpContext http, InstanceLease lease, ReverseProxies proxies)
    {
        var told = http.Request.Query[Parameter].ToString();
        return told.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(told), Encoding.UTF8.GetBytes(lease.Token))
            ? $"{Live} {http.Request.Scheme} {http.Request.Host} {http.Connection.RemoteIpAddress} {proxies.Ignored?.ToString() ?? Nobody}"
            : Live;
    }

    /// <summary>What the hub saw; null when the answer is not that of the hub asked for.</summary>
    public static Seen? Read(string answer) => answer.Split(' ') is [Live, var scheme, var host, var client, var ignored] ? new Seen(scheme, host, client, ignored == Nobody ? null : ignored) : null;

    /// <summary>A request as it reached the hub. <paramref name="Ignored"/>: where headers of a proxy came from that were not believed.</summary>
    internal sealed record Seen(string Scheme, string Host, string Client, string? Ignored = null);
}
