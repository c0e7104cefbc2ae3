using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Xunit;

namespace Deskbridge.Core.Tests.Operations;

/// <summary>What piles up is taken away when it is old; what a rule may ask for again never is.</summary>
public sealed class RetentionTests
{
    private static readonly Connection Psa = Build.Connection();

    [Fact]
    public async Task Payloads_AreEmptiedAfterAMonth_TheirEventsAfterAYear()
    {
        await using var store = await StoreAsync();
        var now = store.Time.GetUtcNow();
        foreach (var days in (int[])[400, 370, 200, 31, 29]) await store.Store.WriteAsync(db => Task.FromResult(Log(db, now.AddDays(-days), days)), default);

        var removed = await store.Get<Retention>().RunAsync(default);

        var left = await store.ReadAsync(db => db.ConnectionEvents.OrderBy(e => e.At).Select(e => new { e.Message, e.Payload, e.Trace }).ToListAsync());
        Assert.Equal([("200", null), ("31", null), ("29", "body")], left.Select(e => (e.Message, e.Payload)));
        Assert.All(left, e => Assert.Equal("why", e.Trace));
        Assert.Equal((4, 2), (removed.Payloads, removed.Events));
        Assert.Equal(0, (await store.Get<Retention>().RunAsync(default)).All);
    }

    [Fact]
    public async Task DeliveryIds_AreKeptLongerThanTheirBodies_SoThatARepeatedOneIsKnown()
    {
        await using var store = await StoreAsync();
        var now = store.Time.GetUtcNow();
        await store.AddAsync([.. new[] { 91, 89, 29 }.Select(days => new InboxItem { ConnectionId = Psa.Id, DeliveryKey = $"{days}", Body = "{}", ReceivedAt = now.AddDays(-days) })]);

        await store.Get<Retention>().RunAsync(default);

        Assert.Equal([("29", "{}"), ("89", "")], (await store.ReadAsync(db => db.Inbox.OrderBy(i => i.DeliveryKey).ToListAsync())).Select(i => (i.DeliveryKey, i.Body)));
    }

    [Theory]
    [InlineData(EffectState.Confirmed, 0)]
    [InlineData(EffectState.Rejected, 0)]
    [InlineData(EffectState.Pending, 1)]
    [InlineData(EffectState.Sent, 1)]
    [InlineData(EffectState.Retry, 1)]
    public async Task TriesOfWrites_GoWhenTheWriteIsSettled_AndTheWriteStays(EffectState state, int tries)
    {
        await using var store = await StoreAsync();
        var longAgo = store.Time.GetUtcNow().AddDays(-300);
        var effect = new Effect
        {
            Id = Guid.CreateVersion7(),
            LinkId = Guid.CreateVersion7(),
            ConnectionId = Psa.Id,
            RemoteId = "1",
            Seq = 1,
            Kind = EffectKind.Note,
            IdemKey = "k",
            Payload = "{}",
            State = state,
            NotBefore = longAgo,
            CreatedAt = longAgo,
            SettledAt = tries == 0 ? longAgo : null,
        };
        await store.AddAsync(effect, new EffectAttempt { EffectId = effect.Id, Number = 1, At = longAgo, Action = "send", Outcome = "ok", Milliseconds = 1 });

        await store.Get<Retention>().RunAsync(default);

        Assert.Equal((1, tries), await store.ReadAsync(async db => (await db.Effects.CountAsync(), await db.EffectAttempts.CountAsync())));
    }

    [Theory]
    [InlineData(PageState.Accepted, 0)]
    [InlineData(PageState.Pending, 1)]
    [InlineData(PageState.Sending, 1)]
    public async Task TriesOfPages_GoWhenThePageIsDone_AndThePageStays(PageState state, int tries)
    {
        await using var store = await StoreAsync();
        var longAgo = store.Time.GetUtcNow().AddDays(-300);
        var page = new Page
        {
            Id = Guid.CreateVersion7(),
            AlertId = Guid.CreateVersion7(),
            Episode = 1,
            Repeat = 1,
            PersonId = Guid.CreateVersion7(),
            ChannelId = Guid.CreateVersion7(),
            State = state,
            DueAt = longAgo,
            RoundAt = longAgo,
            CreatedAt = longAgo,
        };
        await store.AddAsync(page, new PageAttempt { PageId = page.Id, Number = 1, At = longAgo, Outcome = "accepted" });

        await store.Get<Retention>().RunAsync(default);

        Assert.Equal((1, tries), await store.ReadAsync(async db => (await db.Pages.CountAsync(), await db.PageAttempts.CountAsync())));
    }

