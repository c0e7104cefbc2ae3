using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class HubAlertsTests
{
    [Fact]
    public async Task Cause_SeenOften_IsOneAlertThatCounts()
    {
        await using var world = await PagerWorld.StartAsync();

        for (var i = 0; i < 100; i++) await RaiseAsync(world, "reading");
        await world.SendAsync();

        var alert = Assert.Single(await world.Test.ReadAsync(db => db.Alerts.ToListAsync()));
        Assert.Equal((100, AlertStatus.Open, world.Team.Id), (alert.Count, alert.Status, alert.TeamId));
        Assert.Single(world.Sink.Arrivals);
        Assert.InRange((await world.TimelineAsync(alert)).Count(kind => kind == "repeated"), 9, 15);
    }

    [Fact]
    public async Task Causes_OfOneConnection_AreSeparateAlerts()
    {
        await using var world = await PagerWorld.StartAsync();

        await RaiseAsync(world, "reading");
        await RaiseAsync(world, "writing");

        Assert.Equal(2, await world.Test.ReadAsync(db => db.Alerts.CountAsync()));
    }

    [Fact]
    public async Task Cause_Gone_ClosesTheAlertAndAnotherCaseRaisesANewOne()
    {
        await using var world = await PagerWorld.StartAsync();
        await RaiseAsync(world, "reading");
        await world.SendAsync();

        await ClearAsync(world, "reading");
        await ClearAsync(world, "reading");
        await RaiseAsync(world, "reading");

        var alerts = await world.Test.ReadAsync(db => db.Alerts.ToListAsync());
        Assert.Equal([AlertStatus.Closed, AlertStatus.Open], alerts.Select(a => a.Status).OrderDescending());
        Assert.Equal(1, await world.Test.ReadAsync(db => db.Pages.CountAsync(p => p.State == PageState.Superseded)));
    }

    [Fact]
    public async Task RaisedTwiceInOneTransaction_IsOneAlert()
    {
        await using var world = await PagerWorld.StartAsync();

        await world.Test.Store.WriteAsync(
            async db =>
            {
                await RaiseAsync(world, db, "writing");
                await RaiseAsync(world, db, "writing");
            },
            default);

        Assert.Equal(2, Assert.Single(await world.Test.ReadAsync(db => db.Alerts.ToListAsync())).Count);
    }

    [Fact]
    public async Task Reopen_WhileTheCauseIsOpenAgain_AnswersTheOpenOne()
    {
        await using var world = await PagerWorld.StartAsync();
        await RaiseAsync(world, "reading");
        var first = await world.Test.ReadAsync(db => db.Alerts.SingleAsync());
        await ClearAsync(world, "reading");
        await RaiseAsync(world, "reading");

        var result = await world.Test.Get<ReopenAlert>().RunAsync(first.Id, world.Mia, default);

        Assert.False(result.Value.Changed);
        Assert.NotEqual(first.Id, result.Value.Alert.Id);
    }

    private static Task RaiseAsync(PagerWorld world, string cause) => world.Test.Store.WriteAsync(db => RaiseAsync(world, db, cause), default);

    private static Task RaiseAsync(PagerWorld world, HubDb db, string cause) =>
        world.Test.Get<HubAlerts>().RaiseAsync(db, world.Connection.Id, cause, "Nothing can be read", "Timeout", world.Test.Time.GetUtcNow(), default);

    private static Task ClearAsync(PagerWorld world, string cause) =>
        world.Test.Store.WriteAsync(
            db => world.Test.Get<HubAlerts>().ClearAsync(db, world.Connection.Id, cause, "Reading works again.", world.Test.Time.GetUtcNow(), default), default);
}
