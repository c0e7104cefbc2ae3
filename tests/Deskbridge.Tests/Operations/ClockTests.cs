using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Deskbridge.Tests.Stories;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Tests.Operations;

public sealed class ClockTests
{
    [Theory]
    [InlineData(-60)]
    [InlineData(24 * 60)]
    public async Task ClockThatIsSet_StopsNeitherReadingNorPaging(int minutes)
    {
        var clock = new SettableClock();
        await using var world = await StoryWorld.StartAsync(options => options with
        {
            Clock = clock,
            Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "00:00:02" },
        });
        await world.PostTicketAsync("Before the jump");
        await StoryWorld.EventuallyAsync("the first page", async () => (await world.PagesAsync()).Count == 1);

        clock.Set(TimeSpan.FromMinutes(minutes));
        var jumped = clock.GetUtcNow();

        await StoryWorld.EventuallyAsync("polls go on", async () =>
        {
            var read = await world.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.Select(health => health.LastReadAt).SingleAsync(), default);
            return read > jumped + TimeSpan.FromSeconds(4) && read <= clock.GetUtcNow();
        });
        var later = await world.PostTicketAsync("After the jump");
        await StoryWorld.EventuallyAsync("the second page", async () => (await world.PagesAsync()).Any(page => page["title"]!.ToString().Contains("After the jump")));
        await StoryWorld.EventuallyAsync("the ticket is marked", async () => await world.FieldAsync(later, "Signl4Retrieved_c") == "true");
        var repeats = await world.Get<HubStore>().ReadAsync(db => db.Pages.Where(page => page.Repeat == 2).ToListAsync(), default);
        var stays = TestDatabase.OnPostgres ? TimeSpan.FromMinutes(Math.Max(0, -minutes)) : TimeSpan.Zero; // where the clocks of other nodes count as well, nothing is moved
        Assert.All(repeats, page => Assert.True(page.DueAt < clock.GetUtcNow() + stays + TimeSpan.FromMinutes(20), $"A repeat waits until {page.DueAt:u}."));
        Assert.Equal(1, (await world.PagesAsync()).Count(page => page["title"]!.ToString().Contains("After the jump")));
    }

    private sealed class SettableClock : TimeProvider
    {
        private long _offset;

        public void Set(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));
    }
}
