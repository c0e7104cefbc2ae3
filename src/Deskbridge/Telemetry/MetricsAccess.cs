using System.Security.Claims;
using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authorization;

namespace Deskbridge.Telemetry;

/// <summary>
/// Who may read the metrics: a session of anybody who may look, a token with the scope <c>metrics</c> or <c>read</c>, or a collector at an address that the configuration lists under
/// <c>Metrics:AllowFrom</c> (addresses and networks, separated by commas; none by default).
/// </summary>
internal static class MetricsAccess
{
    public const string Path = "/metrics";
    public const string Policy = "Metrics";
    public const string Setting = "Metrics:AllowFrom";

    public static IServiceCollection AddMetricsAccess(this IServiceCollection services, IConfiguration configuration)
    {
        var allowed = AddressList.Read(Setting, configuration[Setting]);
        services.Configure<AuthorizationOptions>(authorization => authorization.AddPolicy(
            Policy,
            policy => policy.RequireAssertion(context => MayLook(context.User) || (context.Resource is HttpContext http && allowed.Holds(http.Connection.RemoteIpAddress)))));
        return services;
    }

    private static bool MayLook(ClaimsPrincipal user) => user.IsAtLeast(PersonRole.Viewer) && (user.TokenScopes & (TokenScope.Metrics | TokenScope.Read)) != TokenScope.None;
}
