using Deskbridge.Access.Links;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Features.People;

/// <summary>Adds people who choose their own password, and sends links to those who have lost theirs.</summary>
internal sealed class InvitePerson(CreatePerson create, PersonQueries people, PasswordLinks sender, OneTimeLinks links)
{
    /// <summary>Adds a person and invites them.</summary>
    /// <param name="draft">Who.</param>
    /// <param name="origin">Where the hub is reached while no public address is set.</param>
    /// <param name="by">An administrator.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<LinkSent>> RunAsync(PersonDraft draft, string origin, Person by, CancellationToken cancel)
    {
        var created = await create.RunAsync(draft, by, cancel);
        return created.Failure is { } refused ? refused : await sender.SendAsync(created.Value, origin, cancel);
    }

    /// <summary>A new link for somebody who is known: an invitation again, or in place of a lost password. Earlier links stop working.</summary>
    public async Task<Result<LinkSent>> AgainAsync(Guid personId, string origin, Person by, CancellationToken cancel)
    {
        if (PersonRules.MayManage(by) is { } refused) return refused;
        if (await people.GetAsync(personId, cancel) is not { } person) return new PersonNotFound(personId);
        return person.Active ? await sender.SendAsync(person, origin, cancel) : new PersonDeactivated(person.Name);
    }

    /// <summary>Takes a link back before it is used.</summary>
    public async Task<Failure?> RevokeAsync(Guid linkId, Person by, CancellationToken cancel)
    {
        if (PersonRules.MayManage(by) is { } refused) return refused;
        if (await links.GetAsync(linkId, cancel) is null) return new InvitationNotFound(linkId);
        return await links.RevokeAsync(linkId, cancel) ? null : new InvitationOver();
    }
}

internal sealed record InvitationNotFound(Guid Id) : NotFoundFailure($"There is no invitation {Id}.");

internal sealed record InvitationOver() : ConflictFailure("This invitation was used or taken back already.");

internal sealed record PersonDeactivated(string Name) : ConflictFailure($"{Name} is deactivated. Activate them again first.");
