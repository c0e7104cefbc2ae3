using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Core.Tests.Data;

public sealed class MigrationTests
{
    [Fact]
    public async Task EmptyDatabase_Migrated_HasEveryColumnOfTheModel()
    {
        await using var store = await TestStore.CreateAsync();
        await using var db = await store.Get<IDbContextFactory<HubDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

        foreach (var entity in db.Model.GetEntityTypes())
        {
            var columns = string.Join(", ", entity.GetProperties().Select(p => $"\"{p.GetColumnName()}\""));
            var query = "select " + columns + " from \"" + entity.GetTableName() + "\"";
            await db.Database.ExecuteSqlRawAsync(query, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task EveryColumn_HasTheTypeAndTheNullabilityOfTheModel()
    {
        await using var store = await TestStore.CreateAsync();
        await using var db = await store.Get<IDbContextFactory<HubDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var there = await TestDatabase.ColumnsAsync(db);

        var wanted = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties().Select(property =>
            $"{entity.GetTableName()}.{property.GetColumnName()} {property.GetColumnType().ToLowerInvariant()}{(property.IsNullable ? "" : " not null")}"));

        Assert.Equal(wanted.Order(StringComparer.Ordinal), there);
    }

    [Fact]
    public async Task HubKilledWhileItMigrated_NextOneFinishes()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-migrate-");
        await using (var database = await TestDatabase.EmptyAsync(folder.FullName))
        {
            await using var services = new ServiceCollection().AddHubData(database.Database).BuildServiceProvider();
            await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
            var half = db.Database.GetMigrations().ElementAt(2)[15..]; // EF's name of a migration is what follows its 15th character
            if (!TestDatabase.OnPostgres) await File.WriteAllBytesAsync(database.Database.File!, [], TestContext.Current.CancellationToken);
            await db.Database.MigrateAsync(half, TestContext.Current.CancellationToken);
            if (!TestDatabase.OnPostgres) await database.ChangeAsync("CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)");
            if (!TestDatabase.OnPostgres) await database.ChangeAsync("INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-11-22 00:00:00')");

            await services.MigrateHubAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

            Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
        }

        folder.Delete(recursive: true);
    }

    /// <summary>Tickets opened their alerts again before that could be chosen, and still do.</summary>
    [Theory]
    [InlineData("""["TicketCloses","CloseUpdates"]""", """["TicketReopens","UnacknowledgeUpdates","TicketCloses","CloseUpdates"]""")]
    [InlineData("[]", """["TicketReopens","UnacknowledgeUpdates"]""")]
    public async Task ConnectionOfBeforeTheWayBack_KeepsItsWays(string flows, string kept) => Assert.Equal(
        $$"""{"Flows":{{kept}},"Other":["1"]}""",
        await ConnectionMigratedAsync("nrestored" /* as EF names 0111_unrestored */, "Options", $$"""{"Flows":{{flows}},"Other":["1"]}"""));

    [Theory]
    [InlineData("https://na.myconnectwise.net|acme", "acme")]
    [InlineData("https://webservices.autotask.net|hub@acme.example", "acme.example")]
    [InlineData("https://webservices.autotask.net|hub", "hub")]
    public async Task ConnectionOfBeforeTheAccounts_IsKnownByItsAccount(string before, string account) =>
        Assert.Equal(account, await ConnectionMigratedAsync("etails_again", "InstanceKey", before));

    /// <summary>What a migration makes of a connection's column.</summary>
    /// <param name="last">The migration before it.</param>
    /// <param name="column">The column.</param>
    /// <param name="value">What it held.</param>
    private static async Task<string> ConnectionMigratedAsync(string last, string column, string value)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-migrate-");
        string migrated;
        await using (var database = await TestDatabase.EmptyAsync(folder.FullName))
        {
            await using var services = new ServiceCollection().AddHubData(database.Database).BuildServiceProvider();
            await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
            if (!TestDatabase.OnPostgres) await File.WriteAllBytesAsync(database.Database.File!, [], TestContext.Current.CancellationToken);
            await db.Database.MigrateAsync(last, TestContext.Current.CancellationToken);
            var columns = (await TestDatabase.ColumnsAsync(db)).Where(known => known.StartsWith("connections.", StringComparison.Ordinal) && known.EndsWith(" not null", StringComparison.Ordinal))
                .Select(known => known["connections.".Length..].Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
            string Value(string known) => known == column ? $"'{value}'"
                : columns[known] switch { "uuid" or "blob" => "'00000000-0000-0000-0000-000000000001'", "text" => "'x'", "boolean" => "false", "timestamp" => "'2026-01-01T00:00:00Z'", _ => "0" };
            await database.ChangeAsync($"INSERT INTO connections ({string.Join(", ", columns.Keys.Select(known => $"\"{known}\""))}) VALUES ({string.Join(", ", columns.Keys.Select(Value))})");

            await services.MigrateHubAsync(TestContext.Current.CancellationToken);

            var question = $"SELECT \"{column}\" AS \"Value\" FROM connections";
            migrated = await db.Database.SqlQueryRaw<string>(question).SingleAsync(TestContext.Current.CancellationToken);
        }

        folder.Delete(recursive: true);
        return migrated;
    }

    [Fact]
    public async Task Connection_WrittenAndRead_KeepsEnumsAndInstants()
    {
        await using var store = await TestStore.CreateAsync();
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

        await store.AddAsync(
            new Team { Id = Guid.CreateVersion7(), Name = "Night" },
            new Connection { Id = Guid.CreateVersion7(), Kind = "k", Name = "n", Options = "{}", InstanceKey = "i", CallbackToken = "t", CreatedAt = at });

        var read = await store.ReadAsync(db => db.Connections.SingleAsync(c => c.CreatedAt <= at && c.State == ConnectionState.Draft));
        Assert.Equal(at, read.CreatedAt);
    }
}
