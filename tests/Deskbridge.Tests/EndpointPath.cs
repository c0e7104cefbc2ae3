using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Deskbridge.Tests;

/// <summary>An address that leads to an endpoint, its parameters filled with an id of nothing.</summary>
internal static class EndpointPath
{
    public static string Of(RouteEndpoint endpoint)
    {
        var parts = endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart { IsOptional: true } => "",
            _ => "0193d0a0-0000-7000-8000-000000000000",
        })));
        return "/" + string.Join('/', parts).TrimEnd('/');
    }
}
