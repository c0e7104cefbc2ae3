using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Operations;

public sealed class ClockWatchTests
{
    [Fact]
    public async Task ClockSetBack_PullsInWhatLiesAhead_ButOnADatabaseOfSeveralClocks_AndLeavesWhatIsDue()
    {
        await using var store = await TestStore.CreateAsync();
        var now = store.Time.GetUtcNow(); // the clock was an hour further until a moment ago
        var hour = TimeSpan.FromHours(1);
        Page ahead = PageOf(now + hour + TimeSpan.FromMinutes(5)), due = PageOf(now - TimeSpan.FromMinutes(1));
        var wake = new Wake { ConnectionId = Guid.CreateVersion7(), Type = RecordTypes.Ticket, RemoteId = "1", Version = 1, DueAt = now + hour, Reasons = "poll", LeaseUntil = now + hour + TimeSpan.FromMinutes(1) };
        await store.AddAsync(ahead, due, wake);

        await store.Store.WriteAsync(db => ClockWatch.PullInAsync(db, hour, now, default), default);

        var pages = await store.ReadAsync(db => db.Pages.ToDictionaryAsync(page => page.Id, page => page.DueAt));
        var stays = TestDatabase.OnPostgres ? hour : TimeSpan.Zero; // other nodes may have planned it by clocks that are right
        Assert.Equal(now + stays + TimeSpan.FromMinutes(5), pages[ahead.Id]);
        Assert.Equal(due.DueAt, pages[due.Id]);
        var moved = await store.ReadAsync(db => db.Wakes.SingleAsync());
        Assert.Equal((now + stays, now + stays + TimeSpan.FromMinutes(1)), (moved.DueAt, moved.LeaseUntil));
    }

    private static Page PageOf(DateTimeOffset due) => new()
    {
        Id = Guid.CreateVersion7(),
        AlertId = Guid.CreateVersion7(),
        Episode = 1,
        Repeat = 2,
        PersonId = Guid.CreateVersion7(),
        ChannelId = Guid.CreateVersion7(),
        DueAt = due,
        RoundAt = due,
        CreatedAt = due,
    };
}
