using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Members;
using Deskbridge.Core.Directory;

namespace Deskbridge.Configuration;

/// <summary>Plans which member a person is where emails do not tell. The remote is not asked: the page Members names a choice that leads nowhere.</summary>
internal sealed class PlanMembers(MemberBook members, ConnectionQueries connections, PersonQueries people)
{
    public void Add(ConfigurationPlan plan, ConnectionEntry entry, Connection? known, ConfigurationFile file, PresentConfiguration present)
    {
        foreach (var chosen in entry.Members.Where(chosen => chosen.Person.Length > 0))
        {
            var person = present.Find(chosen.Person);
            if (person is null && !file.People.Any(written => PersonRules.Key(written.Email) == PersonRules.Key(chosen.Person)))
                chosen.At.Tell("person", $"{chosen.Person} is nobody, neither in this file nor in the hub.");
            if (chosen.Member.Length is 0 or > 100) chosen.At.Tell("member", "enter the remote id of the member, as the API and an export name it.");
            var had = known is null || person is null ? null : present.MemberChoices[known.Id].FirstOrDefault(choice => choice.PersonId == person.Id);
            var name = chosen.Name is { Length: > 0 } written ? written : had?.MemberName ?? chosen.Member;
            if (had?.MemberId == chosen.Member && had.MemberName == name) continue;
            plan.Changes.Add(new Change(had is null ? Change.Adds : Change.Alters, $"member of {chosen.Person} on {entry.Name}", [$"{name} ({chosen.Member})"], async cancel =>
                (await connections.ListAsync(withRemoved: false, cancel)).FirstOrDefault(connection => connection.Name == entry.Name) is { } connection && await people.FindAsync(chosen.Person, cancel) is { } found
                    ? await members.KeepAsync(connection.Id, found.Id, chosen.Member, name, ImportActor.Person, cancel)
                    : null));
        }
    }
}
