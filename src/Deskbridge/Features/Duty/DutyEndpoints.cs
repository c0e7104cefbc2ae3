using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Duty;

/// <summary>Duty: everybody sees it, responders punch themselves in and out, dispatchers and administrators others too.</summary>
internal static class DutyEndpoints
{
    public static void MapDuty(this IEndpointRouteBuilder api)
    {
        api.MapGet("/duty", ListAsync).WithTags("Duty").RequireAuthorization(Policies.Viewer, Scopes.Read).WithSummary("Who is on duty, per team");
        var punch = api.MapGroup("/duty").WithTags("Duty").RequireAuthorization(Policies.Responder, Scopes.Duty)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        punch.MapPost("/punch-in", PunchInAsync).WithSummary("Begin duty in a team")
            .WithDescription("Repeating it answers 200 and changes nothing. Open alerts that could page nobody page now. " + Help);
        punch.MapPost("/punch-out", PunchOutAsync).WithSummary("End duty in a team")
            .WithDescription("Repeating it answers 200 and changes nothing. " + Help);
    }

    private const string Help = "team: id or name. person: id or email; left away it is you.";

    private static async Task<Results<Ok<ListOf<TeamDuty>>, ProblemHttpResult>> ListAsync(TeamQueries teams, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        (await teams.ListAsync(cancel)).Select(TeamDuty.Of).InParts(limit, cursor, duty => duty.TeamId.ToString());

    private static async Task<Results<Ok<TeamDuty>, ProblemHttpResult>> PunchInAsync(
        DutyBody body, Caller caller, PunchIn punch, TeamQueries teams, PersonQueries people, CancellationToken cancel)
    {
        var who = await FindAsync(body, caller, teams, people, cancel);
        if (who.Failure is { } unknown) return unknown.ToProblem();
        var (team, person) = who.Value;
        return await AnswerAsync((await punch.RunAsync(team, person, caller.Person, cancel)).Failure, team, teams, cancel);
    }

    private static async Task<Results<Ok<TeamDuty>, ProblemHttpResult>> PunchOutAsync(
        DutyBody body, Caller caller, PunchOut punch, TeamQueries teams, PersonQueries people, CancellationToken cancel)
    {
        var who = await FindAsync(body, caller, teams, people, cancel);
        if (who.Failure is { } unknown) return unknown.ToProblem();
        var (team, person) = who.Value;
        return await AnswerAsync((await punch.RunAsync(team, person, caller.Person, cancel)).Failure, team, teams, cancel);
    }

    private static async Task<Result<(Guid Team, Guid Person)>> FindAsync(DutyBody body, Caller caller, TeamQueries teams, PersonQueries people, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(body.Team)) return new InvalidFailure("team", "Name the team, by id or by name.");
        if (!Guid.TryParse(body.Team, out var team))
        {
            var named = (await teams.ListAsync(cancel)).FirstOrDefault(t => string.Equals(t.Name, body.Team.Trim(), StringComparison.OrdinalIgnoreCase));
            if (named is null) return new NoTeamNamed(body.Team);
            team = named.Id;
        }

        if (string.IsNullOrWhiteSpace(body.Person)) return (team, caller.Person.Id);
        if (Guid.TryParse(body.Person, out var id)) return (team, id);
        return await people.FindAsync(body.Person, cancel) is { } person ? (team, person.Id) : new NoPersonWithEmail(body.Person);
    }

    private static async Task<Results<Ok<TeamDuty>, ProblemHttpResult>> AnswerAsync(Failure? failure, Guid teamId, TeamQueries teams, CancellationToken cancel) =>
        failure is not null ? failure.ToProblem()
        : await teams.GetAsync(teamId, cancel) is { } team ? TypedResults.Ok(TeamDuty.Of(team))
        : new TeamNotFound(teamId).ToProblem();

    private sealed record NoTeamNamed(string Name) : NotFoundFailure($"There is no team named '{Name}'. GET {ApiPaths.Root}/teams lists them.");

    private sealed record NoPersonWithEmail(string Email) : NotFoundFailure($"Nobody has the email '{Email}'. GET {ApiPaths.Root}/people lists everybody.");
}

/// <summary>Who punches where: <paramref name="Team"/> by id or name, <paramref name="Person"/> by id or email; null is the caller.</summary>
internal sealed record DutyBody(string? Team, string? Person);

/// <summary>Who is on duty in a team.</summary>
internal sealed record TeamDuty(Guid TeamId, string Team, IReadOnlyList<PersonOnDuty> OnDuty)
{
    public static TeamDuty Of(TeamView team) => new(
        team.Id, team.Name,
        [.. team.Members.Where(member => member.OnDutySince is not null).Select(member => new PersonOnDuty(member.PersonId, member.Name, member.OnDutySince!.Value, member.ShiftUntil, member.Channels))]);
}

/// <summary>A person on duty; <paramref name="Until"/> is when a shift by schedule ends, null for who punched in by hand. With no <paramref name="Channels"/> in use nobody can page them.</summary>
internal sealed record PersonOnDuty(Guid PersonId, string Name, DateTimeOffset Since, DateTimeOffset? Until, int Channels);
