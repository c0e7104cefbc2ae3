using Deskbridge.Api;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Features.Health;

/// <summary>For watchdogs and load balancers: no sign-in, and nothing told but yes or no.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().ExcludeFromDescription();
        health.MapGet("/live", static () => TypedResults.Text("live"));
        health.MapGet("/ready", ReadyAsync);
    }

    /// <summary>Ready while the database takes writes, for a hub that cannot record a page must not promise one.</summary>
    private static async Task<Results<ContentHttpResult, EmptyHttpResult>> ReadyAsync(HttpContext http, HubStore store, CancellationToken cancel)
    {
        try
        {
            await store.WriteAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE settings SET \"Value\" = \"Value\" WHERE 1 = 0", cancel), cancel);
            return TypedResults.Text("ready");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Refusals.Explain(http, StatusCodes.Status503ServiceUnavailable, "The database does not take writes. 'deskbridge doctor' says why.");
            return TypedResults.Empty;
        }
    }
}
