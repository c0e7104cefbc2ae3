using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class TeamTests
{
    private static readonly Person Dispatcher = Build.Person("Dana", PersonRole.Dispatcher);

    [Fact]
    public async Task PunchIn_Twice_IsOneStretchOfDuty()
    {
        await using var world = await PagerWorld.StartAsync(onDuty: false);

        var first = await world.Test.Get<PunchIn>().RunAsync(world.Team.Id, world.Mia.Id, world.Mia, default);
        world.Test.Time.Advance(TimeSpan.FromHours(1));
        var again = await world.Test.Get<PunchIn>().RunAsync(world.Team.Id, world.Mia.Id, world.Mia, default);
        await world.Test.Get<PunchOut>().RunAsync(world.Team.Id, world.Mia.Id, world.Mia, default);
        var outAgain = await world.Test.Get<PunchOut>().RunAsync(world.Team.Id, world.Mia.Id, world.Mia, default);

        Assert.Equal(first.Value.Id, again.Value.Id);
        Assert.Null(outAgain.Failure);
        Assert.Null(outAgain.Value);
        Assert.Equal(world.Test.Time.GetUtcNow(), (await world.Test.ReadAsync(db => db.DutyPeriods.SingleAsync())).EndedAt);
    }

    [Fact]
    public async Task PunchIn_IsRefusedForStrangersViewersAndOthers()
    {
        await using var world = await PagerWorld.StartAsync(onDuty: false);
        var ben = Build.Person("Ben");
        await world.Test.AddAsync(ben);
        var punchIn = world.Test.Get<PunchIn>();

        Assert.IsType<NotInTeam>((await punchIn.RunAsync(world.Team.Id, ben.Id, ben, default)).Failure);
        Assert.IsType<DispatchersOnly>((await punchIn.RunAsync(world.Team.Id, world.Mia.Id, ben, default)).Failure);
        Assert.IsType<ViewersOnlyLook>((await punchIn.RunAsync(world.Team.Id, world.Mia.Id, Build.Person(role: PersonRole.Viewer), default)).Failure);
        Assert.IsType<TeamNotFound>((await punchIn.RunAsync(Guid.Empty, world.Mia.Id, world.Mia, default)).Failure);
        Assert.Null((await punchIn.RunAsync(world.Team.Id, world.Mia.Id, Dispatcher, default)).Failure);
    }

    [Fact]
    public async Task Team_CreatedAndChanged_IsCheckedFieldByField()
    {
        await using var world = await PagerWorld.StartAsync();
        var create = world.Test.Get<CreateTeam>();

        var made = await create.RunAsync(new TeamDraft(" Day "), Dispatcher, default);
        var changed = await world.Test.Get<ChangeTeam>().RunAsync(made.Value.Id, new TeamDraft("Day shift", "8 to 18", 10, 3), Dispatcher, default);

        Assert.Equal(("Day shift", 10, 3), (changed.Value.Name, changed.Value.RepeatMinutes, changed.Value.MaxRepeats));
        Assert.IsType<TeamNameMissing>((await create.RunAsync(new TeamDraft("  "), Dispatcher, default)).Failure);
        Assert.IsType<TeamNameMissing>((await create.RunAsync(new TeamDraft("two\r\nlines"), Dispatcher, default)).Failure);
        Assert.IsType<TeamNameTaken>((await create.RunAsync(new TeamDraft("Day shift"), Dispatcher, default)).Failure);
        Assert.IsType<RepeatMinutesOutOfRange>((await create.RunAsync(new TeamDraft("A", RepeatMinutes: 0), Dispatcher, default)).Failure);
        Assert.IsType<MaxRepeatsOutOfRange>((await create.RunAsync(new TeamDraft("A", MaxRepeats: -1), Dispatcher, default)).Failure);
        Assert.IsType<TeamsByDispatchers>((await create.RunAsync(new TeamDraft("A"), world.Mia, default)).Failure);
    }

    [Fact]
    public async Task Team_StillNeeded_CannotBeDeleted()
    {
        await using var world = await PagerWorld.StartAsync();
        var delete = world.Test.Get<DeleteTeam>();
        Assert.Equal(new TeamUsedByConnection(world.Team.Name, world.Connection.Name), await delete.RunAsync(world.Team.Id, Dispatcher, default));

        var alert = await world.RaiseAsync();
        await world.Test.Store.WriteAsync(db => db.Connections.ExecuteUpdateAsync(set => set.SetProperty(c => c.TeamId, (Guid?)null)), default);
        Assert.Equal(new TeamHasAlerts(world.Team.Name, 1), await delete.RunAsync(world.Team.Id, Dispatcher, default));

        await world.Test.Get<CloseAlert>().RunAsync(alert.Id, world.Mia, default);
        Assert.Null(await delete.RunAsync(world.Team.Id, Dispatcher, default));
        Assert.Equal(0, await world.Test.ReadAsync(db => db.TeamMembers.CountAsync()));
    }

    [Fact]
    public async Task Members_Set_TakesLeaversOffDuty()
    {
        await using var world = await PagerWorld.StartAsync();
        var ben = Build.Person("Ben");
        await world.Test.AddAsync(ben);
        var set = world.Test.Get<SetTeamMembers>();

        Assert.Null(await set.RunAsync(world.Team.Id, [ben.Id], Dispatcher, default));
        Assert.Equal(new MemberNotFound(Guid.Empty), await set.RunAsync(world.Team.Id, [ben.Id, Guid.Empty], Dispatcher, default));

        var team = await world.Test.Get<TeamQueries>().GetAsync(world.Team.Id, default);
        Assert.Equal(("Ben", null, 0), (team!.Members.Single().Name, team.Members.Single().OnDutySince, team.Members.Single().Channels));
        Assert.NotNull((await world.Test.ReadAsync(db => db.DutyPeriods.SingleAsync())).EndedAt);
    }

    [Fact]
    public async Task TeamList_ShowsWhoIsOnDutyAndReachable()
    {
        await using var world = await PagerWorld.StartAsync();

        var member = Assert.Single(Assert.Single(await world.Test.Get<TeamQueries>().ListAsync(default)).Members);

        Assert.NotNull(member.OnDutySince);
        Assert.Equal((world.Mia.Id, 1), (member.PersonId, member.Channels));
    }
}
