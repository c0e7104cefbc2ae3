using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.People;

/// <summary>People: everybody sees them, administrators change them.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People").RequireAuthorization(Policies.Viewer, Scopes.Read);
        people.MapGet("", ListAsync).WithSummary("List everybody by name, the deactivated ones too");
        people.MapGet("/me", static (Caller caller) => PersonView.Of(caller.Person)).WithSummary("Who you are");
        people.MapGet("/{id:guid}", GetAsync).WithSummary("One person").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/people/{id:guid}", ChangeAsync).WithTags("People").RequireAuthorization(Policies.Viewer, Scopes.People).WithSummary("Change a person")
            .WithDescription("What is left away stays as it is. Everybody may change their own name and time zone; the rest is for administrators. Another email ends the links that were sent to the present one.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/people/{id:guid}/test", TestAsync).WithTags("People").RequireAuthorization(Policies.Responder, Scopes.Duty)
            .WithSummary("Send a marked test message by every channel the person has in use, and say what came of each")
            .WithDescription("Yourself, or as a dispatcher or administrator anybody.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        var admin = api.MapGroup("/people").WithTags("People").RequireAuthorization(Policies.Admin, Scopes.People);
        admin.MapPost("", CreateAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Add a person; the first password is shown this once")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        var one = admin.MapGroup("/{id:guid}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapPost("/deactivate", DeactivateAsync).WithSummary("Take a person out of use: no sign-in, no duty, no pages").WithDescription("Their sessions, API tokens and one-time links end for good.").ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/reactivate", ReactivateAsync).WithSummary("Put a person back into use");
        one.MapPost("/password", NewPasswordAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Give a new password in place of a lost one; sessions end");
    }

    private static async Task<Results<Ok<PersonTested>, ProblemHttpResult>> TestAsync(Guid id, Caller caller, TestPerson test, CancellationToken cancel)
    {
        var tested = await test.RunAsync(id, caller.Person, cancel);
        return tested.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(tested.Value);
    }

    private static async Task<Results<Ok<ListOf<PersonView>>, ProblemHttpResult>> ListAsync(PersonQueries people, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        (await people.ListAsync(cancel)).Select(PersonView.Of).InParts(limit, cursor, person => person.Id.ToString());

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> GetAsync(Guid id, PersonQueries people, CancellationToken cancel) =>
        await people.GetAsync(id, cancel) is { } person ? TypedResults.Ok(PersonView.Of(person)) : new PersonNotFound(id).ToProblem();

    private static async Task<Results<Created<PersonCreated>, ProblemHttpResult>> CreateAsync(
        PersonBody body, Caller caller, AddPerson add, CancellationToken cancel)
    {
        var added = await add.RunAsync(body.ToDraft(PersonBody.Usual), caller.Person, cancel);
        return added.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Created($"{ApiPaths.Root}/people/{added.Value.Person.Id}", PersonCreated.Of(added.Value.Person, added.Value.Password));
    }

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> ChangeAsync(
        Guid id, PersonBody body, Caller caller, PersonQueries people, Admission admission, CancellationToken cancel) =>
        await people.GetAsync(id, cancel) is { } present
            ? Answer(await admission.ChangeAsync(id, body.ToDraft(new PersonDraft(present.Name, present.Email, present.Role, present.TimeZone)), caller.Person, cancel))
            : new PersonNotFound(id).ToProblem();

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> DeactivateAsync(
        Guid id, Caller caller, Admission admission, CancellationToken cancel) =>
        Answer(await admission.DeactivateAsync(id, caller.Person, cancel));

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> ReactivateAsync(
        Guid id, Caller caller, Admission admission, CancellationToken cancel) =>
        Answer(await admission.ReactivateAsync(id, caller.Person, cancel));

    private static async Task<Results<Ok<PersonCreated>, ProblemHttpResult>> NewPasswordAsync(
        Guid id, Caller caller, AddPerson add, CancellationToken cancel)
    {
        var reset = await add.NewPasswordAsync(id, caller.Person, cancel);
        return reset.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Ok(PersonCreated.Of(reset.Value.Person, reset.Value.Password));
    }

    private static Results<Ok<PersonView>, ProblemHttpResult> Answer(Result<Person> result) =>
        result.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(PersonView.Of(result.Value));
}

/// <summary>A person as they are sent. At creation a missing role is responder and a missing zone is UTC.</summary>
internal sealed record PersonBody(string? Name, string? Email, PersonRole? Role, string? TimeZone)
{
    /// <summary>What holds for a new person where nothing is said.</summary>
    public static PersonDraft Usual { get; } = new("", "");

    public PersonDraft ToDraft(PersonDraft present) => new(Name ?? present.Name, Email ?? present.Email, Role ?? present.Role, TimeZone ?? present.TimeZone);
}

internal record PersonView(Guid Id, string Name, string Email, PersonRole Role, string TimeZone, bool Active)
{
    public static PersonView Of(Person person) => new(person.Id, person.Name, person.Email, person.Role, person.TimeZone, person.Active);
}

/// <summary>A person with the password to hand over; <paramref name="InitialPassword"/> is shown this once.</summary>
internal sealed record PersonCreated(Guid Id, string Name, string Email, PersonRole Role, string TimeZone, bool Active, string InitialPassword)
    : PersonView(Id, Name, Email, Role, TimeZone, Active)
{
    public static PersonCreated Of(Person person, string password) =>
        new(person.Id, person.Name, person.Email, person.Role, person.TimeZone, person.Active, password);
}
