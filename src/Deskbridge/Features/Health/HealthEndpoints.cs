using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Nodes;
using Deskbridge.Core.Operations;
using Deskbridge.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Health;

/// <summary>Two answers for watchdogs and load balancers, without sign-in and telling nothing but a word; a full report for people; metrics for collectors.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().ExcludeFromDescription();
        health.ShortCircuit(); // otherwise who asks is looked up in the database, which may be what is gone
        health.MapGet("/live", static (HttpContext http, InstanceLease lease, ReverseProxies proxies) => TypedResults.Text(HubEcho.Answer(http, lease, proxies)));
        health.MapGet("/ready", ReadyAsync);
        app.MapGet(MetricsAccess.Path, MetricsAsync).RequireAuthorization(MetricsAccess.Policy).ExcludeFromDescription();
    }

    public static void MapHealthReport(this IEndpointRouteBuilder api)
    {
        api.MapGet("/nodes", ListNodesAsync)
            .WithTags("Health").RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("The hubs that share the database, the asked one first: who lives, what each holds and which recurring work it ran")
            .WithDescription("A hub that was silent for more than a dozen seconds is not alive any more; it stays in the list for a day.");
        api.MapGet("/health", static async (HubHealth health, CancellationToken cancel) => HubHealthReport.Of(await health.ReadAsync(cancel)))
            .WithTags("Health").RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("How the hub is doing: database, loops, queues, pager, what is wrong, and each connection's last success, lag, budget used, breaker and callbacks")
            .WithDescription("Always 200; status is ok, degraded or failing. For watchdogs without a token there are /health/live and /health/ready.");
    }

    /// <summary>Ready while the database takes writes and every loop turns, for a hub that cannot record or send a page must not promise one. A slow remote system changes nothing here.</summary>
    private static async Task<IResult> ReadyAsync(HttpContext http, HubHealth health, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        return (await health.ReadyAsync(cancel)).Ready ? TypedResults.Text("ready") : TypedResults.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<ListOf<NodeView>>, ProblemHttpResult>> ListNodesAsync(NodeQueries nodes, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        (await nodes.ListAsync(cancel)).InParts(limit, cursor, node => node.Id.ToString());

    private static async Task<IResult> MetricsAsync(PrometheusText metrics, QueueGauges queues, CancellationToken cancel)
    {
        await queues.RefreshAsync(cancel);
        return TypedResults.Text(metrics.Write(), PrometheusText.ContentType);
    }
}
