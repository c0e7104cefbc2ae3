using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>How far the remote's clock is off is learned from every answer, and kept with every poll.</summary>
public sealed class ClockStory
{
    [Fact]
    public async Task ClockOfTheRemote_ThatIsSetAndSetBack_IsFollowedByEachPoll()
    {
        await using var world = await StartAsync();

        foreach (var minutes in new[] { 7, -4, 0 })
        {
            await world.ControlAsync(HttpMethod.Put, "switches", new { clockSkewSeconds = minutes * 60 });
            await world.PollAsync();

            var offset = await world.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.Where(health => health.ConnectionId == world.ConnectionId).Select(health => health.ClockOffsetMs).SingleAsync(), default);
            Assert.InRange(TimeSpan.FromMilliseconds(offset), TimeSpan.FromMinutes(minutes - 1), TimeSpan.FromMinutes(minutes + 1));
        }
    }
}
