using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Directory;

/// <summary>What is entered for a person.</summary>
/// <param name="Name">Display name.</param>
/// <param name="Email">Unique email; remote members are matched by it.</param>
/// <param name="Role">What they may do.</param>
/// <param name="TimeZone">IANA name.</param>
internal sealed record PersonDraft(string Name, string Email, PersonRole Role = PersonRole.Responder, string TimeZone = "Etc/UTC");

/// <summary>Adds the first administrator of an empty hub.</summary>
internal sealed class CreateFirstAdministrator(HubStore store, RandomIds ids, TimeProvider clock)
{
    /// <summary>Adds them, whatever role was entered. The host has checked the one-time code.</summary>
    public Task<Result<Person>> RunAsync(PersonDraft draft, CancellationToken cancel) =>
        store.WriteAsync<Result<Person>>(
            async db => await db.People.AnyAsync(cancel)
                ? new SetupDone()
                : await PersonRules.AddAsync(db, ids.NewId(), draft with { Role = PersonRole.Admin }, clock.GetUtcNow(), cancel),
            cancel);
}

/// <summary>Adds a person. How they sign in is the host's business.</summary>
internal sealed class CreatePerson(HubStore store, RandomIds ids, TimeProvider clock)
{
    /// <summary>Adds them, for an administrator.</summary>
    public Task<Result<Person>> RunAsync(PersonDraft draft, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<Person>>(
            async db => PersonRules.MayManage(by) is { } refused
                ? refused
                : await PersonRules.AddAsync(db, ids.NewId(), draft, clock.GetUtcNow(), cancel),
            cancel);
}

/// <summary>Changes a person.</summary>
internal sealed class ChangePerson(HubStore store)
{
    /// <summary>Changes them. People change their own name and time zone; everything else is for administrators.</summary>
    public Task<Result<Person>> RunAsync(Guid personId, PersonDraft draft, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<Person>>(
            async db =>
            {
                if (await db.People.FindAsync([personId], cancel) is not { } person) return new PersonNotFound(personId);
                var ownProfile = by.Id == personId && draft.Role == person.Role && PersonRules.Key(draft.Email) == person.EmailKey;
                if (!ownProfile && PersonRules.MayManage(by) is { } refused) return refused;
                if (await PersonRules.CheckAsync(db, personId, draft, cancel) is { } invalid) return invalid;
                if (draft.Role != PersonRole.Admin && await PersonRules.IsLastAdministratorAsync(db, person, cancel))
                    return new LastAdministrator(person.Name);
                PersonRules.Apply(draft, person);
                return person;
            },
            cancel);
}

/// <summary>Takes a person out of use: they cannot sign in, are off duty and are not paged. Their history stays.</summary>
internal sealed class DeactivatePerson(HubStore store, TimeProvider clock)
{
    /// <summary>Deactivates them, for an administrator.</summary>
    public Task<Result<Person>> RunAsync(Guid personId, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<Person>>(
            async db =>
            {
                if (PersonRules.MayManage(by) is { } refused) return refused;
                if (await db.People.FindAsync([personId], cancel) is not { } person) return new PersonNotFound(personId);
                if (await PersonRules.IsLastAdministratorAsync(db, person, cancel)) return new LastAdministrator(person.Name);

                // Coming back must not put anybody on duty again.
                var now = clock.GetUtcNow();
                foreach (var period in await db.DutyPeriods.Where(d => d.PersonId == personId && d.EndedAt == null).ToListAsync(cancel)) period.EndedAt = now;
                await LookAtShiftsAsync(db, personId, now, cancel);
                person.Active = false;
                return person;
            },
            cancel);

    /// <summary>The schedules of their teams give their turns to others, or back to them.</summary>
    internal static async Task LookAtShiftsAsync(HubDb db, Guid personId, DateTimeOffset now, CancellationToken cancel)
    {
        var scheduled = db.Teams.Where(team => team.ShiftsDueAt > now && db.TeamMembers.Any(m => m.TeamId == team.Id && m.PersonId == personId));
        foreach (var team in await scheduled.ToListAsync(cancel)) team.ShiftsDueAt = now;
    }
}

/// <summary>Puts a person back into use. Open alerts that could page nobody page them, where an escalation chain does so off duty.</summary>
/// <param name="store">The database.</param>
/// <param name="clock">The clock.</param>
/// <param name="waiting">Absent where there are no alerts.</param>
internal sealed class ReactivatePerson(HubStore store, TimeProvider clock, IUnattendedAlerts? waiting = null)
{
    /// <summary>Reactivates them, for an administrator. They are off duty until they punch in or their next turn begins.</summary>
    public Task<Result<Person>> RunAsync(Guid personId, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<Person>>(
            async db =>
            {
                if (PersonRules.MayManage(by) is { } refused) return refused;
                if (await db.People.FindAsync([personId], cancel) is not { } person) return new PersonNotFound(personId);
                if (person.Active) return person;
                person.Active = true;
                await DeactivatePerson.LookAtShiftsAsync(db, personId, clock.GetUtcNow(), cancel);
                if (waiting is not null) await waiting.PageUnattendedOfAsync(db, personId, clock.GetUtcNow(), cancel);
                return person;
            },
            cancel);
}
