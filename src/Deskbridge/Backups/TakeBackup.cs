using System.Reflection;
using System.Security.Cryptography;
using Deskbridge.Core.Common;
using Microsoft.Data.Sqlite;

namespace Deskbridge.Backups;

/// <summary>
/// Backs a hub up while it runs: one consistent copy of the database, packed with its manifest, and put in place by one rename. The keys
/// that decrypt the secrets in it are not part of it.
/// </summary>
internal sealed class TakeBackup(IDatabaseDump dump, Failpoints failpoints, TimeProvider clock)
{
    private const int DiskFull = 13;

    /// <summary>Takes a backup. An older file of that name is replaced when the new one is whole.</summary>
    /// <exception cref="BackupRefusedException">It could not be taken; nothing was left behind.</exception>
    public async Task<BackupTaken> RunAsync(string file, CancellationToken cancel)
    {
        var target = Path.GetFullPath(file);
        var (archive, copy) = (target + ".partial", target + ".partial.db");
        try
        {
            await using var packed = DataFolder.Private(archive, FileMode.Create);
            try
            {
                var manifest = await DumpAsync(copy, cancel);
                failpoints.Pass("backup.copied");
                await BackupArchive.WriteAsync(packed, manifest, _ => copy, cancel);
                packed.Flush(flushToDisk: true);
                failpoints.Pass("backup.packed");
                File.Move(archive, target, overwrite: true);
                return new BackupTaken(target, manifest.TakenAt, packed.Length, manifest.Parts.Sum(part => part.Bytes));
            }
            finally
            {
                Remove(copy);
                Remove(copy + "-journal");
                Remove(archive);
            }
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == DiskFull)
        {
            throw new BackupRefusedException($"The disk of {Path.GetDirectoryName(target)} is full. Make room, or back up to another disk; nothing was left behind.");
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new BackupRefusedException($"The backup could not be written to {target}: {failure.Message} Nothing was left behind.");
        }
    }

    private async Task<BackupManifest> DumpAsync(string copy, CancellationToken cancel)
    {
        var at = clock.GetUtcNow();
        var dumped = await dump.WriteAsync(copy, cancel);
        await using var bytes = File.OpenRead(copy);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancel));
        return new BackupManifest(
            BackupManifest.ProductName, BackupManifest.CurrentFormat, ProgramVersion, at, dumped.InstanceId, dumped.Schema, [new BackupPart(dump.Part, bytes.Length, hash)]);
    }

    private static string ProgramVersion => typeof(TakeBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is in the way of nothing: the next backup to this name replaces it.
        }
    }
}

/// <summary>A backup that was taken.</summary>
/// <param name="File">Where it is.</param>
/// <param name="TakenAt">The instant whose data it holds.</param>
/// <param name="Bytes">Length of the archive.</param>
/// <param name="Unpacked">Length of the data in it.</param>
internal sealed record BackupTaken(string File, DateTimeOffset TakenAt, long Bytes, long Unpacked);
