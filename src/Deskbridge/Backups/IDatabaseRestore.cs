namespace Deskbridge.Backups;

/// <summary>Puts a backed up database in the place of the hub's, whole or not at all, with the mark that it was restored: the start that follows must know (engine.md §10).</summary>
internal interface IDatabaseRestore
{
    /// <summary>Name of the file in the archive that it takes.</summary>
    string Part { get; }

    /// <summary>Restores. The caller holds the database.</summary>
    /// <exception cref="BackupRefusedException">The backup cannot be used, or not now; nothing was changed.</exception>
    Task<FormerData?> RunAsync(string file, BackupArchive archive, CancellationToken cancel);
}

/// <summary>Where the former data is kept.</summary>
/// <param name="Place">In words.</param>
internal sealed record FormerData(string Place);
