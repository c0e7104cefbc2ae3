using Deskbridge.Access;
using Deskbridge.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Heartbeat;

/// <summary>The heartbeat, for administrators.</summary>
internal static class HeartbeatEndpoints
{
    public static IServiceCollection AddHeartbeat(this IServiceCollection services) => services
        .AddSingleton<OutsideHeartbeat>()
        .AddTransient<HeartbeatJob>()
        .AddHostedService<HeartbeatSchedule>();

    public static void MapHeartbeat(this IEndpointRouteBuilder api)
    {
        var heartbeat = api.MapGroup("/heartbeat").WithTags("Health").RequireAuthorization(Policies.Admin, Scopes.Admin);
        heartbeat.MapGet("", static (OutsideHeartbeat beat) => HeartbeatView.Of(beat.State)).WithSummary("The outside heartbeat: whether one is set, its last call, and what withholds it");
        heartbeat.MapPut("", ChangeAsync).WithSummary("Set or change the outside heartbeat")
            .WithDescription("url: the address that is called while everything works; empty switches it off, absent leaves it. It is not shown again. seconds: from 30 to 3600, by default 60.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(HeartbeatChange body, HeartbeatSettings settings, CancellationToken cancel) =>
        await settings.ChangeAsync(body, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();
}

/// <summary>The heartbeat as it stands. <paramref name="LastCalledAt"/> counts since this hub started.</summary>
internal sealed record HeartbeatView(bool Set, string? Host, int Seconds, DateTimeOffset? LastTriedAt, DateTimeOffset? LastCalledAt, string? Failure, IReadOnlyList<string> Withheld)
{
    public static HeartbeatView Of(HeartbeatState state) =>
        new(state.Set, state.Host, (int)state.Interval.TotalSeconds, state.LastTriedAt, state.LastCalledAt, state.Message, state.Withheld);
}
