using System.Runtime.Versioning;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Settings;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests;

public sealed class StartTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task SecondHub_OnTheSameFolder_IsRefused_AndToldWhoHasIt()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Hub.StartAsync(new HubOptions { Data = host.Folder, Port = 0 }, default));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondHub_WithAFolderOfItsOwn_OnTheSameSqliteFile_IsRefused()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-start-");
        HubOptions On(string data) => new() { Data = Path.Combine(folder.FullName, data), Database = Path.Combine(folder.FullName, "shared.db"), Port = 0 };
        await using (await Hub.StartAsync(On("one"), default))
        {
            var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Hub.StartAsync(On("two"), default));
            Assert.Contains("shared.db", refused.Message, StringComparison.Ordinal);
        }

        await using (await Hub.StartAsync(On("two"), default)) Assert.False(File.Exists(Path.Combine(folder.FullName, "two", "hub.db")));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Port_OfAnother_IsRefused_AndTheFolderIsFreeAgain()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-start-");
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Hub.StartAsync(new HubOptions { Data = folder.FullName, Port = host.Hub.Address.Port }, default));
        Assert.Contains("--port", refused.Message, StringComparison.Ordinal);

        await using (await Hub.StartAsync(new HubOptions { Data = folder.FullName, Port = 0 }, default))
        {
            Assert.True(File.Exists(Path.Combine(folder.FullName, "hub.db")));
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("__EFMigrationsHistory")]
    [InlineData("__AccessMigrationsHistory")]
    public async Task Database_OfANewerProgram_IsRefused(string history)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-newer-");
        await using (var hub = await Hub.StartAsync(new HubOptions { Data = folder.FullName, Port = 0 }, default))
        {
            await using var db = await hub.Services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
            var statement = $"INSERT INTO \"{history}\" VALUES ('20990101_0001_later', '99.0')";
            await db.Database.ExecuteSqlRawAsync(statement, TestContext.Current.CancellationToken);
        }

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Hub.StartAsync(new HubOptions { Data = folder.FullName, Port = 0 }, default));

        Assert.Contains("20990101_0001_later", refused.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void EveryFile_IsItsOwnersAlone_WhateverTheUmask()
    {
        var files = System.IO.Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories).ToList();

        string[] expected = TestDatabase.OnPostgres ? ["master.key", "node.id"] : ["hub.db-wal", ".xml", "node.id"];
        Assert.All(expected, end => Assert.Contains(files, file => file.EndsWith(end, StringComparison.Ordinal)));
        Assert.All(files, file => Assert.True(File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), $"{file}: {File.GetUnixFileMode(file)}"));
    }

    [Fact]
    public async Task Secrets_AppearNeitherInTheFilesNorInTheLog()
    {
        const string secret = "hunter2-very-well-known";
        using var admin = await host.SignedInAsync(PersonRole.Admin);
        using var program = await host.ProgramAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        Assert.Null(await host.Services.GetRequiredService<SettingsStore>().ChangeAsync(new(null, "mail.example.com:587", "hub@example.com", "hub", secret), default));
        var token = (await Visitor.JsonAsync(await program.PostJsonAsync("/api/v1/tokens", new { name = "x" }, "secret-key")))["token"]!.ToString();
        await admin.TrySignInAsync(person.Email, secret);
        program.UseToken(token + "x");
        await program.GetAsync("/api/v1/tokens");

        var known = new[] { secret, token, HubHost.Password };
        foreach (var file in System.IO.Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
            var text = System.Text.Encoding.Latin1.GetString(copy.ToArray());
            Assert.All(known, word => Assert.False(text.Contains(word, StringComparison.Ordinal), $"{file} holds a secret in clear."));
        }

        Assert.NotEmpty(host.Log);
        Assert.All(host.Log, line => Assert.DoesNotContain(known, word => line.Contains(word, StringComparison.Ordinal)));
    }
}
