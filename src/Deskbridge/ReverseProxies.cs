using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Deskbridge;

/// <summary>Reverse proxies, section <c>Proxy</c> of the configuration.</summary>
internal sealed class ProxyOptions
{
    /// <summary>Addresses and networks of proxies whose X-Forwarded headers are believed, separated by commas. Default none.</summary>
    public string? Trusted { get; set; }
}

/// <summary>
/// The proxies whose word about a visitor is taken, setting <c>Proxy:Trusted</c>: addresses and networks, separated by commas. None by default, for whoever is
/// believed can pretend to be at anybody's address. What others say is taken off the request; who said it is kept for the doctor.
/// </summary>
internal sealed class ReverseProxies(AddressList trusted)
{
    public const string Setting = $"Proxy:{nameof(ProxyOptions.Trusted)}";
    private static readonly string[] Headers = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"];
    private IPAddress? _ignored;

    /// <summary>Where headers of a proxy came from that is not trusted, last; null when none came since the start.</summary>
    public IPAddress? Ignored => Volatile.Read(ref _ignored);

    /// <summary>Takes off what is not to be believed.</summary>
    public void Check(HttpContext http)
    {
        if (trusted.Holds(http.Connection.RemoteIpAddress) || !Array.Exists(Headers, http.Request.Headers.ContainsKey)) return;
        Volatile.Write(ref _ignored, http.Connection.RemoteIpAddress);
        foreach (var header in Headers) http.Request.Headers.Remove(header);
    }
}

/// <summary>Wires the word of proxies.</summary>
internal static class ReverseProxiesModule
{
    public static void AddReverseProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var trusted = AddressList.Read(ReverseProxies.Setting, configuration[ReverseProxies.Setting]);
        services.AddSingleton(new ReverseProxies(trusted));
        services.Configure<ForwardedHeadersOptions>(headers =>
        {
            headers.ForwardedHeaders = trusted.Networks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            headers.ForwardLimit = null; // through as many as are trusted
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var network in trusted.Networks) headers.KnownIPNetworks.Add(network);
        });
    }

    public static void UseReverseProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<ReverseProxies>();
        app.Use((http, next) =>
        {
            proxies.Check(http);
            return next(http);
        });
        app.UseForwardedHeaders();
    }
}
