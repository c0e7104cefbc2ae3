using System.Net.Mail;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Deskbridge.Core.Directory;

/// <summary>What people must look like and who may change them.</summary>
internal static class PersonRules
{
    private const int LongestEmail = 254;

    /// <summary>Administrators manage people.</summary>
    public static Failure? MayManage(Person by) => by.Role == PersonRole.Admin ? null : new AdministratorsOnly(by.Name);

    /// <summary>An email as it is compared.</summary>
    public static string Key(string email) => email.Trim().ToLowerInvariant();

    /// <summary>Adds a person that was checked.</summary>
    public static async Task<Result<Person>> AddAsync(HubDb db, Guid id, PersonDraft draft, DateTimeOffset now, CancellationToken cancel)
    {
        if (await CheckAsync(db, id, draft, cancel) is { } invalid) return invalid;
        var person = new Person { Id = id, Name = draft.Name, Email = draft.Email, EmailKey = Key(draft.Email), CreatedAt = now };
        Apply(draft, person);
        db.People.Add(person);
        return person;
    }

    /// <summary>Checks what was entered.</summary>
    public static async Task<Failure?> CheckAsync(HubDb db, Guid personId, PersonDraft draft, CancellationToken cancel)
    {
        if (!Names.Fits(draft.Name)) return new PersonNameMissing();
        if (!IsEmail(draft.Email.Trim())) return new EmailInvalid(draft.Email.Trim());
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(draft.TimeZone) is null) return new TimeZoneUnknown(draft.TimeZone);
        var key = Key(draft.Email);
        return await db.People.AnyAsync(p => p.EmailKey == key && p.Id != personId, cancel) ? new EmailTaken(draft.Email.Trim()) : null;
    }

    /// <summary>Takes over what was entered.</summary>
    public static void Apply(PersonDraft draft, Person person)
    {
        person.Name = draft.Name.Trim();
        person.Email = draft.Email.Trim();
        person.EmailKey = Key(draft.Email);
        person.Role = draft.Role;
        person.TimeZone = draft.TimeZone;
    }

    /// <summary>Whether the hub would be without an active administrator if this one went.</summary>
    public static async Task<bool> IsLastAdministratorAsync(HubDb db, Person person, CancellationToken cancel) =>
        person is { Role: PersonRole.Admin, Active: true }
        && !await db.People.AnyAsync(p => p.Id != person.Id && p.Active && p.Role == PersonRole.Admin, cancel);

    private static bool IsEmail(string email) =>
        email.Length <= LongestEmail
        && !email.Any(char.IsWhiteSpace) && Names.ShowsAsItIs(email)
        && MailAddress.TryCreate(email, out var address)
        && address.Address == email
        && address.DisplayName.Length == 0;
}
