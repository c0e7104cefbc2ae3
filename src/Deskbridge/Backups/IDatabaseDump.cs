namespace Deskbridge.Backups;

/// <summary>Writes the whole database into one file, as it was at one instant, while the hub goes on.</summary>
internal interface IDatabaseDump
{
    /// <summary>Name of that file in the archive.</summary>
    string Part { get; }

    /// <summary>Writes it.</summary>
    /// <exception cref="BackupRefusedException">The database cannot be copied; the message says why.</exception>
    Task<DumpedDatabase> WriteAsync(string file, CancellationToken cancel);
}

/// <summary>What was copied.</summary>
/// <param name="Schema">Every change of the schema that it has.</param>
/// <param name="InstanceId">The data's own id; null for data that no hub has named yet.</param>
internal sealed record DumpedDatabase(IReadOnlyList<string> Schema, string? InstanceId);
