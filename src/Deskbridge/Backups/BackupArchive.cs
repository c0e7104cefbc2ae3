using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Backups;

/// <summary>
/// The file of a backup: a zip archive with a manifest and the parts it names. Nothing of a foreign archive is believed: only names that the
/// reader asks for are unpacked, to places that the reader chooses, up to the length that the manifest states, and only with the right hash.
/// </summary>
internal sealed class BackupArchive : IDisposable
{
    private const int LongestManifest = 256 * 1024;
    private readonly string _file;
    private readonly ZipArchive _zip;

    private BackupArchive(string file, ZipArchive zip, BackupManifest manifest) => (_file, _zip, Manifest) = (file, zip, manifest);

    public BackupManifest Manifest { get; }

    /// <summary>Packs files into an archive. The stream stays open.</summary>
    public static async Task WriteAsync(Stream to, BackupManifest manifest, Func<BackupPart, string> fileOf, CancellationToken cancel)
    {
        using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        var text = Encoding.UTF8.GetBytes(manifest.Write());
        zip.Comment = Convert.ToHexStringLower(SHA256.HashData(text));
        await using (var entry = await zip.CreateEntry(BackupManifest.Name).OpenAsync(cancel)) await entry.WriteAsync(text, cancel);
        foreach (var part in manifest.Parts)
        {
            await using var entry = await zip.CreateEntry(part.Name, CompressionLevel.Fastest).OpenAsync(cancel);
            await using var source = File.OpenRead(fileOf(part));
            await source.CopyToAsync(entry, cancel);
        }
    }

    /// <summary>Opens an archive and reads its manifest.</summary>
    /// <exception cref="BackupRefusedException">It is no backup, damaged, or of a newer format.</exception>
    public static BackupArchive Open(string file)
    {
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.OpenRead(file);
            var manifest = ReadManifest(file, zip);
            return new BackupArchive(file, zip, manifest);
        }
        catch (InvalidDataException)
        {
            zip?.Dispose();
            throw new BackupRefusedException($"{file} is not a backup, or it is damaged or cut off: it cannot be read as an archive. Use another backup.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            zip?.Dispose();
            throw new BackupRefusedException($"{file} cannot be read: {failure.Message}");
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    /// <summary>Unpacks a part.</summary>
    /// <param name="name">Its name in the archive.</param>
    /// <param name="to">The file to write; it must not exist.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="BackupRefusedException">It is missing, or is not what the manifest states.</exception>
    public async Task ExtractAsync(string name, string to, CancellationToken cancel)
    {
        var part = Manifest.Parts.FirstOrDefault(part => part.Name == name) ?? throw new BackupRefusedException($"{_file} holds no {name}. Use another backup.");
        var entry = Single(_file, _zip, name);
        if (entry.Length != part.Bytes) throw Damaged(name);
        var free = new DriveInfo(Path.GetDirectoryName(to)!).AvailableFreeSpace;
        if (part.Bytes > free) throw new BackupRefusedException($"{name} needs {part.Bytes / 1024 / 1024} MB, but only {free / 1024 / 1024} MB are free at {Path.GetDirectoryName(to)}. Make room, or name another folder with --data.");
        try
        {
            await using var target = DataFolder.Private(to, FileMode.CreateNew);
            await using var source = await entry.OpenAsync(cancel);
            if (await CopyAsync(source, target, part.Bytes, cancel) != part.Sha256) throw Damaged(name);
            target.Flush(flushToDisk: true);
        }
        catch (InvalidDataException)
        {
            throw Damaged(name);
        }
    }

    public void Dispose() => _zip.Dispose();

    /// <summary>Copies at most so many bytes, whatever the archive says of itself, and answers their hash.</summary>
    private static async Task<string> CopyAsync(Stream source, Stream target, long bytes, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            for (int read; (read = await source.ReadAsync(buffer, cancel)) > 0;)
            {
                bytes -= read;
                if (bytes < 0) return "";
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancel);
            }

            return bytes == 0 ? Convert.ToHexStringLower(hash.GetHashAndReset()) : "";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static BackupManifest ReadManifest(string file, ZipArchive zip)
    {
        if (!zip.Entries.Any(entry => entry.FullName == BackupManifest.Name)) throw new BackupRefusedException($"{file} is an archive, but not a backup of Deskbridge: it has no {BackupManifest.Name}.");
        var entry = Single(file, zip, BackupManifest.Name);
        if (entry.Length > LongestManifest) throw new BackupRefusedException($"{file} is not a backup of Deskbridge: its {BackupManifest.Name} is far too long.");
        using var stream = entry.Open();
        var text = new byte[LongestManifest];
        var length = stream.ReadAtLeast(text, LongestManifest, throwOnEndOfStream: false);
        if (BackupManifest.Read(Encoding.UTF8.GetString(text, 0, length)) is not { } manifest)
            throw new BackupRefusedException($"{file} is not a backup of Deskbridge: another program wrote its {BackupManifest.Name}.");
        if (manifest.Format > BackupManifest.CurrentFormat)
            throw new BackupRefusedException($"{file} was taken by Deskbridge {manifest.Version} in a newer format than this program reads. Restore it with that version.");
        if (zip.Comment != Convert.ToHexStringLower(SHA256.HashData(text.AsSpan(0, length)))) throw new InvalidDataException("The manifest was changed.");
        return manifest;
    }

    private static ZipArchiveEntry Single(string file, ZipArchive zip, string name)
    {
        var found = zip.Entries.Where(entry => entry.FullName == name).ToList();
        return found.Count == 1 ? found[0] : throw new BackupRefusedException($"{file} holds {name} {(found.Count == 0 ? "not at all" : "more than once")}: it is damaged. Use another backup.");
    }

    private BackupRefusedException Damaged(string name) => new($"{_file} is damaged: its {name} is not what was backed up. Nothing was changed; use another backup.");
}
