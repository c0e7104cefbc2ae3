using Deskbridge.Access;
using Deskbridge.Cli;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Deskbridge.Tests;

/// <summary>Coming to PostgreSQL, and not getting in.</summary>
public sealed class PostgresStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-pg-start-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("postgres://hub:secret@127.0.0.1:9/deskbridge", "cannot be reached")]
    [InlineData("postgres://hub:secret@no-such-host.invalid/deskbridge", "host")]
    [InlineData("postgress://hub:secret@127.0.0.1/deskbridge", "postgress://")]
    [InlineData("/no/such/folder/hub.db", "does not exist")]
    public async Task Address_ThatLeadsNowhere_IsRefusedInWords_WithoutThePassword(string address, string says)
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(address));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandLine_AnswersThree_ForADatabaseThatIsNotThere() =>
        Assert.Equal(ExitCodes.CannotStart, await CommandLine.RunAsync(["serve", "--data", _folder.FullName, "--port", "0", "--database", "postgres://hub@127.0.0.1:9/deskbridge"]));

    [Fact]
    public async Task Server_ThatSaysNo_IsQuoted_WithTheFix()
    {
        await using var database = await TestDatabase.PostgresAsync();
        await database.ChangeAsync("DROP ROLE IF EXISTS locked");
        await database.ChangeAsync("CREATE ROLE locked LOGIN PASSWORD 'right'");
        string With(Action<NpgsqlConnectionStringBuilder> change)
        {
            var settings = new NpgsqlConnectionStringBuilder(database.Address) { Pooling = false };
            change(settings);
            return settings.ConnectionString;
        }

        async Task<string> RefusalAsync(string address) => (await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(address))).Message;

        Assert.Contains("user name or password is wrong", await RefusalAsync(With(s => (s.Username, s.Password) = ("locked", "wr0ng"))), StringComparison.Ordinal);
        Assert.Contains("CREATE DATABASE", await RefusalAsync(With(s => s.Database = "nowhere")), StringComparison.Ordinal);
        Assert.Contains("nobody_here", await RefusalAsync(With(s => s.Username = "nobody_here")), StringComparison.Ordinal);
        Assert.Contains("GRANT", await RefusalAsync(With(s => (s.Username, s.Password) = ("locked", "right"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_NotInUtf8_IsRefused()
    {
        await using var database = await TestDatabase.PostgresAsync();
        await database.ChangeAsync("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
        var settings = new NpgsqlConnectionStringBuilder(database.Address) { Database = "latin", Pooling = false };

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(settings.ConnectionString));

        Assert.Contains("UTF8", refused.Message, StringComparison.Ordinal);
        await database.ChangeAsync("DROP DATABASE latin WITH (FORCE)");
    }

    [Fact]
    public async Task SecondHub_WithTheKey_ReadsSecretsAndSessionsOfTheFirst_AndWithoutItIsRefused()
    {
        await using var database = await TestDatabase.PostgresAsync();
        string one = Path.Combine(_folder.FullName, "one"), two = Path.Combine(_folder.FullName, "two"), three = Path.Combine(_folder.FullName, "three");
        string sealedText;
        await using (var first = await StartAsync(database.Address!, one)) sealedText = first.Services.GetRequiredService<ISecretProtector>().Protect("psa-key");

        var missing = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(database.Address!, two));
        Assert.Contains("master.key", missing.Message, StringComparison.Ordinal);
        Assert.Contains(MasterKey.FileVariable, missing.Message, StringComparison.Ordinal);

        System.IO.Directory.CreateDirectory(three);
        await File.WriteAllTextAsync(Path.Combine(three, "master.key"), Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        var wrong = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(database.Address!, three));
        Assert.Contains("not the one", wrong.Message, StringComparison.Ordinal);

        File.Copy(Path.Combine(one, "master.key"), Path.Combine(two, "master.key"));
        await using (var second = await StartAsync(database.Address!, two)) Assert.Equal("psa-key", second.Services.GetRequiredService<ISecretProtector>().Unprotect(sealedText));

        await using (var afresh = await Hub.StartAsync(new HubOptions { Data = three, Database = database.Address, Port = 0, LostKey = true }, default))
        {
            var protector = afresh.Services.GetRequiredService<ISecretProtector>();
            Assert.Throws<InvalidOperationException>(() => protector.Unprotect(sealedText));
            Assert.Equal("new", protector.Unprotect(protector.Protect("new")));
        }
    }

    [Fact]
    public async Task KeysInTheDatabase_AreEncrypted()
    {
        await using var database = await TestDatabase.PostgresAsync();
        await using var hub = await StartAsync(database.Address!);
        await using var db = await hub.Services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

        var key = Assert.Single(await db.Keys.ToListAsync(TestContext.Current.CancellationToken));

        Assert.Contains("sealedByMasterKey", key.Xml, StringComparison.Ordinal);
        Assert.DoesNotContain("<value>", key.Xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HubsStartedAtOnceOnAnEmptyDatabase_MigrateItOnce()
    {
        await using var database = await TestDatabase.PostgresAsync();
        string one = Path.Combine(_folder.FullName, "one"), two = Path.Combine(_folder.FullName, "two");
        foreach (var data in (string[])[one, two])
        {
            System.IO.Directory.CreateDirectory(data);
            await File.WriteAllTextAsync(Path.Combine(data, "master.key"), Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        }

        var hubs = await Task.WhenAll(StartAsync(database.Address!, one), StartAsync(database.Address!, two));

        await using var db = await hubs[0].Services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await db.Keys.CountAsync(TestContext.Current.CancellationToken));
        foreach (var hub in hubs) await hub.DisposeAsync();
    }

    [Fact]
    public async Task EveryTextColumn_IsComparedByItsBytes()
    {
        await using var database = await TestDatabase.PostgresAsync();
        await using var hub = await StartAsync(database.Address!);
        await using var db = await hub.Services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

        var others = await db.Database.SqlQueryRaw<string>(
            "SELECT table_name || '.' || column_name AS \"Value\" FROM information_schema.columns WHERE table_schema = 'public' AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C' AND table_name NOT LIKE 'qrtz%'").ToListAsync(TestContext.Current.CancellationToken);

        Assert.Empty(others);
    }

    private Task<Hub> StartAsync(string address, string? data = null) =>
        Hub.StartAsync(new HubOptions { Data = data ?? _folder.FullName, Database = address, Port = 0 }, default);
}
