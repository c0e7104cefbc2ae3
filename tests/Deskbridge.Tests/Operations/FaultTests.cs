using System.Data.Common;
using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Settings;
using Deskbridge.Tests.Stories;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Operations;

/// <summary>What happens to the ground the hub stands on: clear words, nothing half-written, and it goes on by itself.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-fault-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FullDisk_IsTold_AndNothingIsLost()
    {
        const string words = "disk under the database is full";
        var fault = new CommitFault();
        await using var world = await StoryWorld.StartAsync(options => options with { Services = services => services.ConfigureDbContext<HubDb>(db => db.AddInterceptors(fault)) });
        var before = await world.PostTicketAsync("Before the fault");
        await world.PollAsync();
        await StoryWorld.EventuallyAsync("the first page", async () => (await world.PagesAsync()).Count == 1);
        var alert = await world.AlertAsync(before);
        using var program = new Visitor(world.Hub.Address, "10.0.0.1");
        program.UseToken((await world.Get<ApiTokens>().CreateAsync(world.Dana.Id, "test", TokenScope.All, null, default)).Token);

        fault.Code = 13;
        using (var refused = await program.PostJsonAsync($"/api/v1/alerts/{alert.Id}/close", new { }))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains(words, (await Visitor.JsonAsync(refused))["detail"]!.ToString(), StringComparison.Ordinal);
        }

        await world.PostTicketAsync("During the fault");
        await StoryWorld.EventuallyAsync("it is not ready", async () => (await program.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        var health = await program.JsonAsync("/api/v1/health");
        Assert.Contains(health["problems"]!.AsArray(), problem => problem!["message"]!.ToString().Contains(words, StringComparison.Ordinal));
        Assert.NotEqual(AlertStatus.Closed, (await world.AlertAsync(before)).Status);
        Assert.Single(await world.PagesAsync());

        fault.Code = 0;
        await StoryWorld.EventuallyAsync("it is ready again", async () => (await program.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        await world.PollAsync();
        await StoryWorld.EventuallyAsync("the ticket of the bad time pages", async () => (await world.PagesAsync()).Count(page => page["title"]!.ToString().Contains("During the fault")) == 1);
        using var closed = await program.PostJsonAsync($"/api/v1/alerts/{alert.Id}/close", new { });
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
    }

    [Fact]
    public async Task Start_OnAFullDisk_IsRefusedInWords_AndWorksAfterwards()
    {
        var fault = new CommitFault { Code = 13 };
        Task<Hub> StartAsync() => Hub.StartAsync(new HubOptions { Data = _folder.FullName, Port = 0, Services = services => services.ConfigureDbContext<HubDb>(db => db.AddInterceptors(fault)) }, default);

        Assert.Contains("full", (await Assert.ThrowsAsync<StartRefusedException>(StartAsync)).Message, StringComparison.Ordinal);

        fault.Code = 0;
        await using var hub = await StartAsync();
        using var stranger = new Visitor(hub.Address, "10.0.0.1");
        Assert.Equal("ready", await stranger.ReadAsync("/health/ready"));
    }

    [Fact]
    public async Task Database_LockedByAnotherProgram_HoldsTheHubUp_AndNoLonger()
    {
        await using var world = await HubWorld.StartAsync(_folder);
        using var admin = await world.ProgramAsync(PersonRole.Admin);
        using var stranger = world.Stranger();
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "hub.db")};Pooling=False"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN IMMEDIATE";
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await StoryWorld.EventuallyAsync("it is not ready", async () => (await stranger.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
            Assert.Equal("live", await stranger.ReadAsync("/health/live"));
        }

        await StoryWorld.EventuallyAsync("it is ready again", async () => (await stranger.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostJsonAsync("/api/v1/tokens", new { name = "after" })).StatusCode);
    }

    [Fact]
    public async Task DatabaseFile_Removed_IsNoticed_ThoughItStillTakesWrites()
    {
        await using var world = await HubWorld.StartAsync(_folder);
        using var admin = await world.ProgramAsync(PersonRole.Admin);
        Assert.Equal("ready", await admin.ReadAsync("/health/ready"));

        File.Move(Path.Combine(_folder.FullName, "hub.db"), Path.Combine(_folder.FullName, "aside"));

        await StoryWorld.EventuallyAsync("it is not ready", async () => (await admin.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        File.Move(Path.Combine(_folder.FullName, "aside"), Path.Combine(_folder.FullName, "hub.db"));
    }

    [Fact]
    public async Task SecondHub_ByAnotherPathToTheSameFolder_IsRefused()
    {
        await using var first = await HubWorld.StartAsync(_folder);
        var link = _folder.FullName + "-link";
        System.IO.Directory.CreateSymbolicLink(link, _folder.FullName);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Hub.StartAsync(new HubOptions { Data = link, Port = 0 }, default));

        Assert.Contains("Another hub already runs", refused.Message, StringComparison.Ordinal);
        System.IO.Directory.Delete(link);
    }

    [Fact]
    public async Task WrongKeys_AreTold_SecretsStayWhereTheyAre_AndTheRightKeysMendIt()
    {
        var (keys, aside) = (Path.Combine(_folder.FullName, "keys"), Path.Combine(_folder.FullName, "right-keys"));
        await using (var world = await HubWorld.StartAsync(_folder))
        {
            var ann = StoryWorld.Value(await world.Get<CreateFirstAdministrator>().RunAsync(new PersonDraft("Ann", "ann@example.com"), default));
            StoryWorld.Value(await world.Get<CreateChannel>().RunAsync(ann.Id, ChannelKind.Ntfy, new ChannelDraft("Phone", "http://127.0.0.1:1/topic", "tk_secret"), ann, default));
            Assert.Null(await world.Get<SettingsStore>().ChangeAsync(new(null, "localhost:25", "hub@example.com", "hub", "secret"), default));
        }

        System.IO.Directory.Move(keys, aside);
        await using (var world = await HubWorld.StartAsync(_folder))
        {
            using var stranger = world.Stranger();
            Assert.Equal("ready", await stranger.ReadAsync("/health/ready"));
            var (channel, person) = await world.Get<HubStore>().ReadAsync(async db => (await db.Channels.SingleAsync(), await db.People.SingleAsync()), default);
            var tried = (await world.Get<TestMessages>().SendAsync(person, [channel], default)).Channels.Single();
            Assert.False(tried.Accepted);
            Assert.Contains("keys/", tried.Detail, StringComparison.Ordinal);
        }

        System.IO.Directory.Delete(keys, recursive: true);
        System.IO.Directory.Move(aside, keys);
        await using var mended = await HubWorld.StartAsync(_folder);
        var stored = await mended.Get<StoredSecrets>().ListAsync(default);
        Assert.Equal(2, stored.Count);
        Assert.All(stored, secret => Assert.NotEmpty(mended.Get<ISecretProtector>().Unprotect(secret.Sealed)));
    }

    [Fact]
    public async Task KillDuringTheFirstStart_LeavesAFolderThatStarts()
    {
        for (var pause = 0; pause <= 240; pause += 80)
        {
            await using var hub = HubProcess.Begin(_folder.FullName);
            await StoryWorld.EventuallyAsync("it makes the database", () => Task.FromResult(File.Exists(Path.Combine(_folder.FullName, "hub.db"))));
            await Task.Delay(pause, TestContext.Current.CancellationToken); // so that each kill meets another step of the migration
            await hub.KillAsync();
        }

        await using var world = await HubWorld.StartAsync(_folder);

        await using var db = await world.Get<IDbContextFactory<HubDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
        Assert.Equal("ok", (await db.Database.SqlQueryRaw<string>("SELECT integrity_check AS \"Value\" FROM pragma_integrity_check").ToListAsync(TestContext.Current.CancellationToken)).Single());
    }

    [Fact]
    public async Task LockOfAMigrationThatWasKilled_KeepsNobodyWaiting()
    {
        await using (await HubWorld.StartAsync(_folder))
        {
            // Only to make the database.
        }

        await using (var file = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "hub.db")};Pooling=False"))
        {
            await file.OpenAsync(TestContext.Current.CancellationToken);
            await using var leave = file.CreateCommand();
            leave.CommandText = """
                CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
                """;
            await leave.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var world = await HubWorld.StartAsync(_folder).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        using var stranger = world.Stranger();
        Assert.Equal("ready", await stranger.ReadAsync("/health/ready"));
    }

    [Fact]
    public async Task PortInUse_OfTheRealProgram_IsOneSentenceAndItsExitCode()
    {
        await using var hub = await HubProcess.StartAsync();

        var (exit, said) = await HubProcess.RunAsync("serve", "--data", _folder.FullName, "--port", hub.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(3, exit);
        Assert.Contains($"Port {hub.Address.Port} on 127.0.0.1 is in use", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    /// <summary>Fails commits as SQLite does, with its result code; 0 lets them pass.</summary>
    private sealed class CommitFault : DbTransactionInterceptor
    {
        public volatile int Code;

        public override InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
        {
            Strike();
            return result;
        }

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            Strike();
            return ValueTask.FromResult(result);
        }

        private void Strike()
        {
            if (Code != 0) throw new SqliteException("as the test wants it", Code);
        }
    }
}
