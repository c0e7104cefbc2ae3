using System.Globalization;
using Microsoft.Extensions.Options;

namespace Deskbridge.Backups;

/// <summary>The folder of the backups that the hub takes by itself or at the press of a button. What else lies there is left alone.</summary>
internal sealed class BackupFolder(DataFolder data, TakeBackup take, IOptions<BackupsOptions> options, TimeProvider clock) : IDisposable
{
    private const string Prefix = "deskbridge-";
    private const string Suffix = ".zip";
    private const string Stamp = "yyyyMMdd-HHmmss";
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Where it is.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(string.IsNullOrWhiteSpace(options.Value.Folder) ? System.IO.Path.Combine(data.Root, "backups") : options.Value.Folder);

    /// <summary>Why the last backup of this process could not be taken; null when it could, or none was tried.</summary>
    public string? Failure { get; private set; }

    /// <summary>The backups there, newest first.</summary>
    public IReadOnlyList<KeptBackup> List() => System.IO.Directory.Exists(Path)
        ? [.. new DirectoryInfo(Path).EnumerateFiles(Prefix + "*" + Suffix).Select(Read).OfType<KeptBackup>().OrderByDescending(backup => backup.TakenAt)]
        : [];

    /// <summary>A backup by its name; null when there is none. Only names that the list gives are known, so no name leads elsewhere.</summary>
    public KeptBackup? Find(string name) => List().FirstOrDefault(backup => backup.Name == name);

    /// <summary>Takes a backup into the folder, and removes those above the number to keep, oldest first.</summary>
    /// <exception cref="BackupRefusedException">It could not be taken.</exception>
    public async Task<KeptBackup> TakeAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var name = Prefix + clock.GetUtcNow().ToString(Stamp, CultureInfo.InvariantCulture) + Suffix;
            DataFolder.MakeFolder(Path);
            await take.RunAsync(System.IO.Path.Combine(Path, name), cancel);
            Failure = null;
            foreach (var old in List().Skip(options.Value.Keep)) File.Delete(System.IO.Path.Combine(Path, old.Name));
            return Find(name)!;
        }
        catch (BackupRefusedException refused)
        {
            Failure = refused.Message;
            throw;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failure = $"The folder of backups {Path} cannot be used: {failure.Message}";
            throw new BackupRefusedException(Failure);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Takes one when the last is old enough. Answers it; null when none was due.</summary>
    /// <exception cref="BackupRefusedException">It could not be taken.</exception>
    public async Task<KeptBackup?> TakeWhenDueAsync(CancellationToken cancel)
    {
        var every = options.Value.Every;
        if (every == TimeSpan.Zero) return null;
        return List() is [var last, ..] && clock.GetUtcNow() - last.TakenAt < every ? null : await TakeAsync(cancel);
    }

    public void Dispose() => _one.Dispose();

    private static KeptBackup? Read(FileInfo file) =>
        DateTimeOffset.TryParseExact(
            file.Name[Prefix.Length..^Suffix.Length], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var takenAt)
            ? new KeptBackup(file.Name, takenAt, file.Length)
            : null;
}

/// <summary>A backup in the folder.</summary>
internal sealed record KeptBackup(string Name, DateTimeOffset TakenAt, long Bytes);
