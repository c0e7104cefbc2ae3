using System.Diagnostics;
using System.IO.Compression;
using Deskbridge.Access;
using Deskbridge.Cli;
using Deskbridge.Core.Data;
using Deskbridge.Doctor;
using Deskbridge.Features.Health;
using Deskbridge.Features.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Backups;

public sealed class RestoreTests : IAsyncLifetime
{
    private readonly BackupFixture _hub = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Backup_RestoredElsewhere_IsTheSameData_UnderAnotherId()
    {
        await using (var hub = await Hub.StartAsync(new HubOptions { Data = _hub.Data, Port = 0 }, default))
        {
            await _hub.AddPeopleAsync("Mia", "Dana");
            Assert.Equal(ExitCodes.Done, (await _hub.BackUpAsync()).Code);
            await _hub.AddPeopleAsync("Later");
        }

        var elsewhere = Path.Combine(_hub.Folder, "elsewhere");
        var (code, told) = await _hub.RestoreAsync(elsewhere);

        Assert.True(code == ExitCodes.Done, told);
        Assert.Equal(["Dana", "Mia"], await _hub.PeopleAsync(elsewhere));
        await using var first = await DataSession.OpenAsync(_hub.Data, null, "test", default);
        await using var second = await DataSession.OpenAsync(elsewhere, null, "test", default);
        Assert.NotEqual(await IdOfAsync(first), await IdOfAsync(second));
    }

