using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class AlertActionTests
{
    [Fact]
    public async Task Acknowledge_OpenAlert_RecordsWhoAndWakesTheTicket()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        world.Test.Time.Advance(TimeSpan.FromSeconds(3));

        var result = await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);

        var stored = await world.ReloadAsync(alert);
        Assert.True(result.Value.Changed);
        Assert.Equal((AlertStatus.Acknowledged, AlertStatus.Open, 1), (stored.Status, stored.Previous, stored.Transition));
        Assert.Equal((TransitionOrigin.Person, world.Mia.Id, world.Mia.Email), (stored.Origin, stored.ActorId, stored.ActorEmail));
        Assert.Equal(world.Test.Time.GetUtcNow(), stored.ChangedAt);
        var wake = await world.Test.ReadAsync(db => db.Wakes.SingleAsync());
        Assert.Equal((world.Link.ConnectionId, "ticket", "1001"), (wake.ConnectionId, wake.Type, wake.RemoteId));
        Assert.Equal(["paged", "acknowledged"], await world.TimelineAsync(alert));
    }

    [Fact]
    public async Task Acknowledge_Twice_ChangesNothingTheSecondTime()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        var before = await world.ReloadAsync(alert);

        var again = await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);

        Assert.False(again.Value.Changed);
        Assert.Equivalent(before, await world.ReloadAsync(alert));
    }

    [Fact]
    public async Task ClosedAlert_AcknowledgedOrUnacknowledged_IsAConflict()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.Test.Get<CloseAlert>().RunAsync(alert.Id, world.Mia, default);

        var acknowledged = await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        var unacknowledged = await world.Test.Get<UnacknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        var closedAgain = await world.Test.Get<CloseAlert>().RunAsync(alert.Id, world.Mia, default);

        Assert.Equal(new AlertAlreadyClosed(alert.Id), acknowledged.Failure);
        Assert.Equal(new ClosedAlertNotAcknowledged(alert.Id), unacknowledged.Failure);
        Assert.False(closedAgain.Value.Changed);
        Assert.Equal(1, (await world.ReloadAsync(alert)).Transition);
    }

    [Fact]
    public async Task Unacknowledge_And_Reopen_BeginNewEpisodesThatPage()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();

        await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        await world.Test.Get<UnacknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        await world.SendAsync();
        await world.Test.Get<CloseAlert>().RunAsync(alert.Id, world.Mia, default);
        await world.Test.Get<ReopenAlert>().RunAsync(alert.Id, world.Mia, default);
        await world.SendAsync();

        var pages = await world.PagesAsync(alert);
        Assert.Equal(PageState.Superseded, Assert.Single(pages, p => p.Episode == 1).State);
        Assert.Equal([PageState.Accepted, PageState.Superseded], pages.Where(p => p.Episode == 2).Select(p => p.State));
        Assert.Equal([PageState.Accepted, PageState.Pending], pages.Where(p => p.Episode == 3).Select(p => p.State));
        Assert.Equal(2, world.Sink.Arrivals.Count);
    }

    [Theory]
    [InlineData(AlertStatus.Open)]
    [InlineData(AlertStatus.Acknowledged)]
    public async Task Reopen_AlertNotClosed_HoldsAlready(AlertStatus status)
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = Build.Alert(world.Connection, world.Link, status);
        await world.Test.AddAsync(alert);

        var result = await world.Test.Get<ReopenAlert>().RunAsync(alert.Id, world.Mia, default);

        Assert.False(result.Value.Changed);
        Assert.Equal(status, (await world.ReloadAsync(alert)).Status);
    }

    [Fact]
    public async Task Action_OnAFollowedAlert_ChangesNothingAndAnswersTheCurrentOne()
    {
        await using var world = await PagerWorld.StartAsync();
        var old = Build.Alert(world.Connection, world.Link, AlertStatus.Closed);
        world.Link.Generation = 2;
        var current = Build.Alert(world.Connection, world.Link);
        await world.Test.AddAsync(old, current);

        var result = await world.Test.Get<ReopenAlert>().RunAsync(old.Id, world.Mia, default);
        var note = await world.Test.Get<AddAlertNote>().RunAsync(old.Id, world.Mia, "text", null, default);

        Assert.Equal((current.Id, false), (result.Value.Alert.Id, result.Value.Changed));
        Assert.Equal(AlertStatus.Closed, (await world.ReloadAsync(old)).Status);
        Assert.Equal(new AlertFollowed(old.Id, current.Id), note.Failure);
    }

    [Fact]
    public async Task Viewer_MayDoNothing()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        var viewer = Build.Person("Vic", PersonRole.Viewer);

        var acknowledged = await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, viewer, default);
        var note = await world.Test.Get<AddAlertNote>().RunAsync(alert.Id, viewer, "hello", null, default);

        Assert.IsType<ViewersOnlyLook>(acknowledged.Failure);
        Assert.IsType<ViewersOnlyLook>(note.Failure);
        Assert.Equal(AlertStatus.Open, (await world.ReloadAsync(alert)).Status);
    }

    [Fact]
    public async Task Action_CrashBeforeCommit_LeavesEverythingAsItWas()
    {
        var dies = new DiesAt("action.before-commit");
        await using var world = await PagerWorld.StartAsync(more: dies.Replace);
        var alert = await world.RaiseAsync();

        await Assert.ThrowsAsync<ProcessDiedException>(() => world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default));

        Assert.Equal(AlertStatus.Open, (await world.ReloadAsync(alert)).Status);
        Assert.Equal(PageState.Pending, Assert.Single(await world.PagesAsync(alert)).State);
        Assert.Equal(["paged"], await world.TimelineAsync(alert));
    }

    [Fact]
    public async Task EndEpisode_PageInTheSameTransaction_IsSuperseded()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = Build.Alert(world.Connection, world.Link);
        var planner = world.Test.Get<PagePlanner>();

        await world.Test.Store.WriteAsync(
            async db =>
            {
                db.Alerts.Add(alert);
                await planner.BeginEpisodeAsync(db, alert, world.Test.Time.GetUtcNow(), default);
                await planner.EndEpisodeAsync(db, alert, "The ticket was closed.", default);
            },
            default);

        Assert.Equal(PageState.Superseded, Assert.Single(await world.PagesAsync(alert)).State);
    }
}
