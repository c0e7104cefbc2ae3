namespace Deskbridge.Api;

/// <summary>Which requests come from programs and get problem documents instead of pages.</summary>
internal static class ApiPaths
{
    public const string Root = "/api/v1";

    private static readonly string[] Programs = ["/api", "/openapi", "/health/live", "/health/ready", "/metrics", "/callbacks", "/intake", "/twilio"];

    public static bool Contains(PathString path) =>
        Programs.Any(first => path.StartsWithSegments(first, StringComparison.OrdinalIgnoreCase));
}