    [Fact]
    public async Task Backup_HoldsTheDatabase_AndNoKey()
    {
        await _hub.BackedUpAsync("Mia");

        await using var zip = await ZipFile.OpenReadAsync(_hub.Archive, TestContext.Current.CancellationToken);
        Assert.Equal(["manifest.json", "hub.db"], zip.Entries.Select(entry => entry.FullName));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_hub.Archive));
    }

    [Fact]
    public async Task FormerData_IsKeptAside()
    {
        await _hub.BackedUpAsync("Mia");
        await _hub.AddPeopleAsync("Later");

        var (_, told) = await _hub.RestoreAsync();

        Assert.Equal(["Mia"], await _hub.PeopleAsync());
        var aside = Assert.Single(System.IO.Directory.EnumerateDirectories(_hub.Data, "before-restore-*"));
        Assert.Contains(aside, told, StringComparison.Ordinal);
        Assert.Equal(["Later", "Mia"], await _hub.PeopleAsync(aside));
    }

    /// <summary>The former data may be broken or newer than this program: that is why people restore.</summary>
    [Fact]
    public async Task DamagedData_CanBeRestoredOver()
    {
        await _hub.BackedUpAsync("Mia");
        SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(Path.Combine(_hub.Data, "hub.db"), "nothing of a database", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Done, (await _hub.RestoreAsync()).Code);
        Assert.Equal(["Mia"], await _hub.PeopleAsync());
    }

    [Fact]
    public async Task RunningHub_IsNotRestoredOver()
    {
        await _hub.BackedUpAsync("Mia");
        await using var hub = await Hub.StartAsync(new HubOptions { Data = _hub.Data, Port = 0 }, default);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => _hub.RestoreAsync());

        Assert.Contains("Stop it first", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondHub_OnTheSameFileByAnotherFolder_IsRefused()
    {
        await using var hub = await Hub.StartAsync(new HubOptions { Data = _hub.Data, Port = 0 }, default);

        var other = new HubOptions { Data = Path.Combine(_hub.Folder, "other"), Database = Path.Combine(_hub.Data, "hub.db"), Port = 0 };
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Hub.StartAsync(other, default));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--database", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestoreWithoutTheKey_NamesEachSecretEverywhere_AndTheHubRuns()
    {
        await using (var session = await DataSession.OpenOrMakeAsync(_hub.Data, null, "test", default))
            Assert.Null(await session.Services.GetRequiredService<SettingsStore>().ChangeAsync(new(null, "mail.example.com:587", "hub@example.com", "hub", "secret"), default));
        await _hub.BackedUpAsync("Mia");
        var elsewhere = Path.Combine(_hub.Folder, "elsewhere");

        var (code, told) = await _hub.RestoreAsync(elsewhere);

        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("Password of the mail server", told, StringComparison.Ordinal);
        await using var hub = await Hub.StartAsync(new HubOptions { Data = elsewhere, Port = 0 }, default);
        Assert.Equal(["Password of the mail server"], (await hub.Services.GetRequiredService<StoredSecrets>().LostAsync(default)).Select(secret => secret.Name));
        var health = await hub.Services.GetRequiredService<HubHealth>().ReadAsync(default);
        Assert.Contains(health.Problems, problem => problem.Message.Contains("Password of the mail server", StringComparison.Ordinal));
        Assert.Contains(health.Problems, problem => problem.Message.Contains("restored from a backup", StringComparison.Ordinal));
        var found = await Checkup.RunAsync(DataFolder.At(elsewhere), null, TimeProvider.System, send: false, default).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Contains(found, finding => finding.Name == "Password of the mail server" && finding.Outcome == Outcome.Failed);
    }

    [Fact]
    public async Task Archive_InAFolderThatTakesNoFile_IsRefused_AndNothingIsLeft()
    {
        await _hub.AddPeopleAsync("Mia");

        var (code, told) = await _hub.BackUpAsync(Path.Combine(_hub.Folder, "nowhere", "hub.zip"));

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("could not be written", told, StringComparison.Ordinal);
    }

    /// <summary>The real program, killed where it would hurt; the next one finds the old data or the new, whole.</summary>
    [Theory]
    [InlineData("restore.staged", "Later Mia")]
    [InlineData("restore.begun", "Mia")]
    [InlineData("restore.moved-aside", "Mia")]
    [InlineData("restore.moved-in", "Mia")]
    public async Task Restore_KilledOnItsWay_LeavesTheFormerDataOrTheRestored(string failpoint, string people)
    {
        await _hub.BackedUpAsync("Mia");
        await _hub.AddPeopleAsync("Later");
        SqliteConnection.ClearAllPools();

        await KilledAsync(failpoint, "restore", _hub.Archive);

        await using (await Hub.StartAsync(new HubOptions { Data = _hub.Data, Port = 0 }, default))
        {
            Assert.Equal(people, string.Join(' ', await _hub.PeopleAsync()));
        }

        Assert.Equal(ExitCodes.Done, (await _hub.RestoreAsync()).Code);
        Assert.Equal(["Mia"], await _hub.PeopleAsync());
        Assert.DoesNotContain(System.IO.Directory.EnumerateFiles(_hub.Data), file => file.Contains("restor", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("backup.copied")]
    [InlineData("backup.packed")]
    public async Task Backup_KilledOnItsWay_LeavesTheOlderOne_AndTheNextCleansUp(string failpoint)
    {
        var older = await _hub.BackedUpAsync("Mia");
        await _hub.AddPeopleAsync("Later");

        await KilledAsync(failpoint, "backup", _hub.Archive);

        Assert.Equal(older, await File.ReadAllBytesAsync(_hub.Archive, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.Done, (await _hub.BackUpAsync()).Code);
        Assert.Equal([_hub.Archive], System.IO.Directory.EnumerateFiles(_hub.Folder));
    }

    private static Task<string?> IdOfAsync(DataSession session) =>
        session.Services.GetRequiredService<HubStore>().ReadAsync(db => db.Settings.Where(row => row.Key == SettingKeys.InstanceId).Select(row => (string?)row.Value).SingleOrDefaultAsync(), default);

    private async Task KilledAsync(string failpoint, params string[] command)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "deskbridge")) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[.. command, "--data", _hub.Data]) start.ArgumentList.Add(argument);
        start.Environment[CrashAt.Variable] = failpoint;
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"Failpoint {failpoint} reached", said, StringComparison.Ordinal);
    }
}
