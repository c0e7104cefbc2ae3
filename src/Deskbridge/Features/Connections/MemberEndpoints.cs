using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections.Members;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>Who of the hub is which member of a connection's system.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder api)
    {
        var members = api.MapGroup("/connections/{id:guid}/members").WithTags("Connections").RequireAuthorization(Policies.Admin, Scopes.Connections)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        members.MapGet("", ReadAsync).WithSummary("People and members: who is matched, by what, and who is not")
            .WithDescription("Reads every member in the remote system. how is email, choice or nothing; problem says what to do.");
        members.MapPut("/{personId:guid}", ChooseAsync).WithSummary("Say which member a person is, whatever the emails say")
            .WithDescription("{\"memberId\":\"176\"}: the remote id of an active member.").ProducesProblem(StatusCodes.Status400BadRequest);
        members.MapDelete("/{personId:guid}", ForgetAsync).WithSummary("Take that back: emails decide again");
    }

    private static async Task<Results<Ok<MemberAnswer>, ProblemHttpResult>> ReadAsync(Guid id, MemberBook members, CancellationToken cancel) =>
        await members.ReadAsync(id, cancel) is var read && read.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(MemberAnswer.Of(read.Value.Report));

    private static async Task<Results<Ok<MemberAnswer>, ProblemHttpResult>> ChooseAsync(Guid id, Guid personId, MemberBody body, Caller caller, MemberBook members, CancellationToken cancel) =>
        await members.ChooseAsync(id, personId, body.MemberId ?? "", caller.Person, cancel) is var chosen && chosen.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(MemberAnswer.Of(chosen.Value));

    private static async Task<Results<NoContent, ProblemHttpResult>> ForgetAsync(Guid id, Guid personId, Caller caller, MemberBook members, CancellationToken cancel) =>
        await members.ForgetAsync(id, personId, caller.Person, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();
}

/// <summary>The remote id of the chosen member.</summary>
internal sealed record MemberBody(string? MemberId);

/// <summary>People who are active, and active members who are nobody's.</summary>
internal sealed record MemberAnswer(IReadOnlyList<PersonMatchView> People, IReadOnlyList<MemberView> Unmatched)
{
    public static MemberAnswer Of(MemberReport report) => new([.. report.People.Select(PersonMatchView.Of)], [.. report.Unmatched.Select(member => MemberView.Of(member)!)]);
}

/// <summary>One person; <paramref name="Acts"/>: they work on alerts, so a member is needed for owner assignment.</summary>
internal sealed record PersonMatchView(Guid PersonId, string Name, string Email, bool Acts, MatchedBy How, MemberView? Member, string? Problem)
{
    public static PersonMatchView Of(PersonMatch match) => new(match.PersonId, match.Name, match.Email, match.Acts, match.How, MemberView.Of(match.Member), match.Problem);
}

/// <summary>A member of the remote system.</summary>
internal sealed record MemberView(string Id, string Identifier, string Name, string? Email)
{
    public static MemberView? Of(RemoteMember? member) => member is null ? null : new(member.Id, member.Identifier, member.Name, member.Email);
}
