using System.Data.Common;
using System.Reflection;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Core.Tests.Data;

public sealed class KeptStatementsTests
{
    private readonly Executed _executed = new();

    [Fact]
    public async Task Query_OfOneWriteAfterAnother_RunsOnOneStatement_WithItsOwnValues()
    {
        await using var store = await StoreAsync();

        var night = await IdAsync(store, "night");
        var day = await IdAsync(store, "day");

        Assert.Equal(await store.ReadAsync(db => db.Teams.Where(t => t.Name == "night").Select(t => t.Id).SingleAsync()), night);
        Assert.NotEqual(night, day);
        Assert.Same(_executed.Commands[0], _executed.Commands[1]);
    }

    [Fact]
    public async Task Query_WhileItsStatementIsBeingRead_RunsOnAnother()
    {
        await using var store = await StoreAsync();

        var seen = await store.Store.WriteAsync(
            async db =>
            {
                var pairs = new List<string>();
                await foreach (var outer in db.Teams.OrderBy(t => t.Name).AsAsyncEnumerable())
                {
                    foreach (var inner in await db.Teams.OrderBy(t => t.Name).ToListAsync()) pairs.Add($"{outer.Name}/{inner.Name}");
                }

                return pairs;
            },
            default);

        Assert.Equal(["day/day", "day/night", "night/day", "night/night"], seen);
    }

    [Fact]
    public async Task Query_AfterAWriteThatFailed_SeesWhatIsThere()
    {
        await using var store = await StoreAsync();
        await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(store, "night"));

        await AddAsync(store, "weekend");

        Assert.NotEqual(Guid.Empty, await IdAsync(store, "weekend"));
    }

    [Fact]
    public async Task Connection_ThatStaysOpenForEver_RemembersNoMoreCommandsThanItKeeps()
    {
        await using var store = await StoreAsync();
        await IdAsync(store, "night");
        var connection = (SqliteConnection)_executed.Commands[0].Connection!;
        var before = RememberedBy(connection);

        for (var query = 0; query < 20; query++) await IdAsync(store, "night");

        Assert.Equal(before, RememberedBy(connection));
    }

    private static int RememberedBy(SqliteConnection connection) =>
        ((System.Collections.ICollection)typeof(SqliteConnection).GetField("_commands", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(connection)!).Count;

    private async Task<TestStore> StoreAsync()
    {
        var store = await TestStore.CreateOnSqliteAsync(services => services.ConfigureDbContext<HubDb>(options => options.AddInterceptors(_executed)));
        await AddAsync(store, "night");
        await AddAsync(store, "day");
        return store;
    }

    private static Task AddAsync(TestStore store, string name) => store.Store.WriteAsync(
        db =>
        {
            db.Teams.Add(new Team { Id = Guid.CreateVersion7(), Name = name });
            return Task.CompletedTask;
        },
        default);

    private static Task<Guid> IdAsync(TestStore store, string name) =>
        store.Store.WriteAsync(db => db.Teams.Where(t => t.Name == name).Select(t => t.Id).SingleAsync(), default);

    private sealed class Executed : DbCommandInterceptor
    {
        public List<DbCommand> Commands { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Commands.Add(command);
            return ValueTask.FromResult(result);
        }
    }
}
