using Deskbridge.Core.Connections;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class HealthNoticesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void StrangeMarker_IsToldForADay()
    {
        var health = new ConnectionHealth { ConnectionId = Guid.CreateVersion7(), MarkersMovedAt = Now, MarkersMoved = "Ticket 7: its marker went from empty to \"Resolved\"." };

        Assert.Equal("Markers", Assert.Single(HealthNotices.Of(health, Now.AddHours(23))).About);
        Assert.Empty(HealthNotices.Of(health, Now.AddHours(24)));
    }

    [Fact]
    public void SubscriptionFoundOff_IsToldForADay()
    {
        var health = new ConnectionHealth { ConnectionId = Guid.CreateVersion7(), CallbacksFoundOffAt = Now };

        Assert.Contains("switched a subscription off", Assert.Single(HealthNotices.Of(health, Now.AddHours(23))).Message, StringComparison.Ordinal);
        Assert.Empty(HealthNotices.Of(health, Now.AddHours(24)));
    }

    [Fact]
    public void PolledChanges_WithoutCallback_CountOnlyWhereOneWasDue()
    {
        var health = new ConnectionHealth { ConnectionId = Guid.CreateVersion7() };
        Assert.False(Keeps(health, Now)); // the remote has no address to call

        CallbackWatch.Subscribed(health, has: true, changed: true, Now);
        Assert.False(CallbackWatch.Found(health, 5, Now.AddMinutes(1))); // changed before there was a subscription
        Assert.Equal(0, health.Untold);
        Assert.True(Keeps(health, Now.AddMinutes(10)));
        Assert.Equal("Callbacks", Assert.Single(HealthNotices.Of(health, Now)).About);

        CallbackWatch.Subscribed(health, has: false, changed: false, Now.AddMinutes(20));
        Assert.Empty(HealthNotices.Of(health, Now));
    }

    [Fact]
    public void PolledChanges_ThatACallbackFollows_AreNothing()
    {
        var health = new ConnectionHealth { ConnectionId = Guid.CreateVersion7() };
        CallbackWatch.Subscribed(health, has: true, changed: true, Now.AddDays(-1));

        for (var minute = 0; minute < 60; minute++)
        {
            Assert.False(CallbackWatch.Found(health, 2, Now.AddMinutes(minute)));
            health.Called(Now.AddMinutes(minute).AddSeconds(3));
        }

        Assert.Equal((0, null), (health.Untold, health.CallbacksSilentSince));
    }

    [Fact]
    public void PolledChanges_JustAfterACallback_OrFromBeforeTheSubscriptionWasMended_AreNotHeldAgainstIt()
    {
        var health = new ConnectionHealth { ConnectionId = Guid.CreateVersion7() };
        CallbackWatch.Subscribed(health, has: true, changed: true, Now.AddDays(-1));
        CallbackWatch.Subscribed(health, has: true, changed: false, Now.AddHours(-1));
        Assert.Equal(Now.AddDays(-1), health.CallbacksDueSince); // in order is no new beginning
        health.Called(Now);

        Assert.False(CallbackWatch.Found(health, 5, Now.AddSeconds(5)));
        Assert.False(CallbackWatch.Found(health, 1, Now.AddMinutes(5)));
        Assert.Equal(1, health.Untold);

        CallbackWatch.Found(health, 1, Now.AddMinutes(6));
        CallbackWatch.Subscribed(health, has: true, changed: true, Now.AddMinutes(7));
        Assert.False(CallbackWatch.Found(health, 1, Now.AddMinutes(10)));
        Assert.Equal(1, health.Untold);
    }

    private static bool Keeps(ConnectionHealth health, DateTimeOffset from) =>
        CallbackWatch.Found(health, 1, from) | CallbackWatch.Found(health, 1, from.AddMinutes(1)) | CallbackWatch.Found(health, 1, from.AddMinutes(3));
}
