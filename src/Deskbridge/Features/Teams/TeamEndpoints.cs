using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Teams;

/// <summary>Teams: everybody sees them, dispatchers and administrators change them.</summary>
internal static class TeamEndpoints
{
    public static void MapTeams(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/teams").WithTags("Teams").RequireAuthorization(Policies.Viewer, Scopes.Read);
        read.MapGet("", ListAsync).WithSummary("List teams by name, each with its members");
        read.MapGet("/{id:guid}", GetAsync).WithSummary("One team with its members").ProducesProblem(StatusCodes.Status404NotFound);

        read.MapGet("/{id:guid}/escalation", EscalationAsync).WithSummary("How the team escalates, and whom an alert would page at this moment").ProducesProblem(StatusCodes.Status404NotFound);

        var manage = api.MapGroup("/teams").WithTags("Teams").RequireAuthorization(Policies.Dispatcher, Scopes.People).ProducesProblem(StatusCodes.Status400BadRequest);
        manage.MapPost("", CreateAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Add a team");
        var one = manage.MapGroup("/{id:guid}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapPut("", ChangeAsync).WithSummary("Change a team").WithDescription("What is left away stays as it is. Repeats planned already keep their time.");
        one.MapPut("/members", SetMembersAsync).WithSummary("Say who is in the team").WithDescription("Who leaves it goes off duty there.");
        one.MapPut("/escalation", SetEscalationAsync).WithSummary("Say how the team escalates")
            .WithDescription("The steps in their order; an empty list is the usual chain, which pages whoever is on duty again and again. pages is duty, everybody, people (with people: ids) or team (with teamId). "
                + "waitMinutes, 1 to 1440, counts from the step before; the first step has none. version is the one you saw: when somebody changed the chain meanwhile, the answer is 409. Open alerts follow with every step that is not due yet.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/test", TestAsync).WithSummary("Say whom an alert would page at this moment, and send each of them a marked test message");
        one.MapDelete("", DeleteAsync).WithSummary("Delete a team that no connection and no open alert needs").ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<ListOf<TeamView>>, ProblemHttpResult>> ListAsync(TeamQueries teams, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        (await teams.ListAsync(cancel)).InParts(limit, cursor, team => team.Id.ToString());

    private static async Task<Results<Ok<TeamView>, ProblemHttpResult>> GetAsync(Guid id, TeamQueries teams, CancellationToken cancel) =>
        await teams.GetAsync(id, cancel) is { } team ? TypedResults.Ok(team) : new TeamNotFound(id).ToProblem();

    private static async Task<Results<Created<TeamView>, ProblemHttpResult>> CreateAsync(
        TeamBody body, Caller caller, CreateTeam create, TeamQueries teams, CancellationToken cancel)
    {
        var created = await create.RunAsync(body.ToDraft(TeamBody.Usual), caller.Person, cancel);
        return created.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Created($"{ApiPaths.Root}/teams/{created.Value.Id}", await teams.GetAsync(created.Value.Id, cancel));
    }

    private static async Task<Results<Ok<TeamView>, ProblemHttpResult>> ChangeAsync(
        Guid id, TeamBody body, Caller caller, ChangeTeam change, TeamQueries teams, CancellationToken cancel)
    {
        if (await teams.GetAsync(id, cancel) is not { } present) return new TeamNotFound(id).ToProblem();
        var changed = await change.RunAsync(id, body.ToDraft(new TeamDraft(present.Name, present.Description, present.RepeatMinutes, present.MaxRepeats)), caller.Person, cancel);
        return await AnswerAsync(id, changed.Failure, teams, cancel);
    }

    private static async Task<Results<Ok<TeamView>, ProblemHttpResult>> SetMembersAsync(
        Guid id, MembersBody body, Caller caller, SetTeamMembers set, TeamQueries teams, CancellationToken cancel) => body.Members is { } members
        ? await AnswerAsync(id, await set.RunAsync(id, members, caller.Person, cancel), teams, cancel)
        : new InvalidFailure("members", "Send the ids of all members, such as {\"members\": [\"...\"]}; an empty list means nobody.").ToProblem();

    private static async Task<Results<Ok<EscalationView>, ProblemHttpResult>> EscalationAsync(Guid id, EscalationQueries escalation, CancellationToken cancel) =>
        await escalation.GetAsync(id, cancel) is { } view ? TypedResults.Ok(view) : new TeamNotFound(id).ToProblem();

    private static async Task<Results<Ok<EscalationView>, ProblemHttpResult>> SetEscalationAsync(
        Guid id, EscalationBody body, Caller caller, SetEscalation set, EscalationQueries escalation, CancellationToken cancel)
    {
        if (body.Steps is null) return new InvalidFailure("steps", "Send the steps, such as {\"version\": 0, \"steps\": [{\"pages\": \"duty\"}, {\"waitMinutes\": 10, \"pages\": \"everybody\"}]}; an empty list means the usual chain.").ToProblem();
        if (body.Version is null) return new InvalidFailure("version", "Send the version of the chain that you saw.").ToProblem();
        var steps = new List<ChainStep>();
        foreach (var (index, step) in body.Steps.Index())
        {
            if (!Words.TryRead<StepAudience>(step?.Pages, out var audience)) return new InvalidFailure($"steps[{index}].pages", $"Step {index + 1}: pages is '{step?.Pages}' and must be one of duty, everybody, people, team.").ToProblem();
            steps.Add(new ChainStep(step!.WaitMinutes ?? 0, audience, step.People ?? [], step.TeamId));
        }

        var done = await set.RunAsync(id, steps, body.Version, caller.Person, cancel);
        return done.Failure is { } refused ? refused.ToProblem() : await EscalationAsync(id, escalation, cancel);
    }

    private static async Task<Results<Ok<TeamTested>, ProblemHttpResult>> TestAsync(Guid id, Caller caller, TestTeam test, CancellationToken cancel)
    {
        var tested = await test.RunAsync(id, caller.Person, cancel);
        return tested.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(tested.Value);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, Caller caller, DeleteTeam delete, CancellationToken cancel) =>
        await delete.RunAsync(id, caller.Person, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();

    private static async Task<Results<Ok<TeamView>, ProblemHttpResult>> AnswerAsync(Guid id, Failure? failure, TeamQueries teams, CancellationToken cancel) =>
        failure is not null ? failure.ToProblem()
        : await teams.GetAsync(id, cancel) is { } team ? TypedResults.Ok(team)
        : new TeamNotFound(id).ToProblem();
}

/// <summary>A team as it is sent.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Description">Free text.</param>
/// <param name="RepeatMinutes">Minutes between pages while nobody acknowledges, 1 to 1440; 5 when left away at creation.</param>
/// <param name="MaxRepeats">Most pages per person and episode, up to 1000; 0 for no end.</param>
internal sealed record TeamBody(string? Name, string? Description, int? RepeatMinutes, int? MaxRepeats)
{
    /// <summary>What holds for a new team where nothing is said.</summary>
    public static TeamDraft Usual { get; } = new("");

    public TeamDraft ToDraft(TeamDraft present) =>
        new(Name ?? present.Name, Description ?? present.Description, RepeatMinutes ?? present.RepeatMinutes, MaxRepeats ?? present.MaxRepeats);
}

/// <summary>A chain as it is sent, and the version that was seen.</summary>
internal sealed record EscalationBody(int? Version, IReadOnlyList<StepBody?>? Steps);

/// <summary>A step as it is sent. <c>Pages</c> is duty, everybody, people or team.</summary>
internal sealed record StepBody(string? Pages, int? WaitMinutes, IReadOnlyList<Guid>? People, Guid? TeamId);

/// <summary>The ids of all members.</summary>
internal sealed record MembersBody(IReadOnlyList<Guid>? Members);
