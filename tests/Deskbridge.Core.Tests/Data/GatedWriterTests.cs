using System.Data.Common;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Core.Tests.Data;

public sealed class GatedWriterTests
{
    [Fact]
    public async Task Writes_ThatWaitForOneAtWork_AreCommittedTogether()
    {
        var commits = new CommitCount();
        await using var store = await StoreAsync(commits);
        var (atWork, first) = await HoldAsync(store);

        var waiting = Enumerable.Range(1, 10).Select(i => AddAsync(store, $"team {i}")).ToList();
        atWork.SetResult();
        await Task.WhenAll([first, .. waiting]);

        Assert.Equal(2, commits.Count);
        Assert.Equal(11, await store.ReadAsync(db => db.Teams.CountAsync()));
    }

    [Fact]
    public async Task Write_ThatFailsAmongOthers_TakesBackOnlyItself()
    {
        await using var store = await StoreAsync();
        var (atWork, first) = await HoldAsync(store);

        var before = AddAsync(store, "before");
        var failing = store.Store.WriteAsync<int>(
            async db =>
            {
                db.Teams.Add(NewTeam("half done"));
                await db.SaveChangesAsync();
                db.Teams.Add(NewTeam("never saved"));
                throw new InvalidOperationException("no");
            },
            default);
        var refused = AddAsync(store, "before");
        var after = AddAsync(store, "after");
        atWork.SetResult();

        await Task.WhenAll(first, before, after);
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        await Assert.ThrowsAsync<DbUpdateException>(() => refused);
        Assert.Equal(["after", "before", "first"], await store.ReadAsync(db => db.Teams.OrderBy(t => t.Name).Select(t => t.Name).ToListAsync()));
    }

    [Fact]
    public async Task Writer_EndedWhileAWriteIsAtWork_LetsItEnd_AndRefusesTheNext()
    {
        await using var store = await StoreAsync();
        var (atWork, first) = await HoldAsync(store);

        var ending = ((IAsyncDisposable)store.Get<IHubWriter>()).DisposeAsync().AsTask();
        var next = AddAsync(store, "next");
        Assert.False(ending.IsCompleted);
        atWork.SetResult();

        await Task.WhenAll(first, ending);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
        Assert.Equal(["first"], await store.ReadAsync(db => db.Teams.Select(t => t.Name).ToListAsync()));
    }

    [Fact]
    public async Task Write_CancelledWhileItWaits_IsNotMade()
    {
        await using var store = await StoreAsync();
        var (atWork, first) = await HoldAsync(store);
        using var cancel = new CancellationTokenSource();

        var waiting = AddAsync(store, "too late", cancel.Token);
        await cancel.CancelAsync();
        atWork.SetResult();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, await store.ReadAsync(db => db.Teams.CountAsync()));
    }

    [Fact]
    public async Task Write_SeesWhatAnotherOfItsGroupWrote_AndRunsAsItsAsker()
    {
        await using var store = await StoreAsync();
        var (atWork, first) = await HoldAsync(store);
        var asker = new AsyncLocal<string> { Value = "me" };

        var one = AddAsync(store, "one");
        var two = store.Store.WriteAsync(async db => (await db.Teams.CountAsync(), asker.Value), default);
        asker.Value = "somebody else";
        atWork.SetResult();

        await Task.WhenAll(first, one);
        Assert.Equal((2, "me"), await two);
    }

    [Fact]
    public async Task Write_MadeByWhoeverWasAtWork_IsInTheAuditAsItsAskers()
    {
        await using var store = await StoreAsync();
        Actor.Set(Actor.CommandLine("first"));
        var (atWork, first) = await HoldAsync(store);
        Actor.Set(Actor.CommandLine("second"));
        var second = AddAsync(store, "second");
        atWork.SetResult();

        await Task.WhenAll(first, second);

        Assert.Equal(["first", "second"], await store.ReadAsync(db => db.Audit.OrderBy(row => row.Number).Select(row => row.Via).ToListAsync()));
    }

    [Fact]
    public async Task Write_OfARowSomebodyElseChanged_IsRefused()
    {
        await using var store = await StoreAsync();
        var alert = Build.Alert(Build.Connection());
        await store.AddAsync(alert);

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => store.Store.WriteAsync(
            async db =>
            {
                var row = await db.Alerts.SingleAsync();
                await db.Alerts.ExecuteUpdateAsync(set => set.SetProperty(a => a.Version, 7));
                row.Title = "mine";
            },
            default));

        Assert.Equal(alert.Title, (await store.ReadAsync(db => db.Alerts.SingleAsync())).Title);
    }

    /// <summary>After each failure the writer opens anew, and not on the file handle that it had: that one is in use by now.</summary>
    [Fact]
    public async Task Writes_AfterCommitsThatFailedAgainAndAgain_AreMade()
    {
        var commits = new CommitCount();
        await using var store = await StoreAsync(commits);
        await AddAsync(store, "before");

        commits.Fails = true;
        var readers = new List<SqliteConnection>();
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => AddAsync(store, "lost"));
            readers.Add(new SqliteConnection(store.Database.ConnectionString));
            await readers[i].OpenAsync(TestContext.Current.CancellationToken);
        }

        commits.Fails = false;
        await AddAsync(store, "after");
        foreach (var reader in readers) await reader.DisposeAsync();

        Assert.Equal(["after", "before"], await store.ReadAsync(db => db.Teams.OrderBy(t => t.Name).Select(t => t.Name).ToListAsync()));
    }

    [Fact]
    public async Task Write_ThatRemovesAndAddsOneUniqueValue_IsMade()
    {
        await using var store = await StoreAsync();
        await AddAsync(store, "night");

        await store.Store.WriteAsync(
            async db =>
            {
                db.Teams.Add(NewTeam("night"));
                db.Teams.Remove(await db.Teams.SingleAsync());
            },
            default);

        Assert.Equal("night", (await store.ReadAsync(db => db.Teams.SingleAsync())).Name);
    }

    /// <summary>A write that holds the gate until it is let go.</summary>
    private static async Task<(TaskCompletionSource Go, Task Write)> HoldAsync(TestStore store)
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var write = store.Store.WriteAsync(
            async db =>
            {
                begun.SetResult();
                await go.Task;
                db.Teams.Add(NewTeam("first"));
            },
            default);
        await begun.Task;
        return (go, write);
    }

    private static Task AddAsync(TestStore store, string name, CancellationToken cancel = default) =>
        store.Store.WriteAsync(
            db =>
            {
                db.Teams.Add(NewTeam(name));
                return Task.CompletedTask;
            },
            cancel);

    private static Team NewTeam(string name) => new() { Id = Guid.CreateVersion7(), Name = name };

    private static Task<TestStore> StoreAsync(CommitCount? commits = null) =>
        TestStore.CreateOnSqliteAsync(services =>
        {
            if (commits is not null) services.ConfigureDbContext<HubDb>(options => options.AddInterceptors(commits));
        });

    private sealed class CommitCount : DbTransactionInterceptor
    {
        public int Count { get; private set; }

        public bool Fails { get; set; }

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            Fails ? throw new IOException("full") : ValueTask.FromResult(result);

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Count++;
            return Task.CompletedTask;
        }
    }
}
