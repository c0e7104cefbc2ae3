using Deskbridge.Core.Data;

namespace Deskbridge;

/// <summary>The one folder that holds everything a hub knows: the database, the keys of its secrets, the lock.</summary>
internal sealed class DataFolder
{
    private const UnixFileMode OwnerReads = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnly = OwnerReads | UnixFileMode.UserExecute;

    private DataFolder(string path) => Root = path;

    public string Root { get; }

    /// <summary>The SQLite file, unless another database is named.</summary>
    public string Database => Path.Combine(Root, "hub.db");

    public string Keys => Path.Combine(Root, "keys");

    /// <summary>Encrypts the keys that lie in a PostgreSQL database; see <see cref="Access.MasterKey"/>.</summary>
    public string MasterKey => Path.Combine(Root, "master.key");

    /// <summary>Who this hub is among those that share a database.</summary>
    public string Node => Path.Combine(Root, "node.id");

    public string Lock => Path.Combine(Root, "hub.lock");

    public string Instance => Path.Combine(Root, "hub.instance.json");

    /// <summary>The folder as it is: nothing is made or tried.</summary>
    public static DataFolder At(string path) => new(Path.GetFullPath(path));

    /// <summary>Makes the folder when it is missing, readable by its owner only.</summary>
    /// <exception cref="StartRefusedException">It cannot be made or written.</exception>
    public static DataFolder Open(string path)
    {
        var folder = At(path);
        try
        {
            folder.Make(folder.Root);
            folder.Make(folder.Keys);
            var probe = Path.Combine(folder.Root, $".write-probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The data folder {folder.Root} cannot be written: {failure.Message} Name another with --data, or give the user running this the right to write there.");
        }
    }

    /// <summary>
    /// A folder with keys had a hub. Beginning anew there without a word would look like a hub in good health that pages nobody.
    /// </summary>
    /// <exception cref="StartRefusedException">The database that belongs to the keys is gone.</exception>
    public void RefuseLost(HubDatabase database)
    {
        if (database.File is not { } file || new FileInfo(file) is { Exists: true, Length: > 0 }) return;
        if (!File.Exists(MasterKey) && !Directory.EnumerateFiles(Keys).Any()) return;
        throw new StartRefusedException(
            $"The database {file} is gone or empty, but the folder {Root} holds the keys of a hub. Put the database back with 'deskbridge restore', or name the right one with --database. To begin anew, remove {Keys} and {MasterKey} first.");
    }

    /// <summary>Makes a file that only its owner reads, whatever the umask, when there is none.</summary>
    public static void MakePrivate(string path)
    {
        if (!File.Exists(path)) Private(path, FileMode.OpenOrCreate).Dispose();
    }

    /// <summary>Opens a file for reading and writing, alone; a new one is its owner's only.</summary>
    public static FileStream Private(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerReads;
        return new FileStream(path, options);
    }

    /// <summary>Writes a file that only its owner reads, complete or not at all.</summary>
    public static async Task WritePrivateAsync(string path, string text, CancellationToken cancel)
    {
        var draft = path + ".new";
        File.Delete(draft);
        await using (var writer = new StreamWriter(Private(draft, FileMode.CreateNew))) await writer.WriteAsync(text.AsMemory(), cancel);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Makes a folder that only its owner enters, when there is none.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }

    private void Make(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, path == Root ? OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute : OwnerOnly);
    }
}

/// <summary>The hub cannot start; the message says why and what to do.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
