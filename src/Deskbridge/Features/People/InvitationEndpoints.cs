using Deskbridge.Access;
using Deskbridge.Access.Links;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.People;

/// <summary>Invitations and lost second factors, for administrators.</summary>
internal static class InvitationEndpoints
{
    public static void MapInvitations(this IEndpointRouteBuilder api)
    {
        var invitations = api.MapGroup("/invitations").WithTags("People").RequireAuthorization(Policies.Admin, Scopes.People);
        invitations.MapGet("", ListAsync).WithSummary("The last invitation of each person, newest first");
        invitations.MapPost("", InviteAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Add a person and mail them a link to choose a password")
            .WithDescription("The link works once, for 72 hours. Where no mail can be sent it is in the answer, this once.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        invitations.MapDelete("/{id:guid}", RevokeAsync).WithSummary("Take an invitation back")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        var person = api.MapGroup("/people/{id:guid}").WithTags("People").RequireAuthorization(Policies.Admin, Scopes.People).ProducesProblem(StatusCodes.Status404NotFound);
        person.MapPost("/link", AgainAsync).WithMetadata(new IdempotentAttribute()).WithSummary("A new link: the invitation again, or in place of a lost password")
            .WithDescription("Earlier links stop working.").ProducesProblem(StatusCodes.Status409Conflict);
        person.MapDelete("/second-factor", ForgetFactorAsync).WithSummary("Take a lost second factor away; sessions end");
    }

    private static async Task<Results<Ok<ListOf<InvitationView>>, ProblemHttpResult>> ListAsync(
        OneTimeLinks links, PersonQueries people, TimeProvider clock, CancellationToken cancel, int? limit = null, string? cursor = null)
    {
        var known = (await people.ListAsync(cancel)).ToDictionary(person => person.Id);
        var now = clock.GetUtcNow();
        return (await links.InvitationsAsync(cancel)).Where(link => known.ContainsKey(link.PersonId)).Select(link => InvitationView.Of(link, known[link.PersonId], now))
            .InParts(limit, cursor, invitation => invitation.Id.ToString());
    }

    private static async Task<Results<Created<InvitationMade>, ProblemHttpResult>> InviteAsync(
        PersonBody body, HttpRequest request, Caller caller, InvitePerson invite, CancellationToken cancel)
    {
        var invited = await invite.RunAsync(body.ToDraft(PersonBody.Usual), Origin(request), caller.Person, cancel);
        return invited.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Created($"{ApiPaths.Root}/people/{invited.Value.Person.Id}", InvitationMade.Of(invited.Value));
    }

    private static async Task<Results<Ok<InvitationMade>, ProblemHttpResult>> AgainAsync(
        Guid id, HttpRequest request, Caller caller, InvitePerson invite, CancellationToken cancel)
    {
        var sent = await invite.AgainAsync(id, Origin(request), caller.Person, cancel);
        return sent.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(InvitationMade.Of(sent.Value));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, Caller caller, InvitePerson invite, CancellationToken cancel) =>
        await invite.RevokeAsync(id, caller.Person, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemHttpResult>> ForgetFactorAsync(
        Guid id, PersonQueries people, SecondFactors factors, CancellationToken cancel) =>
        await people.GetAsync(id, cancel) is not { } person ? new PersonNotFound(id).ToProblem()
        : await factors.RemoveAsync(id, cancel) ? TypedResults.NoContent()
        : new NoSecondFactor(person.Name).ToProblem();

    private static string Origin(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}

/// <summary>An invitation; <paramref name="State"/> is open, used, revoked or expired.</summary>
internal sealed record InvitationView(Guid Id, Guid PersonId, string Name, string Email, LinkState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static InvitationView Of(OneTimeLink link, Person person, DateTimeOffset now) =>
        new(link.Id, person.Id, person.Name, person.Email, link.State(now), link.CreatedAt, link.ExpiresAt);
}

/// <summary>A link just made. <paramref name="Link"/> is null when it was mailed; otherwise it is shown this once, to be handed over.</summary>
internal sealed record InvitationMade(Guid Id, Guid PersonId, string Email, LinkPurpose Purpose, DateTimeOffset ExpiresAt, bool Mailed, string Message, Uri? Link)
{
    public static InvitationMade Of(LinkSent sent) =>
        new(sent.Link.Id, sent.Person.Id, sent.Person.Email, sent.Link.Purpose, sent.Link.ExpiresAt, sent.Url is null, sent.Message, sent.Url);
}

internal sealed record NoSecondFactor(string Name) : NotFoundFailure($"{Name} has no second factor.");
