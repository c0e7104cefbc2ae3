using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authorization;

namespace Deskbridge.Telemetry;

/// <summary>
/// Who may read the metrics: a token or session of anybody who may look, or a collector at an address that the configuration lists under
/// <c>Metrics:AllowFrom</c> (addresses and networks, separated by commas; none by default).
/// </summary>
internal static class MetricsAccess
{
    public const string Path = "/metrics";
    public const string Policy = "Metrics";
    public const string Setting = "Metrics:AllowFrom";

    public static IServiceCollection AddMetricsAccess(this IServiceCollection services, IConfiguration configuration)
    {
        var allowed = Parse(configuration[Setting]);
        services.Configure<AuthorizationOptions>(authorization => authorization.AddPolicy(
            Policy,
            policy => policy.RequireAssertion(context => context.User.IsAtLeast(PersonRole.Viewer) || (context.Resource is HttpContext http && IsListed(http, allowed)))));
        return services;
    }

    /// <summary>Reads the list.</summary>
    /// <exception cref="StartRefusedException">An entry is neither an address nor a network.</exception>
    internal static IReadOnlyList<IPNetwork> Parse(string? list) =>
        [.. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Entry)];

    private static IPNetwork Entry(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        if (IPAddress.TryParse(text, out var address)) return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        throw new StartRefusedException($"{Setting.Replace(":", "__", StringComparison.Ordinal)} has the entry '{text}', which is neither an address nor a network. Write them like 127.0.0.1 or 10.0.0.0/8, separated by commas.");
    }

    private static bool IsListed(HttpContext http, IReadOnlyList<IPNetwork> allowed)
    {
        if (http.Connection.RemoteIpAddress is not { } address) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return allowed.Any(network => network.Contains(address));
    }
}
