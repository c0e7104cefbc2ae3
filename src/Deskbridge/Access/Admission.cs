using Deskbridge.Access.Links;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Access;

/// <summary>
/// Changes, deactivates and reactivates people together with what lets them in, of which the core knows nothing: sessions, API tokens and
/// one-time links.
/// </summary>
internal sealed class Admission(
    ChangePerson change, DeactivatePerson deactivate, ReactivatePerson reactivate, PersonQueries people, OpenSessions sessions, ApiTokens tokens, OneTimeLinks links)
{
    /// <summary>Changes a person. Links that went to another email stop working: whoever reads that mailbox must not choose the password.</summary>
    public async Task<Result<Person>> ChangeAsync(Guid personId, PersonDraft draft, Person by, CancellationToken cancel)
    {
        var before = await people.GetAsync(personId, cancel);
        var changed = await change.RunAsync(personId, draft, by, cancel);
        if (changed.Failure is null && changed.Value.EmailKey != before?.EmailKey) await links.RevokeAllAsync(personId, CancellationToken.None);
        return changed;
    }

    /// <summary>Takes a person out of use. Nothing that let them in works again, whatever comes later.</summary>
    public async Task<Result<Person>> DeactivateAsync(Guid personId, Person by, CancellationToken cancel)
    {
        var deactivated = await deactivate.RunAsync(personId, by, cancel);
        if (deactivated.Failure is null) await EndAsync(personId, CancellationToken.None);
        return deactivated;
    }

    /// <summary>Puts a person back into use. What a deactivation that was cut off left behind ends before.</summary>
    public async Task<Result<Person>> ReactivateAsync(Guid personId, Person by, CancellationToken cancel)
    {
        if (PersonRules.MayManage(by) is null && await people.GetAsync(personId, cancel) is { Active: false }) await EndAsync(personId, cancel);
        return await reactivate.RunAsync(personId, by, cancel);
    }

    private async Task EndAsync(Guid personId, CancellationToken cancel)
    {
        await sessions.EndAllAsync(personId, cancel);
        await tokens.RevokeAllAsync(personId, cancel);
        await links.RevokeAllAsync(personId, cancel);
    }
}
