using Deskbridge.Access;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;

namespace Deskbridge.Configuration;

/// <summary>Plans people and their first passwords. Nobody is ever removed, and a password that somebody has is left alone.</summary>
internal sealed class PlanPeople(
    HubStore store, CreatePerson create, Admission admission, PersonQueries people, Accounts accounts)
{
    public async Task AddAsync(ConfigurationPlan plan, IReadOnlyList<PersonEntry> entries, PresentConfiguration present, CancellationToken cancel)
    {
        // Who becomes an administrator comes first: the last one cannot step down before.
        foreach (var entry in entries.OrderBy(entry => present.Find(entry.Email) is null ? 0 : entry.Role == PersonRole.Admin ? 1 : 2))
        {
            if (entry.Email.Length == 0) continue;
            var known = present.Find(entry.Email);
            var draft = Draft(entry, known);
            if (await store.ReadAsync(db => PersonRules.CheckAsync(db, known?.Id ?? Guid.Empty, draft, cancel), cancel) is { } refused)
            {
                ConfigurationPlan.Refuse(entry.At, refused);
                continue;
            }

            if (known is null) plan.Changes.Add(new Change(Change.Adds, $"person {draft.Name} <{draft.Email}>, {draft.Role.ToString().ToLowerInvariant()}", [], token => CreateAsync(draft, entry.Active ?? true, token)));
            else Alter(plan, entry, known, draft);
            await PasswordAsync(plan, entry, draft.Name, known is not null && present.WithPassword.Contains(known.Id));
        }

        KeepAnAdministrator(entries, present);
    }

    private static PersonDraft Draft(PersonEntry entry, Person? known) => new(
        (entry.Name ?? known?.Name ?? "").Trim(),
        known is null || PersonRules.Key(entry.Email) != known.EmailKey ? entry.Email : known.Email,
        entry.Role ?? known?.Role ?? PersonRole.Responder,
        entry.TimeZone ?? known?.TimeZone ?? "Etc/UTC");

    private void Alter(ConfigurationPlan plan, PersonEntry entry, Person known, PersonDraft draft)
    {
        var differences = new Differences();
        differences.Of("name", known.Name, draft.Name);
        differences.Of("role", known.Role, draft.Role);
        differences.Of("timeZone", known.TimeZone, draft.TimeZone);
        if (differences.Lines.Count > 0)
            plan.Changes.Add(new Change(Change.Alters, $"person {known.Name}", differences.Lines, async cancel => (await admission.ChangeAsync(known.Id, draft, ImportActor.Person, cancel)).Failure));
        if (entry.Active is { } active && active != known.Active)
            plan.Changes.Add(new Change(Change.Alters, $"person {known.Name}", [$"active: {(active ? "true" : "false")}"], cancel => SetActiveAsync(known.Id, active, cancel)));
    }

    private async Task<Failure?> CreateAsync(PersonDraft draft, bool active, CancellationToken cancel)
    {
        var made = await create.RunAsync(draft, ImportActor.Person, cancel);
        return made.Failure ?? (active ? null : await SetActiveAsync(made.Value.Id, active, cancel));
    }

    private async Task<Failure?> SetActiveAsync(Guid id, bool active, CancellationToken cancel) =>
        active ? (await admission.ReactivateAsync(id, ImportActor.Person, cancel)).Failure : (await admission.DeactivateAsync(id, ImportActor.Person, cancel)).Failure;

    private async Task PasswordAsync(ConfigurationPlan plan, PersonEntry entry, string name, bool hasOne)
    {
        if (hasOne) return;
        if (entry.InitialPassword is null)
        {
            plan.Notice(entry.At, null, "has no password yet and cannot sign in. Give an initialPassword, or set one on the page People.");
            return;
        }

        if (plan.Secret(entry.At, "initialPassword", entry.InitialPassword, stored: false) is not { } password) return;
        if (await accounts.CheckNewAsync(password) is { } refused) entry.At.Tell("initialPassword", refused.Message);
        else plan.Changes.Add(new Change(Change.Adds, $"first password of {name}", [], cancel => SetPasswordAsync(entry.Email, password, cancel)));
    }

    private async Task<Failure?> SetPasswordAsync(string email, string password, CancellationToken cancel) =>
        await people.FindAsync(email, cancel) is { } person ? await accounts.SetPasswordAsync(person.Id, password) : null;

    private static void KeepAnAdministrator(IReadOnlyList<PersonEntry> entries, PresentConfiguration present)
    {
        bool StaysOne(Person person) => entries.FirstOrDefault(entry => PersonRules.Key(entry.Email) == person.EmailKey) is not { } entry
            ? person is { Active: true, Role: PersonRole.Admin }
            : (entry.Active ?? person.Active) && (entry.Role ?? person.Role) == PersonRole.Admin;
        var stays = present.People.Any(StaysOne) || entries.Any(entry => present.Find(entry.Email) is null && entry.Role == PersonRole.Admin && entry.Active != false);
        if (stays || !present.People.Any(person => person is { Active: true, Role: PersonRole.Admin })) return;
        var last = entries.First(entry => present.Find(entry.Email) is { Active: true, Role: PersonRole.Admin });
        last.At.Tell("role", "is the last administrator and must stay one. Make somebody else an administrator too.");
    }
}

/// <summary>On whose behalf a file is imported: whoever may write the data folder.</summary>
internal static class ImportActor
{
    public static Person Person { get; } = new() { Id = Guid.Empty, Name = "Configuration file", Email = "", EmailKey = "", Role = PersonRole.Admin, CreatedAt = default };
}
