using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Core.Tests.Alerting.Escalation.ChainWorld;

namespace Deskbridge.Core.Tests.Alerting.Escalation;

/// <summary>Alerts whose chain reaches nobody, and what wakes them: whoever can be paged is paged at once, not at the next repeat.</summary>
public sealed class WaitingAlertTests
{
    [Fact]
    public async Task AlertRaisedBeforeItsConnectionHadATeam_BeginsTheTeamsChain_ThoughNobodyIsOnDuty()
    {
        await using var world = await ChainWorld.StartAsync(onDuty: false);
        await world.SetAsync(Named(0, world.Lea));
        var connection = Build.Connection();
        var alert = Build.Alert(connection);
        alert.Unattended = true;
        await world.Pager.Test.AddAsync(connection, alert);
        await world.Pager.Test.Store.WriteAsync(
            async db =>
            {
                (await db.Connections.SingleAsync(c => c.Id == connection.Id)).TeamId = world.Pager.Team.Id;
                await world.Get<AlertsWithoutTeam>().GiveAsync(db, connection.Id, world.Pager.Team.Id, world.Pager.Test.Time.GetUtcNow(), default);
            },
            default);

        await world.Pager.SendAsync();

        Assert.Equal("lea", world.Rang);
        Assert.False((await world.Pager.ReloadAsync(alert)).Unattended);
    }

    [Fact]
    public async Task NewMember_OfATeamWhoseChainPagesEverybody_IsPagedForWhatWaits()
    {
        await using var world = await ChainWorld.StartAsync(onDuty: false);
        var members = world.Get<SetTeamMembers>();
        await members.RunAsync(world.Pager.Team.Id, [], Dispatcher, default);
        await world.SetAsync(Everybody(0));
        await world.RaiseAsync();
        Assert.Equal("", world.Rang);

        Assert.Null(await members.RunAsync(world.Pager.Team.Id, [world.Ben.Id, world.Lea.Id], Dispatcher, default));
        await world.Pager.SendAsync();

        // Whoever is woken first begins the round; all of the step are in it.
        Assert.Equal(["ben", "lea"], world.Rang.Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NamedPerson_WhoIsReactivated_IsPagedForWhatWaits()
    {
        await using var world = await ChainWorld.StartAsync(onDuty: false, more: services => services.AddDirectory());
        await world.SetAsync(Named(0, world.Lea));
        var admin = Build.Person("Ada", PersonRole.Admin);
        await world.Get<DeactivatePerson>().RunAsync(world.Lea.Id, admin, default);
        await world.RaiseAsync();
        Assert.Equal("", world.Rang);

        Assert.Null((await world.Get<ReactivatePerson>().RunAsync(world.Lea.Id, admin, default)).Failure);
        await world.Pager.SendAsync();

        Assert.Equal("lea", world.Rang);
    }

    /// <summary>Of the round that was planned before the team had its chain a page is left, taken back; the same one is never written twice.</summary>
    [Fact]
    public async Task PersonWhoComesBack_IsPagedAgain_ThoughAPlannedPageWasTakenBack()
    {
        await using var world = await ChainWorld.StartAsync();
        var members = world.Get<SetTeamMembers>();
        await world.PunchAsync(false, world.Otto, world.Network);
        await world.RaiseAsync();
        await world.SetAsync(Everybody(0), Other(10, world.Network));
        await members.RunAsync(world.Pager.Team.Id, [], Dispatcher, default);
        await world.MinutesAsync(11);
        Assert.Equal("mia", world.Rang);

        await world.Pager.Test.AddAsync(Build.Member(world.Pager.Team, world.Mia));
        await world.MinutesAsync(6);

        Assert.Equal("mia mia", world.Rang);
    }
}
