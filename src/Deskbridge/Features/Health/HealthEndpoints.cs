using Deskbridge.Access;
using Deskbridge.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Health;

/// <summary>Two answers for watchdogs and load balancers, without sign-in and telling nothing but yes or no; a full report for people.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().ExcludeFromDescription();
        health.MapGet("/live", static () => TypedResults.Text("live"));
        health.MapGet("/ready", ReadyAsync);
    }

    public static void MapHealthReport(this IEndpointRouteBuilder api) =>
        api.MapGet("/health", static (HubHealth health, CancellationToken cancel) => health.ReadAsync(cancel))
            .WithTags("Health").RequireAuthorization(Policies.Viewer)
            .WithSummary("How the hub is doing: database, queues, and each connection's last success, lag, budget used, breaker and callbacks")
            .WithDescription("Always 200; status is ok, degraded or failing. For watchdogs without a token there are /health/live and /health/ready.");

    /// <summary>Ready while the database takes writes, for a hub that cannot record a page must not promise one.</summary>
    private static async Task<Results<ContentHttpResult, EmptyHttpResult>> ReadyAsync(HttpContext http, HubHealth health, CancellationToken cancel)
    {
        var database = await health.ProbeAsync(cancel);
        if (database.Status == HealthStatus.Ok) return TypedResults.Text("ready");
        Refusals.Explain(http, StatusCodes.Status503ServiceUnavailable, database.Message);
        return TypedResults.Empty;
    }
}
