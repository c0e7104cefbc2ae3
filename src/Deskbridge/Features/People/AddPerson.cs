using Deskbridge.Access;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Features.People;

/// <summary>Adds people who can sign in: the core's person and a first password, made here and shown once to the administrator.</summary>
internal sealed class AddPerson(CreatePerson create, PersonQueries people, Accounts accounts, RandomIds random)
{
    public async Task<Result<WithPassword>> RunAsync(PersonDraft draft, Person by, CancellationToken cancel)
    {
        var created = await create.RunAsync(draft, by, cancel);
        return created.Failure is { } refused ? refused : await GiveAsync(created.Value);
    }

    /// <summary>A new password in place of a lost one; the person's sessions end.</summary>
    public async Task<Result<WithPassword>> NewPasswordAsync(Guid id, Person by, CancellationToken cancel)
    {
        if (PersonRules.MayManage(by) is { } refused) return refused;
        return await people.GetAsync(id, cancel) is { } person ? await GiveAsync(person) : new PersonNotFound(id);
    }

    private async Task<Result<WithPassword>> GiveAsync(Person person)
    {
        var password = $"{random.NewMarker()}-{random.NewMarker()}";
        return await accounts.SetPasswordAsync(person.Id, password) is { } refused ? refused : new WithPassword(person, password);
    }
}

internal sealed record WithPassword(Person Person, string Password);
