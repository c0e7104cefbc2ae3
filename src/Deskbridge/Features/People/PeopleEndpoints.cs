using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.People;

/// <summary>People: everybody sees them, administrators change them.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People").RequireAuthorization(Policies.Viewer);
        people.MapGet("", ListAsync);
        people.MapGet("/me", static (Caller caller) => PersonView.Of(caller.Person));
        people.MapGet("/{id:guid}", GetAsync);
        var admin = api.MapGroup("/people").WithTags("People").RequireAuthorization(Policies.Admin);
        admin.MapPost("", CreateAsync).WithMetadata(new IdempotentAttribute());
        admin.MapPut("/{id:guid}", ChangeAsync);
        admin.MapPost("/{id:guid}/deactivate", DeactivateAsync);
        admin.MapPost("/{id:guid}/reactivate", ReactivateAsync);
        admin.MapPost("/{id:guid}/password", NewPasswordAsync);
    }

    private static async Task<ListOf<PersonView>> ListAsync(PersonQueries people, CancellationToken cancel) =>
        new([.. (await people.ListAsync(cancel)).Select(PersonView.Of)]);

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> GetAsync(Guid id, PersonQueries people, CancellationToken cancel) =>
        await people.GetAsync(id, cancel) is { } person ? TypedResults.Ok(PersonView.Of(person)) : new PersonNotFound(id).ToProblem();

    private static async Task<Results<Created<PersonCreated>, ProblemHttpResult>> CreateAsync(
        PersonBody body, Caller caller, AddPerson add, CancellationToken cancel)
    {
        var added = await add.RunAsync(body.ToDraft(), caller.Person, cancel);
        return added.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Created($"{ApiPaths.Root}/people/{added.Value.Person.Id}", new PersonCreated(PersonView.Of(added.Value.Person), added.Value.Password));
    }

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> ChangeAsync(
        Guid id, PersonBody body, Caller caller, ChangePerson change, CancellationToken cancel) =>
        Answer(await change.RunAsync(id, body.ToDraft(), caller.Person, cancel));

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> DeactivateAsync(
        Guid id, Caller caller, DeactivatePerson deactivate, CancellationToken cancel) =>
        Answer(await deactivate.RunAsync(id, caller.Person, cancel));

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> ReactivateAsync(
        Guid id, Caller caller, ReactivatePerson reactivate, CancellationToken cancel) =>
        Answer(await reactivate.RunAsync(id, caller.Person, cancel));

    private static async Task<Results<Ok<PersonCreated>, ProblemHttpResult>> NewPasswordAsync(
        Guid id, Caller caller, AddPerson add, CancellationToken cancel)
    {
        var reset = await add.NewPasswordAsync(id, caller.Person, cancel);
        return reset.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Ok(new PersonCreated(PersonView.Of(reset.Value.Person), reset.Value.Password));
    }

    private static Results<Ok<PersonView>, ProblemHttpResult> Answer(Result<Person> result) =>
        result.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(PersonView.Of(result.Value));
}

internal sealed record PersonBody(string Name, string Email, PersonRole Role = PersonRole.Responder, string TimeZone = "Etc/UTC")
{
    public PersonDraft ToDraft() => new(Name ?? "", Email ?? "", Role, TimeZone ?? "");
}

internal sealed record PersonView(Guid Id, string Name, string Email, PersonRole Role, string TimeZone, bool Active)
{
    public static PersonView Of(Person person) => new(person.Id, person.Name, person.Email, person.Role, person.TimeZone, person.Active);
}

/// <summary>A person with the password to hand over; <paramref name="InitialPassword"/> is shown this once.</summary>
internal sealed record PersonCreated(PersonView Person, string InitialPassword);
