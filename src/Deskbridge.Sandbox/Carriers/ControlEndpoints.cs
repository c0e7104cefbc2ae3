using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Deskbridge.Sandbox.Carriers.Mail;
using Deskbridge.Sandbox.Carriers.Ntfy;
using Deskbridge.Sandbox.Carriers.Slack;
using Deskbridge.Sandbox.Carriers.Teams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>What a test asks the carriers: what arrived, and to fail. Every route needs the control token as a bearer.</summary>
internal sealed class ControlEndpoints(CarrierLogs logs, FaultList faults, string token)
{
    private const int MostItems = 1000;

    /// <summary>Maps the routes that all carriers share, and returns the group that needs the token, for what else is controlled.</summary>
    public RouteGroupBuilder Map(IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/_control").AddEndpointFilter(async (context, next) =>
            IsAllowed(context.HttpContext.Request) ? await next(context) : ControlJson.Problem(401, "The control endpoints need 'Authorization: Bearer' with the sandbox's control token."));
        control.MapGet("/ntfy", (HttpContext http) => List(http, logs.Ntfy, logged => new NtfyArrival(logged.Seq, logged.Entry.At, logged.Entry.Message)));
        control.MapGet("/mail", (HttpContext http) => List(http, logs.Mail, MailView.Of));
        control.MapGet("/teams", (HttpContext http) => List(http, logs.Teams, TeamsArrival.Of));
        control.MapGet("/slack", (HttpContext http) => List(http, logs.Slack, SlackArrival.Of));
        control.MapGet("/faults", () => ControlJson.Answer(new { items = faults.All }));
        control.MapPost("/faults", (Delegate)OrderAsync);
        control.MapDelete("/faults", () => { faults.Clear(); return Results.NoContent(); });
        control.MapDelete("/faults/{id:int}", (int id) => faults.Remove(id) ? Results.NoContent() : ControlJson.Problem(404, $"There is no fault {id}."));
        return control;
    }

    private bool IsAllowed(HttpRequest request) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes("Bearer " + token));

    private static IResult List<T>(HttpContext http, AppendLog<T> log, Func<Logged<T>, object> view)
    {
        var (seq, problem) = ControlJson.After(http);
        if (problem is not null) return problem;
        var entries = log.After(seq, MostItems);
        return ControlJson.Answer(new { items = entries.Select(view), next = entries.Count > 0 ? entries[^1].Seq : seq });
    }

    private async Task<IResult> OrderAsync(HttpContext http)
    {
        var (fault, problem) = await ControlJson.ReadAsync<Fault>(http);
        if (fault is null) return problem!;
        return fault.Problem() is { } refusal ? ControlJson.Problem(400, refusal) : ControlJson.Answer(faults.Add(fault), 201);
    }
}

/// <summary>A pushed message with its place in the log.</summary>
internal sealed record NtfyArrival(long Seq, DateTimeOffset At, NtfyMessage Message);

/// <summary>A run of a Teams workflow with its place in the log; <paramref name="Problem"/> is why it posted nothing.</summary>
internal sealed record TeamsArrival(long Seq, DateTimeOffset At, string Workflow, string Run, string? Problem, JsonElement Message)
{
    public static TeamsArrival Of(Logged<StoredRun> logged) => new(logged.Seq, logged.Entry.At, logged.Entry.Workflow, logged.Entry.Run, logged.Entry.Problem, logged.Entry.Message);
}

/// <summary>A Slack message with its place in the log.</summary>
internal sealed record SlackArrival(long Seq, DateTimeOffset At, string Hook, JsonElement Payload)
{
    public static SlackArrival Of(Logged<StoredSlack> logged) => new(logged.Seq, logged.Entry.At, logged.Entry.Hook, logged.Entry.Payload);
}
