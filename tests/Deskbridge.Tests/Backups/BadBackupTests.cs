using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Deskbridge.Backups;
using Deskbridge.Cli;
using Xunit;

namespace Deskbridge.Tests.Backups;

/// <summary>A backup that cannot be used is refused in words, and the data that is there stays as it was.</summary>
public sealed class BadBackupTests : IAsyncLifetime
{
    private readonly BackupFixture _hub = new();
    private byte[] _good = [];

    public async ValueTask InitializeAsync() => _good = await _hub.BackedUpAsync("Mia");

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(0.9999)]
    public Task Backup_ThatIsCutOff_IsRefused(double share) => RefusedAsync(_good[..(int)(_good.Length * share)], "cannot be read as an archive");

    [Fact]
    public Task File_OfAnotherKind_IsRefused() => RefusedAsync(Encoding.UTF8.GetBytes("SQLite format 3\0 and so on"), "cannot be read as an archive");

    [Fact]
    public Task Archive_OfAnotherProgram_IsRefused() => RefusedAsync(Zip(("readme.txt", "hello"), ("hub.db", "x")), "not a backup of Deskbridge");

    [Fact]
    public Task Archive_WithAnothersManifest_IsRefused() => RefusedAsync(Zip((BackupManifest.Name, "{\"name\":\"my-app\",\"icons\":[]}")), "another program wrote");

    [Fact]
    public async Task EveryFlippedByte_OfTheDatabase_IsFound()
    {
        var (start, length) = DatabaseIn(_good);
        for (var at = 0.1; at < 1; at += 0.2)
        {
            var place = start + (int)(length * at);
            while (Unpacked(Flipped(place)) is { } same && same.SequenceEqual(Unpacked(_good)!)) place++; // a run of zeros may be packed in several ways
            await RefusedAsync(Flipped(place), "damaged");
        }
    }

    private byte[] Flipped(int place)
    {
        var damaged = (byte[])_good.Clone();
        damaged[place] ^= 0x55;
        return damaged;
    }

    /// <summary>The database in an archive; null when it cannot be unpacked.</summary>
    private static byte[]? Unpacked(byte[] archive)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive));
            using var packed = zip.GetEntry("hub.db")!.Open();
            using var whole = new MemoryStream();
            packed.CopyTo(whole);
            return whole.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    [Fact]
    public Task Manifest_ThatWasChanged_IsRefused() => RefusedAsync(Repacked(text => text.Replace("\"takenAt\"", "\"takenOn\"", StringComparison.Ordinal), comment: "0000"), "cannot be read as an archive");

    [Fact]
    public Task Database_ThatIsNotTheOneOfTheManifest_IsRefused() =>
        RefusedAsync(Repacked(text => text.Replace("access/2026", "access/2025", StringComparison.Ordinal)), "newer Deskbridge");

    [Fact]
    public Task Backup_OfANewerSchema_IsRefused_AndTheChangeIsNamed() =>
        RefusedAsync(Repacked(text => text.Replace("\"schema\": [", "\"schema\": [\"20990101_0001_later\",", StringComparison.Ordinal)), "20990101_0001_later");

    [Fact]
    public Task Backup_OfANewerFormat_IsRefused() => RefusedAsync(Repacked(text => text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal)), "newer format");

    [Fact]
    public Task Manifest_ThatPromisesMoreThanTheDiskHolds_IsRefused() =>
        RefusedAsync(Repacked(text => text.Replace("\"bytes\": ", "\"bytes\": 90000000", StringComparison.Ordinal)), "damaged");

    /// <summary>A few kilobytes that unpack to a gigabyte: not more is unpacked than the manifest states, and that is checked against the disk.</summary>
    [Fact]
    public Task Bomb_IsRefusedByItsManifest() => RefusedAsync(Bomb(), "damaged");

    [Fact]
    public async Task Entry_ThatLeadsOutOfTheFolder_IsNeverUnpacked()
    {
        using var buffer = new MemoryStream();
        await buffer.WriteAsync(_good, TestContext.Current.CancellationToken);
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Update, leaveOpen: true))
        {
            await using var entry = await zip.CreateEntry("../../outside.txt").OpenAsync(TestContext.Current.CancellationToken);
            await entry.WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        await File.WriteAllBytesAsync(_hub.Archive, buffer.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Done, (await _hub.RestoreAsync()).Code);
        Assert.Empty(System.IO.Directory.EnumerateFiles(_hub.Folder, "outside.txt", SearchOption.AllDirectories));
        Assert.False(File.Exists(Path.Combine(_hub.Folder, "..", "outside.txt")));
    }

    [Fact]
    public async Task Archive_WithTheDatabaseTwice_IsRefused()
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            var manifest = ManifestText();
            zip.Comment = HashOf(manifest);
            Put(zip, BackupManifest.Name, manifest);
            Put(zip, "hub.db", "a");
            Put(zip, "hub.db", "b");
        }

        await RefusedAsync(buffer.ToArray(), "more than once");
    }

    [Fact]
    public async Task File_ThatIsNotThere_IsRefused()
    {
        var (code, told) = await _hub.RestoreAsync(file: Path.Combine(_hub.Folder, "nowhere.zip"));

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("nowhere.zip", told, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(byte[] archive, string says)
    {
        await File.WriteAllBytesAsync(_hub.Archive, archive, TestContext.Current.CancellationToken);
        Assert.Equal(["Mia"], await _hub.PeopleAsync());
        var before = await _hub.FilesAsync();

        var (code, told) = await _hub.RestoreAsync();

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains(says, told, StringComparison.Ordinal);
        Assert.Equal(before, await _hub.FilesAsync());
        Assert.Equal(["Mia"], await _hub.PeopleAsync());
    }

    /// <summary>Where the packed bytes of the database lie: after its local header (APPNOTE.TXT §4.3.7), whose dates and flags nobody reads.</summary>
    private static (int Start, int Length) DatabaseIn(byte[] archive)
    {
        const string Name = "hub.db";
        using var zip = new ZipArchive(new MemoryStream(archive));
        var name = archive.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Name));
        var extra = BitConverter.ToUInt16(archive, name - 2);
        return (name + Name.Length + extra, checked((int)zip.GetEntry(Name)!.CompressedLength));
    }

    private string ManifestText()
    {
        using var zip = new ZipArchive(new MemoryStream(_good));
        using var reader = new StreamReader(zip.GetEntry(BackupManifest.Name)!.Open());
        return reader.ReadToEnd();
    }

    /// <summary>The good backup with another manifest, signed as the good one is unless said otherwise.</summary>
    private byte[] Repacked(Func<string, string> change, string? comment = null)
    {
        using var buffer = new MemoryStream();
        buffer.Write(_good);
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Update, leaveOpen: true))
        {
            var manifest = change(ManifestText());
            zip.GetEntry(BackupManifest.Name)!.Delete();
            Put(zip, BackupManifest.Name, manifest);
            zip.Comment = comment ?? HashOf(manifest);
        }

        return buffer.ToArray();
    }

    private byte[] Bomb()
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            var manifest = ManifestText();
            zip.Comment = HashOf(manifest);
            Put(zip, BackupManifest.Name, manifest);
            using var entry = zip.CreateEntry("hub.db", CompressionLevel.Fastest).Open();
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 256; i++) entry.Write(zeros);
        }

        return buffer.ToArray();
    }

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries) Put(zip, name, text);
        }

        return buffer.ToArray();
    }

    private static void Put(ZipArchive zip, string name, string text)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string HashOf(string manifest) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));
}
