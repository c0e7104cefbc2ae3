using System.Text.Json;

namespace Deskbridge.Backups;

/// <summary>
/// Puts a restored SQLite database in the place of the former one. Three files move, and no order of moves is safe by itself; so what is to
/// be done is written down first, and whoever opens the database next finishes it.
/// </summary>
internal static class RestoreJournal
{
    private static readonly string[] Companions = ["-shm", "-wal", ""];

    /// <summary>Where the file to come is put; what a killed restore left there goes.</summary>
    public static string Stage(string database)
    {
        Forget(database);
        return StagedFile(database);
    }

    /// <summary>Removes what a restore left that was given up before it began to move anything.</summary>
    public static void Forget(string database)
    {
        foreach (var file in (string[])[StagedFile(database), StagedFile(database) + "-journal"]) File.Delete(file);
    }

    /// <summary>Writes down that the staged file shall take the place of the former one. From here on it will.</summary>
    /// <param name="database">The database file, held by this process.</param>
    /// <param name="aside">Name of the folder beside it for the former files.</param>
    /// <param name="cancel">Gives up.</param>
    public static Task BeginAsync(string database, string aside, CancellationToken cancel) =>
        DataFolder.WritePrivateAsync(JournalFile(database), JsonSerializer.Serialize(new Plan(aside)), cancel);

    /// <summary>A restore was cut off and waits to be finished.</summary>
    public static bool IsOpen(string database) => File.Exists(JournalFile(database));

    /// <summary>Does what is written down, if anything is. Only for a process that holds the database; may be cut off anywhere and done again.</summary>
    /// <exception cref="StartRefusedException">What is written down cannot be read or done.</exception>
    public static void Finish(string database, Action<string>? passed = null)
    {
        var journal = JournalFile(database);
        if (!File.Exists(journal)) return;
        try
        {
            if (File.Exists(StagedFile(database)))
            {
                var aside = Path.Combine(Path.GetDirectoryName(database)!, Read(journal).Aside);
                foreach (var companion in Companions) MoveAside(database + companion, aside);
                passed?.Invoke("restore.moved-aside");
                File.Move(StagedFile(database), database);
                passed?.Invoke("restore.moved-in");
            }

            File.Delete(journal);
            Forget(database);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StartRefusedException($"A restore into {database} was cut off and cannot be finished: {failure.Message} Mend that and try again, or restore the backup again.");
        }
    }

    private static string StagedFile(string database) => database + ".restoring";

    private static string JournalFile(string database) => database + ".restore.json";

    /// <summary>The journal names a folder beside the database, never a way to somewhere else.</summary>
    private static Plan Read(string journal) => JsonSerializer.Deserialize<Plan>(File.ReadAllText(journal)) is { Aside.Length: > 0 } plan && Path.GetFileName(plan.Aside) == plan.Aside
        ? plan
        : throw new JsonException($"{journal} is not readable.");

    private static void MoveAside(string file, string aside)
    {
        if (!File.Exists(file)) return;
        DataFolder.MakeFolder(aside);
        File.Move(file, Path.Combine(aside, Path.GetFileName(file)));
    }

    private sealed record Plan(string Aside);
}
