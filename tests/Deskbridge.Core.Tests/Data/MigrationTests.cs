using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Core.Tests.Data;

public sealed class MigrationTests
{
    [Fact]
    public async Task EmptyDatabase_Migrated_HasEveryColumnOfTheModel()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-migrate-");
        await using var services = new ServiceCollection().AddHubData(Path.Combine(folder.FullName, "hub.db")).BuildServiceProvider();

        await services.MigrateHubAsync(default);

        await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync();
        foreach (var entity in db.Model.GetEntityTypes())
        {
            var columns = string.Join(", ", entity.GetProperties().Select(p => $"\"{p.GetColumnName()}\""));
            var query = "select " + columns + " from \"" + entity.GetTableName() + "\"";
            await db.Database.ExecuteSqlRawAsync(query);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Connection_WrittenAndRead_KeepsEnumsAndInstants()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-data-");
        await using var services = new ServiceCollection().AddHubData(Path.Combine(folder.FullName, "hub.db")).BuildServiceProvider();
        await services.MigrateHubAsync(default);
        var store = services.GetRequiredService<HubStore>();
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

        await store.WriteAsync(
            db =>
            {
                db.Teams.Add(new Core.Alerting.Team { Id = Guid.CreateVersion7(), Name = "Night" });
                db.Connections.Add(new Core.Connections.Connection
                {
                    Id = Guid.CreateVersion7(),
                    Kind = "k",
                    Name = "n",
                    Options = "{}",
                    InstanceKey = "i",
                    CallbackToken = "t",
                    CreatedAt = at,
                });
                return Task.CompletedTask;
            },
            default);

        var read = await store.ReadAsync(db => db.Connections.SingleAsync(c => c.CreatedAt <= at && c.State == Core.Connections.ConnectionState.Draft), default);
        Assert.Equal(at, read.CreatedAt);
        folder.Delete(recursive: true);
    }
}