    [Fact]
    public async Task UnusedTickets_AreForgotten_ButNoneThatIsLinkedMissingOrWaiting()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var now = hub.Store.Time.GetUtcNow();
        await hub.Store.AddAsync(
            MirrorOf("unused", now.AddDays(-500), id), MirrorOf("linked", now.AddDays(-500), id), MirrorOf("waiting", now.AddDays(-500), id), MirrorOf("young", now.AddDays(-399), id),
            MirrorOf("missing", now.AddDays(-500), id, missing: now.AddDays(-1)), MirrorOf("of a connection whose rules are not known", now.AddDays(-500), Guid.CreateVersion7()),
            new Link { Id = Guid.CreateVersion7(), ConnectionId = id, Type = RecordTypes.Ticket, RemoteId = "linked", TicketId = Guid.CreateVersion7(), Base = "{}" },
            new Wake { ConnectionId = id, Type = RecordTypes.Ticket, RemoteId = "waiting", Version = 1, DueAt = now, Reasons = "poll" });

        var removed = await new Retention(hub.Store.Store, hub.Store.Get<ConnectorPool>(), Options.Create(new RetentionOptions()), hub.Store.Time).RunAsync(default);

        Assert.Equal(1, removed.UnusedTickets);
        Assert.DoesNotContain("unused", await hub.Store.ReadAsync(db => db.Mirrors.Select(mirror => mirror.RemoteId).ToListAsync()));
    }

    [Fact]
    public async Task Tables_AreCounted_WithTheirSizes()
    {
        await using var store = await StoreAsync();
        await store.AddAsync([.. Enumerable.Range(0, 20).Select(i => MirrorOf($"{i}", store.Time.GetUtcNow(), Psa.Id, body: new string('x', 10_000)))]);
        if (TestDatabase.OnPostgres) await store.ReadAsync(db => db.Database.ExecuteSqlRawAsync("ANALYZE"));

        var count = await store.Get<TableSizes>().CountAsync(default);

        var mirrors = count.Tables.Single(table => table.Name == "mirrors");
        Assert.Same(count, store.Get<TableSizes>().Look());
        Assert.Equal(count.Tables.OrderByDescending(table => table.Bytes), count.Tables);
        Assert.Contains(count.Tables, table => table.Name == "alerts");
        if (TestDatabase.OnPostgres) Assert.True(mirrors.Bytes > 0);
        else Assert.Equal((20L, true), (mirrors.Rows, mirrors.Bytes is > 200_000 and < 210_000));
    }

    private static async Task<TestStore> StoreAsync()
    {
        var store = await TestStore.CreateAsync(services =>
        {
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
            services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
            services.AddHubConnections().AddSync().AddAlerting().AddTicketAlerts().AddRetention();
        });
        await store.AddAsync(new Connection
        {
            Id = Psa.Id,
            Kind = "none",
            Name = "PSA",
            State = ConnectionState.Draft,
            Options = "{}",
            InstanceKey = "i",
            CallbackToken = "t",
            CreatedAt = store.Time.GetUtcNow(),
        });
        return store;
    }

    private static bool Log(Deskbridge.Core.Data.HubDb db, DateTimeOffset at, int days)
    {
        db.LogConnectionEvent(Psa.Id, "callback", "1", $"{days}", "body", "why", at);
        return true;
    }

    private static Mirror MirrorOf(string id, DateTimeOffset updated, Guid connection, DateTimeOffset? missing = null, string body = "{}") => new()
    {
        ConnectionId = connection,
        Type = RecordTypes.Ticket,
        RemoteId = id,
        Body = body,
        Hash = "h",
        RemoteUpdatedAt = updated,
        ReadAt = updated,
        MissingSince = missing,
    };
}
