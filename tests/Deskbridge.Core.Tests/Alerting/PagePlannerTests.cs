using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Operations;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class PagePlannerTests
{
    [Fact]
    public async Task Alert_NobodyAcknowledges_PagesAgainEveryRepeatInterval()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.SendAsync();

        await world.PassAsync(TimeSpan.FromMinutes(11), TimeSpan.FromSeconds(30));

        Assert.Equal(3, world.Sink.Arrivals.Count);
        Assert.Equal(3, world.Sink.Arrivals.Select(a => a.Headers["x-deskbridge-delivery"]).Distinct().Count());
        Assert.Contains("Page 3", world.Sink.Arrivals[^1].Body, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4], (await world.PagesAsync(alert)).Select(p => p.Repeat));
    }

    [Fact]
    public async Task Team_WithMaxRepeats_StopsThere()
    {
        await using var world = await PagerWorld.StartAsync(team: Build.Team(maxRepeats: 2));
        await world.RaiseAsync();

        await world.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));

        Assert.Equal(2, world.Sink.Arrivals.Count);
    }

    [Fact]
    public async Task Team_WithMaxRepeats_CountsThemPerPerson()
    {
        await using var world = await PagerWorld.StartAsync(team: Build.Team(maxRepeats: 3));
        var ben = await AddMemberAsync(world, "Ben Okoro");
        await world.RaiseAsync();
        await world.PassAsync(TimeSpan.FromMinutes(7), TimeSpan.FromSeconds(30));

        await world.Test.Get<PunchIn>().RunAsync(world.Team.Id, ben.Id, ben, default);
        await world.PassAsync(TimeSpan.FromMinutes(40), TimeSpan.FromSeconds(30));

        Assert.Equal((3, 3), (PagesTo(world, "mia"), PagesTo(world, "ben-okoro")));
    }

    [Fact]
    public async Task Team_WithMaxRepeats_WhoPunchesInAfterTheLastPageIsPaged()
    {
        await using var world = await PagerWorld.StartAsync(team: Build.Team(maxRepeats: 2));
        var ben = await AddMemberAsync(world, "Ben Okoro");
        var alert = await world.RaiseAsync();
        await world.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));
        Assert.Equal(2, world.Sink.Arrivals.Count);

        await world.Test.Get<PunchIn>().RunAsync(world.Team.Id, ben.Id, ben, default);
        await world.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));

        Assert.Equal((2, 2), (PagesTo(world, "mia"), PagesTo(world, "ben-okoro")));
        Assert.False((await world.ReloadAsync(alert)).Unattended);
    }

    [Fact]
    public async Task Hub_DownForHours_SendsOneRepeatNotAllItMissed()
    {
        await using var world = await PagerWorld.StartAsync();
        await world.RaiseAsync();
        await world.SendAsync();

        world.Test.Time.Advance(TimeSpan.FromHours(3));
        await world.SendAsync();
        await world.PassAsync(TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(1));

        Assert.Equal(2, world.Sink.Arrivals.Count);
    }

    /// <summary>Where several clocks share a database nothing is moved: there the repeat waits for its instant.</summary>
    [Fact]
    public async Task ClockSetBack_KeepsTheIntervalOfEveryRepeat()
    {
        await using var world = await PagerWorld.StartAsync();
        await world.RaiseAsync();
        await world.SendAsync();
        world.Test.Time.Advance(TimeSpan.FromMinutes(2));

        world.Test.Time.Jump(TimeSpan.FromHours(-1));
        await world.Test.Store.WriteAsync(db => ClockWatch.PullInAsync(db, TimeSpan.FromHours(1), world.Test.Time.GetUtcNow(), default), default);
        await world.PassAsync(TimeSpan.FromMinutes(9), TimeSpan.FromSeconds(30));

        Assert.Equal(TestDatabase.OnPostgres ? 1 : 3, world.Sink.Arrivals.Count);
    }

    [Fact]
    public async Task Person_WithTwoChannels_IsPagedByBothAtOnce()
    {
        await using var world = await PagerWorld.StartAsync();
        await world.Test.AddAsync(
            Build.Channel(world.Mia, ChannelKind.Ntfy, world.Sink.Url + "/tablet"),
            Build.Channel(world.Mia, ChannelKind.Ntfy, world.Sink.Url + "/off", enabled: false));
        await world.RaiseAsync();

        await world.SendAsync();

        Assert.Equal(2, world.Sink.Arrivals.Count);
    }

    [Fact]
    public async Task Duty_HandedOver_RepeatsGoToTheNextPerson()
    {
        await using var world = await PagerWorld.StartAsync();
        var ben = await AddMemberAsync(world, "Ben Okoro");
        await world.RaiseAsync();
        await world.SendAsync();

        await world.Test.Get<PunchIn>().RunAsync(world.Team.Id, ben.Id, ben, default);
        await world.Test.Get<PunchOut>().RunAsync(world.Team.Id, world.Mia.Id, world.Mia, default);
        await world.PassAsync(TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(30));

        Assert.Equal(2, world.Sink.Arrivals.Count);
        Assert.Contains("ben-okoro", world.Sink.Arrivals[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyOnDuty_WarnsTheAdministratorsAndPagesAtThePunchIn()
    {
        await using var world = await PagerWorld.StartAsync(onDuty: false);
        var admin = Build.Person("Ada Root", PersonRole.Admin);
        await world.Test.AddAsync(admin, Build.Channel(admin, ChannelKind.Ntfy, world.Sink.Url + "/admin"));
        var alert = await world.RaiseAsync("UPS on battery");
        await world.SendAsync();
        Assert.True((await world.ReloadAsync(alert)).Unattended);
        Assert.Contains("Nobody on duty: UPS on battery", Assert.Single(world.Sink.Arrivals).Body, StringComparison.Ordinal);

        await world.Test.Get<PunchIn>().RunAsync(world.Team.Id, world.Mia.Id, world.Mia, default);
        await world.SendAsync();

        Assert.False((await world.ReloadAsync(alert)).Unattended);
        Assert.Contains("\"topic\":\"mia\"", world.Sink.Arrivals[1].Body, StringComparison.Ordinal);
        Assert.Equal(["nobody-on-duty", "delivered", "paged", "delivered"], await world.TimelineAsync(alert));
    }

    [Fact]
    public async Task EverybodyLeavesDuty_TheAlertSaysSoAndPagesTheNextOne()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.SendAsync();
        await world.Test.Get<PunchOut>().RunAsync(world.Team.Id, world.Mia.Id, world.Mia, default);
        await world.PassAsync(TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(1));
        Assert.True((await world.ReloadAsync(alert)).Unattended);
        Assert.Single(world.Sink.Arrivals);

        await world.Test.Get<PunchIn>().RunAsync(world.Team.Id, world.Mia.Id, world.Mia, default);
        await world.PassAsync(TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(1));

        Assert.Equal(3, world.Sink.Arrivals.Count);
    }

    [Fact]
    public async Task OnDutyWithoutAChannel_IsPagedAsSoonAsOneIsAdded()
    {
        await using var world = await PagerWorld.StartAsync(onDuty: false);
        var ben = Build.Person("Ben Okoro");
        await world.Test.AddAsync(ben, Build.Member(world.Team, ben), Build.Duty(world.Team, ben));
        var alert = await world.RaiseAsync();
        Assert.True((await world.ReloadAsync(alert)).Unattended);

        var draft = new ChannelDraft("Phone", world.Sink.Url + "/ben");
        await world.Test.Get<CreateChannel>().RunAsync(ben.Id, ChannelKind.Ntfy, draft, ben, default);
        await world.SendAsync();

        Assert.Single(world.Sink.Arrivals);
        Assert.False((await world.ReloadAsync(alert)).Unattended);
    }

    [Fact]
    public async Task ChannelRemovedBeforeThePage_FailsVisiblyAndLeavesTheAlertUnattended()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();

        await world.Test.Get<DeleteChannel>().RunAsync(world.Phone.Id, world.Mia, default);
        await world.SendAsync();

        Assert.True((await world.ReloadAsync(alert)).Unattended);
        Assert.Equal(["paged", "page-failed", "nobody-on-duty"], await world.TimelineAsync(alert));
    }

    private static int PagesTo(PagerWorld world, string topic) => world.Sink.Arrivals.Count(a => a.Body.Contains($"\"topic\":\"{topic}\"", StringComparison.Ordinal));

    private static async Task<Person> AddMemberAsync(PagerWorld world, string name)
    {
        var person = Build.Person(name);
        var topic = name.Replace(' ', '-').ToLowerInvariant();
        await world.Test.AddAsync(person, Build.Member(world.Team, person), Build.Channel(person, ChannelKind.Ntfy, $"{world.Sink.Url}/{topic}"));
        Assert.Equal(2, await world.Test.ReadAsync(db => db.TeamMembers.CountAsync()));
        return person;
    }
}
