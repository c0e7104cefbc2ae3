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

    private static bool Keeps(ConnectionHealth health, DateTimeOffset from) =>
        CallbackWatch.Found(health, 1, from) | CallbackWatch.Found(health, 1, from.AddMinutes(1)) | CallbackWatch.Found(health, 1, from.AddMinutes(3));
}
