using System.Buffers.Text;
using Deskbridge.Access;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Cli;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Heartbeat;
using Deskbridge.Features.Settings;
using Deskbridge.Tests.Operations;
using Deskbridge.Tests.Stories;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Tests.Cli;

public sealed class RotateKeysTests : IDisposable
{
    private const string Magic = "CfDJ8"; // how every text that Data Protection encrypted begins
    private const string Secret = "hunter2-very-well-known";
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-keys-");

    private string Keys => Path.Combine(_folder.FullName, "keys");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task EverySecret_IsEncryptedWithTheNewKey_AndOpensWithoutTheOldOnes()
    {
        await PrepareAsync();
        var old = System.IO.Directory.GetFiles(Keys, "key-*.xml");

        Assert.Equal(ExitCodes.Done, await RotateKeysCommand.RunAsync(_folder.FullName, null, revokeOld: false, TextWriter.Null, default));

        await NothingIsLeftUnderAsync([.. old.Select(KeyOfFile)]);
        foreach (var file in old) File.Delete(file);
        await using var world = await HubWorld.StartAsync(_folder);
        var (stored, secrets) = await SealedAsync(world);
        Assert.Equal(5, stored.Count);
        Assert.Single(stored.Select(KeyOf).Distinct());
        Assert.All(secrets, clear => Assert.Contains(clear, new[] { Secret, "https://watch.example.com/" + Secret }));
    }

    [Fact]
    public async Task RevokedOldKeys_OpenNothingAnyMore_TheNewOneEverything()
    {
        string before;
        await using (var world = await HubWorld.StartAsync(_folder)) before = world.Get<ISecretProtector>().Protect(Secret);
        await PrepareAsync();

        Assert.Equal(ExitCodes.Done, await RotateKeysCommand.RunAsync(_folder.FullName, null, revokeOld: true, TextWriter.Null, default));

        await using var after = await HubWorld.StartAsync(_folder);
        Assert.Throws<InvalidOperationException>(() => after.Get<ISecretProtector>().Unprotect(before));
        Assert.NotEmpty((await SealedAsync(after)).Clear);
    }

    [Fact]
    public async Task RunningHub_IsNotRotatedUnder()
    {
        await using var world = await HubWorld.StartAsync(_folder);
        var keys = System.IO.Directory.GetFiles(Keys).Length;

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => RotateKeysCommand.RunAsync(_folder.FullName, null, revokeOld: true, TextWriter.Null, default));

        Assert.Contains("Stop it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(keys, System.IO.Directory.GetFiles(Keys).Length);
    }

    [Fact]
    public async Task LostSecret_IsNamed_AndNothingIsChanged()
    {
        await PrepareAsync();
        System.IO.Directory.Delete(Keys, recursive: true);
        await using (await HubWorld.StartAsync(_folder))
        {
            // It makes a key of its own, which opens none of the secrets.
        }

        Assert.Equal(ExitCodes.Failed, await RotateKeysCommand.RunAsync(_folder.FullName, null, revokeOld: true, TextWriter.Null, default));
        Assert.Single(System.IO.Directory.GetFiles(Keys));
    }

    private async Task PrepareAsync()
    {
        await using var world = await HubWorld.StartAsync(_folder);
        Assert.Null(await world.Get<SettingsStore>().ChangeAsync(new(null, "localhost:25", "hub@example.com", "hub", Secret), default));
        Assert.Null(await world.Get<HeartbeatSettings>().ChangeAsync(new("https://watch.example.com/" + Secret, null), default));
        var ann = StoryWorld.Value(await world.Get<CreateFirstAdministrator>().RunAsync(new PersonDraft("Ann", "ann@example.com"), default));
        StoryWorld.Value(await world.Get<CreateChannel>().RunAsync(ann.Id, ChannelKind.Ntfy, new ChannelDraft("Phone", "http://127.0.0.1:1/topic", Secret), ann, default));
        var row = new Core.Connections.Connection
        {
            Id = Guid.CreateVersion7(),
            Kind = "connectwise-psa",
            Name = "PSA",
            Options = "{}",
            InstanceKey = "i",
            CallbackToken = "t",
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Secrets = world.Get<ISecretProtector>().Protect(Secret),
        };
        await using (var access = await world.Get<IDbContextFactory<AccessDb>>().CreateDbContextAsync())
        {
            access.Authenticators.Add(new Authenticator { PersonId = ann.Id, Secret = world.Get<ISecretProtector>().Protect(Secret), LastStep = 0, Since = TimeProvider.System.GetUtcNow() });
            await access.SaveChangesAsync();
        }

        using var program = world.Stranger();
        program.UseToken((await world.Get<ApiTokens>().CreateAsync(ann.Id, "test", TokenScope.All, null, default)).Token);
        Assert.True((await program.PostJsonAsync("/api/v1/tokens", new { name = "remembered" }, "a-key")).IsSuccessStatusCode); // its answer is kept encrypted
        await world.Get<HubStore>().WriteAsync(
            db =>
            {
                db.Connections.Add(row);
                return Task.CompletedTask;
            },
            default);
    }

    private static async Task<(List<string> Stored, List<string> Clear)> SealedAsync(HubWorld world)
    {
        var stored = (await world.Get<StoredSecrets>().ListAsync(default)).ConvertAll(secret => secret.Sealed);
        return (stored, stored.ConvertAll(world.Get<ISecretProtector>().Unprotect));
    }

    /// <summary>Whatever column of whatever table: no text may need one of these keys any more. What is encrypted next year is found here too.</summary>
    private async Task NothingIsLeftUnderAsync(IReadOnlyCollection<Guid> keys)
    {
        await using var file = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "hub.db")};Mode=ReadOnly;Pooling=False");
        await file.OpenAsync();
        var columns = await QueryAsync(file, "SELECT '\"' || t.name || '\" WHERE \"' || c.name || '\"', '\"' || c.name || '\"' FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'");
        var found = 0;
        foreach (var column in columns)
        {
            foreach (var text in await QueryAsync(file, $"SELECT {column[1]} FROM {column[0]} LIKE '{Magic}%'"))
            {
                found++;
                Assert.False(keys.Contains(KeyOf(text[0])), $"{column[0]} still needs an old key.");
            }
        }

        Assert.True(found >= 6, $"Only {found} encrypted texts were found.");
    }

    private static async Task<List<string[]>> QueryAsync(SqliteConnection file, string query)
    {
        await using var command = file.CreateCommand();
        command.CommandText = query;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync()) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i))]);
        return rows;
    }

    private static Guid KeyOfFile(string file) => Guid.Parse(Path.GetFileNameWithoutExtension(file)["key-".Length..]);

    /// <summary>Data Protection writes four bytes of magic and then the id of the key.</summary>
    private static Guid KeyOf(string stored) => new(Base64Url.DecodeFromChars(stored)[4..20]);
}
