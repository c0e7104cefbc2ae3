using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Configuration;

/// <summary>What the hub has now, as far as a configuration file can say it.</summary>
internal sealed record PresentConfiguration(
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<Person> People,
    IReadOnlySet<Guid> WithPassword,
    ILookup<Guid, Channel> Channels,
    IReadOnlyList<Team> Teams,
    ILookup<Guid, Guid> Members,
    IReadOnlySet<Guid> TeamsWithDuty,
    IReadOnlyDictionary<Guid, TeamIntake> Intakes,
    IReadOnlyList<Connection> Connections,
    ILookup<Guid, MemberChoice> MemberChoices)
{
    public static async Task<PresentConfiguration> ReadAsync(HubStore store, IDbContextFactory<AccessDb> contexts, CancellationToken cancel)
    {
        await using var access = await contexts.CreateDbContextAsync(cancel);
        var withPassword = await access.Users.Where(user => user.PasswordHash != null).Select(user => user.Id).ToListAsync(cancel);
        return await store.ReadAsync(
            async db => new PresentConfiguration(
                await db.Settings.ToDictionaryAsync(row => row.Key, row => row.Value, StringComparer.Ordinal, cancel),
                await db.People.OrderBy(person => person.EmailKey).ToListAsync(cancel),
                withPassword.ToHashSet(),
                (await db.Channels.OrderBy(channel => channel.Position).ThenBy(channel => channel.Name).ToListAsync(cancel)).ToLookup(channel => channel.PersonId),
                await db.Teams.OrderBy(team => team.Name).ToListAsync(cancel),
                (await db.TeamMembers.ToListAsync(cancel)).ToLookup(member => member.TeamId, member => member.PersonId),
                (await db.DutyPeriods.Select(duty => duty.TeamId).Distinct().ToListAsync(cancel)).ToHashSet(),
                await db.TeamIntakes.ToDictionaryAsync(intake => intake.TeamId, cancel),
                await db.Connections.OrderBy(connection => connection.Name).ToListAsync(cancel),
                (await db.MemberChoices.ToListAsync(cancel)).ToLookup(choice => choice.ConnectionId)),
            cancel);
    }

    public Person? Find(string email) => People.FirstOrDefault(person => person.EmailKey == PersonRules.Key(email));
}
