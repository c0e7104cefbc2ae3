using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>Long work on a connection: it is started, answered with 202 and a place to look, or waited for.</summary>
internal static class RunEndpoints
{
    private const int LongestWait = 60;

    public static void MapConnectionRuns(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/connections/{id:guid}/runs").WithTags("Runs").RequireAuthorization(Policies.Viewer, Scopes.Read)
            .ProducesProblem(StatusCodes.Status404NotFound);
        read.MapGet("", ListAsync).WithSummary("The runs of a connection, newest first, without their steps");
        read.MapGet("/{runId:guid}", GetAsync).WithSummary("A run with its steps so far").WithDescription(WaitHelp);

        var start = api.MapGroup("/connections/{id:guid}").WithTags("Runs").RequireAuthorization(Policies.Admin, Scopes.Connections)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        Map(start, "/test", ConnectionRunKind.Test, "Run every check: address, TLS, credentials, version, each right");
        Map(start, "/dry-run", ConnectionRunKind.DryRun, "Say what Install would create and which tickets of the last 30 days match; writes nothing");
        Map(start, "/install", ConnectionRunKind.Install, "Create what is needed and start the connection; beside another one to the same system only with confirmSecond, with objects that were there before only with adopt");
        Map(start, "/sync", ConnectionRunKind.Sync, "Read everything again");
        Map(start, "/remove", ConnectionRunKind.Remove, "Take away what the connection created; custom fields only when that is confirmed");
        start.MapPost("/runs/{runId:guid}/cancel", CancelAsync).WithSummary("Stop a run at its next step; what was done stays done");
    }

    private const string WaitHelp = "wait: seconds, up to 60, to wait for the end; 200 with the finished run, 202 with the run so far when it is not finished by then.";

    private static void Map(RouteGroupBuilder start, string path, ConnectionRunKind kind, string summary) =>
        start.MapPost(
            path,
            (Guid id, HttpContext http, Caller caller, ConnectionRuns runs, CancellationToken cancel, RunBody? body = null, int? wait = null) =>
                StartAsync(new Wish(id, kind, body ?? new RunBody(), wait), http, caller, runs, cancel))
            .WithSummary(summary).WithDescription(WaitHelp).WithMetadata(new IdempotentAttribute());

    private static async Task<Results<Accepted<RunResource>, Ok<RunResource>, ProblemHttpResult>> StartAsync(
        Wish wish, HttpContext http, Caller caller, ConnectionRuns runs, CancellationToken cancel)
    {
        if (WaitOutOfRange.Check(wish.Wait) is { } refusedWait) return refusedWait.ToProblem();
        var started = await runs.StartAsync(wish.Id, wish.Kind, caller.Person, new RunRequest(wish.Body.DeleteFields, wish.Body.ConfirmedTickets, wish.Body.ConfirmSecond, wish.Body.Adopt), cancel);
        return started.Failure is { } refused
            ? refused.ToProblem()
            : await AnswerAsync(wish.Id, started.RunId!.Value, wish.Wait, http, runs, cancel);
    }

    private static async Task<Results<Accepted<RunResource>, Ok<RunResource>, ProblemHttpResult>> GetAsync(
        Guid id, Guid runId, HttpContext http, ConnectionRuns runs, CancellationToken cancel, int? wait = null)
    {
        if (WaitOutOfRange.Check(wait) is { } refused) return refused.ToProblem();
        if (await FindAsync(id, runId, runs, cancel) is not { } run) return new RunNotFound(runId).ToProblem();
        return wait is null ? TypedResults.Ok(run) : await AnswerAsync(id, runId, wait, http, runs, cancel);
    }

    private static async Task<Results<Ok<ListOf<RunResource>>, ProblemHttpResult>> ListAsync(
        Guid id, ConnectionRuns runs, ConnectionQueries connections, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        await connections.FindAsync(id, cancel) is null
            ? new ConnectionNotFound(id).ToProblem()
            : (await runs.ListAsync(id, int.MaxValue, cancel)).Select(run => RunResource.Of(run, [])).InParts(limit, cursor, run => run.Id.ToString());

    private static async Task<Results<Accepted<RunResource>, Ok<RunResource>, ProblemHttpResult>> CancelAsync(
        Guid id, Guid runId, HttpContext http, ConnectionRuns runs, CancellationToken cancel)
    {
        if (await FindAsync(id, runId, runs, cancel) is null) return new RunNotFound(runId).ToProblem();
        await runs.CancelAsync(runId);
        return await AnswerAsync(id, runId, null, http, runs, cancel);
    }

    private static async Task<Results<Accepted<RunResource>, Ok<RunResource>, ProblemHttpResult>> AnswerAsync(
        Guid id, Guid runId, int? wait, HttpContext http, ConnectionRuns runs, CancellationToken cancel)
    {
        if (wait is > 0) await WaitAsync(runId, TimeSpan.FromSeconds(wait.Value), runs, cancel);
        var run = (await FindAsync(id, runId, runs, cancel))!;
        if (run.State != RunState.Running) return TypedResults.Ok(run);
        http.Response.Headers.RetryAfter = "1";
        return TypedResults.Accepted($"{ApiPaths.Root}/connections/{id}/runs/{runId}", run);
    }

    private static async Task WaitAsync(Guid runId, TimeSpan atMost, ConnectionRuns runs, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        enough.CancelAfter(atMost);
        try
        {
            await runs.WaitAsync(runId, enough.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Not finished by then: the answer is the run so far.
        }
    }

    private static async Task<RunResource?> FindAsync(Guid id, Guid runId, ConnectionRuns runs, CancellationToken cancel) =>
        await runs.FindAsync(runId, cancel) is { } found && found.Run.ConnectionId == id ? RunResource.Of(found.Run, found.Items) : null;

    private sealed record Wish(Guid Id, ConnectionRunKind Kind, RunBody Body, int? Wait);

    private sealed record RunNotFound(Guid Id) : NotFoundFailure($"This connection has no run {Id}.");

    private sealed record WaitOutOfRange(int Seconds) : InvalidFailure("wait", $"wait is {Seconds}; it goes from 0 to {LongestWait} seconds.")
    {
        public static WaitOutOfRange? Check(int? wait) => wait is null or (>= 0 and <= LongestWait) ? null : new WaitOutOfRange(wait.Value);
    }
}

/// <summary>
/// A run. <paramref name="Total"/> is 0 while the number of steps is not known; <paramref name="Items"/> are the steps told so far (in the list
/// of runs they are left out).
/// </summary>
internal sealed record RunResource(
    Guid Id, Guid ConnectionId, ConnectionRunKind Kind, RunState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string Summary, int Total,
    Guid? PersonId, IReadOnlyList<RunStep> Items)
{
    public static RunResource Of(ConnectionRun run, IReadOnlyList<ConnectionRunItem> items) => new(
        run.Id, run.ConnectionId, run.Kind, run.State, run.StartedAt, run.EndedAt, run.Summary, run.Total, run.PersonId,
        [.. items.Select(item => new RunStep(item.Number, item.Name, item.Outcome, item.Message, item.Fix))]);
}

/// <summary>A step of a run: passed, warning, failed, created, exists, would-create, adopts, matches, newly-matches, no-longer-matches, removed or kept.</summary>
internal sealed record RunStep(int Number, string Name, string Outcome, string Message, string? Fix);
