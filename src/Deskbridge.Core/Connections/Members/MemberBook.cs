using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Members;

/// <summary>People and members of a connection: the report, the choices, and who a person is when they act.</summary>
internal sealed class MemberBook(ConnectorPool pool, HubStore store)
{
    /// <summary>Reads every member now and matches them; the members come by name.</summary>
    public async Task<Result<(MemberReport Report, IReadOnlyList<RemoteMember> Members)>> ReadAsync(Guid connectionId, CancellationToken cancel)
    {
        var read = await MembersAsync(connectionId, cancel);
        if (read.Failure is { } unread) return unread;
        return (await MatchAsync(connectionId, read.Value, cancel), read.Value);
    }

    /// <summary>The member of the person with this email; null when none can be told.</summary>
    public async Task<RemoteMember?> FindAsync(LiveConnection live, string email, CancellationToken cancel)
    {
        var key = PersonRules.Key(email);
        var chosen = await store.ReadAsync(
            db => (from choice in db.MemberChoices
                   join person in db.People on choice.PersonId equals person.Id
                   where choice.ConnectionId == live.Id && person.EmailKey == key
                   select choice.MemberId).FirstOrDefaultAsync(cancel),
            cancel);
        return await live.MemberAsync(email, chosen, cancel);
    }

    /// <summary>Says which member a person is, whatever the emails say, and answers the report that follows. The member must be there and active.</summary>
    public async Task<Result<MemberReport>> ChooseAsync(Guid connectionId, Guid personId, string memberId, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        var read = await MembersAsync(connectionId, cancel);
        if (read.Failure is { } unread) return unread;
        if (read.Value.FirstOrDefault(known => known.Id == memberId.Trim()) is not { Active: true } member) return new NoSuchMember(memberId);
        if (await KeepAsync(connectionId, personId, member.Id, member.Name, by, cancel) is { } refused) return refused;
        return await MatchAsync(connectionId, read.Value, cancel);
    }

    /// <summary>Says which member a person is without asking the remote, as a configuration file does; the report tells when there is none such.</summary>
    public Task<Failure?> KeepAsync(Guid connectionId, Guid personId, string memberId, string memberName, Person by, CancellationToken cancel) =>
        store.WriteAsync<Failure?>(
            async db =>
            {
                if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
                if (await db.People.FindAsync([personId], cancel) is null) return new PersonNotFound(personId);
                if (await db.MemberChoices.FindAsync([connectionId, personId], cancel) is { } choice) (choice.MemberId, choice.MemberName) = (memberId, memberName);
                else db.MemberChoices.Add(new MemberChoice { ConnectionId = connectionId, PersonId = personId, MemberId = memberId, MemberName = memberName });
                return null;
            },
            cancel);

    /// <summary>Takes a choice back: emails decide again. Nothing happens when there is none.</summary>
    public Task<Failure?> ForgetAsync(Guid connectionId, Guid personId, Person by, CancellationToken cancel) =>
        store.WriteAsync<Failure?>(
            async db =>
            {
                if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
                if (await db.MemberChoices.FindAsync([connectionId, personId], cancel) is { } choice) db.MemberChoices.Remove(choice);
                return null;
            },
            cancel);

    private async Task<Result<List<RemoteMember>>> MembersAsync(Guid connectionId, CancellationToken cancel)
    {
        if (await pool.FindInAnyStateAsync(connectionId, cancel) is not { } live) return new ConnectionNotFound(connectionId);
        if (live.Connector is not IReadsMembers reader) return new NoMembers(live.Connection.Name);
        try
        {
            using (CallClassScope.Use(CallClass.Children)) return (await reader.ReadAllMembersAsync(cancel)).OrderBy(member => member.Name, StringComparer.OrdinalIgnoreCase).ToList();
        }
        catch (ConnectorException failure)
        {
            return new RemoteNotAsked(failure.Message);
        }
    }

    private async Task<MemberReport> MatchAsync(Guid connectionId, IReadOnlyList<RemoteMember> members, CancellationToken cancel)
    {
        var (people, choices) = await store.ReadAsync(
            async db => (
                await db.People.OrderBy(person => person.Name).ThenBy(person => person.Id).ToListAsync(cancel),
                await db.MemberChoices.Where(choice => choice.ConnectionId == connectionId).ToListAsync(cancel)),
            cancel);
        return MemberMatching.Report(people, members, choices);
    }
}
