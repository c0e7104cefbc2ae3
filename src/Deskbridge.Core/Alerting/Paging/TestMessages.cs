using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Sends a marked test message by every channel that a person has in use, and says what came of each.</summary>
internal sealed class TestPerson(HubStore store, TestMessages messages)
{
    /// <summary>Sends them. Responders try themselves, dispatchers and administrators everybody.</summary>
    public async Task<Result<PersonTested>> RunAsync(Guid personId, Person by, CancellationToken cancel)
    {
        if (by.Role == PersonRole.Viewer) return new ViewersOnlyLook(by.Name);
        if (by.Id != personId && by.Role < PersonRole.Dispatcher) return new DispatchersOnly(by.Name);
        var (person, channels) = await store.ReadAsync(
            async db => (
                await db.People.FirstOrDefaultAsync(p => p.Id == personId, cancel),
                await db.Channels.Where(c => c.PersonId == personId && c.Enabled).OrderBy(c => c.Position).ThenBy(c => c.Name).ToListAsync(cancel)),
            cancel);
        if (person is null) return new PersonNotFound(personId);
        return person.Active ? await messages.SendAsync(person, channels, cancel) : new NotPagedWhileInactive(person.Name);
    }
}

/// <summary>Says whom an alert of a team would page at this moment, and sends each of them a marked test message.</summary>
internal sealed class TestTeam(HubStore store, TestMessages messages, TimeProvider clock)
{
    /// <summary>Sends them, for a dispatcher or administrator.</summary>
    public async Task<Result<TeamTested>> RunAsync(Guid teamId, Person by, CancellationToken cancel)
    {
        if (by.Role < PersonRole.Dispatcher) return new DispatchersOnly(by.Name);
        var (team, chain, administrators) = await store.ReadAsync(
            async db => await db.Teams.FirstOrDefaultAsync(t => t.Id == teamId, cancel) is { } found
                ? (found, await db.PeopleOfChainAsync(found, clock.GetUtcNow(), cancel), await db.AdministratorsAsync(cancel))
                : (null, [], new OnDuty([], [])),
            cancel);
        if (team is null) return new TeamNotFound(teamId);
        var people = chain.SelectMany(step => step.Reached.People).DistinctBy(person => person.Id);
        var targets = chain.SelectMany(step => step.Reached.Targets).DistinctBy(target => target.Channel.Id).ToLookup(target => target.Person.Id, target => target.Channel);
        var tested = await Task.WhenAll(people.Select(person => messages.SendAsync(person, [.. targets[person.Id]], cancel)));
        return new TeamTested(
            team.Id, team.Name, EscalationChain.Of(team) is not null, tested, [.. administrators.People.Except(administrators.Unreachable).Select(person => person.Name)]);
    }
}

/// <summary>Sends test messages to one person, by all given channels at once: none waits for a slow one.</summary>
internal sealed class TestMessages(HubStore store, PageDispatch dispatch, RandomIds ids, TimeProvider clock)
{
    /// <summary>Sends them; a refusal is an outcome.</summary>
    public async Task<PersonTested> SendAsync(Person person, IReadOnlyList<Channel> channels, CancellationToken cancel)
    {
        var publicUrl = await store.ReadAsync(db => db.Settings.Where(s => s.Key == SettingKeys.PublicUrl).Select(s => s.Value).FirstOrDefaultAsync(cancel), cancel);
        var tries = channels.Select(async channel =>
        {
            var message = PageText.Test(ids.NewId(), person, publicUrl, clock.GetUtcNow());
            var outcome = await dispatch.SendAsync(message, channel, cancel);
            return new ChannelTry(channel.Id, channel.Kind, channel.Name, outcome is PageOutcome.Accepted, outcome.Detail, message.DeliveryId);
        });
        return new PersonTested(person.Id, person.Name, await Task.WhenAll(tries));
    }
}

/// <summary>What came of a test message by one channel.</summary>
internal sealed record ChannelTry(Guid ChannelId, ChannelKind Kind, string Name, bool Accepted, string Detail, Guid DeliveryId);

/// <summary>What came of the test messages to a person, in the order in which their channels are tried.</summary>
internal sealed record PersonTested(Guid PersonId, string Name, IReadOnlyList<ChannelTry> Channels)
{
    /// <summary>At least one channel took the message: this person can be paged.</summary>
    public bool Reachable => Channels.Any(channel => channel.Accepted);

    /// <summary>There are channels, and every one took the message.</summary>
    public bool Complete => Channels.Count > 0 && Channels.All(channel => channel.Accepted);

    /// <summary>In a sentence.</summary>
    public string Summary => (Channels.Count, Channels.Count(channel => channel.Accepted)) switch
    {
        (0, _) => $"{Name} has no channel in use, so nothing can page them. They add one under Duty, My channels.",
        (var all, var taken) when taken == all => $"{Name}: {Whole(all)} took the test message. Whether it rang, {Name} can tell.",
        (var all, 0) => $"{Name} cannot be paged: {None(all)}.",
        var (all, taken) => $"{Name}: {taken} of {all} channels took the test message.",
    };

    private static string None(int count) => count switch
    {
        1 => "the channel did not take the test message",
        2 => "neither channel took the test message",
        _ => $"none of {count} channels took the test message",
    };

    private static string Whole(int count) => count switch
    {
        1 => "the channel",
        2 => "both channels",
        _ => $"all {count} channels",
    };
}

/// <summary>Whom an alert of the team would page at this moment, and what came of trying.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="Team">Its name.</param>
/// <param name="OwnChain">The team has escalation steps of its own; without them it pages who is on duty.</param>
/// <param name="Paged">Each person whom a step pages, in the order of the steps.</param>
/// <param name="Administrators">Who is warned when none of them can be paged.</param>
internal sealed record TeamTested(Guid TeamId, string Team, bool OwnChain, IReadOnlyList<PersonTested> Paged, IReadOnlyList<string> Administrators)
{
    /// <summary>Somebody can be paged.</summary>
    public bool Reachable => Paged.Any(person => person.Reachable);

    /// <summary>In a sentence.</summary>
    public string Summary => (Paged.Count, Reachable) switch
    {
        (0, _) => $"{(OwnChain ? $"No escalation step of {Team} has anybody to page" : $"Nobody is on duty in {Team}")}. An alert would stay open, page at the next punch-in, and {Warned}.",
        (_, false) => $"{(OwnChain ? $"Nobody whom the escalation of {Team} names" : $"Nobody on duty in {Team}")} can be paged. An alert would {Warned}.",
        _ => $"An alert of {Team} would page {string.Join(", ", Paged.Select(person => person.Name))}{(OwnChain ? ", step by step" : "")}.",
    };

    private string Warned => Administrators.Count == 0
        ? "warn nobody either, for no administrator has a channel in use"
        : $"warn {string.Join(", ", Administrators)}";
}
