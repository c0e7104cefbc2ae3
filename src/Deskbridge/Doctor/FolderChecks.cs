using System.Globalization;

namespace Deskbridge.Doctor;

/// <summary>The data folder and the disk it lies on.</summary>
internal static class FolderChecks
{
    private const string Area = "Data folder";
    private const long Scarce = 1_000_000_000;
    private const long TooLittle = 100_000_000;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    public static IEnumerable<Finding> Run(DataFolder folder)
    {
        if (!Directory.Exists(folder.Root))
        {
            yield return Finding.Failed(
                Area, "Folder", $"{folder.Root} does not exist.", "Name the hub's data folder with --data, or start a hub there with 'deskbridge serve --data DIR'.");
            yield break;
        }

        yield return Writable(folder);
        if (!OperatingSystem.IsWindows()) yield return Rights(folder);
        yield return Space(new DriveInfo(folder.Root).AvailableFreeSpace);
    }

    /// <summary>What the free space means.</summary>
    internal static Finding Space(long free)
    {
        const string fix = "Free space on this disk, or move the folder to a larger one while the hub is stopped. A hub that cannot write cannot page.";
        var message = $"{Size(free)} free.";
        return free switch
        {
            < TooLittle => Finding.Failed(Area, "Disk space", message, fix),
            < Scarce => Finding.Warning(Area, "Disk space", message, fix),
            _ => Finding.Well(Area, "Disk space", message),
        };
    }

    internal static string Size(long bytes) => bytes switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
    };

    /// <summary>Only writing shows whether writing works; the file is gone when it is closed.</summary>
    private static Finding Writable(DataFolder folder)
    {
        try
        {
            var probe = Path.Combine(folder.Root, $".doctor-probe-{Environment.ProcessId}");
            using (new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return Finding.Well(Area, "Folder", $"{folder.Root} exists and can be written.");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Finding.Failed(
                Area, "Folder", $"{folder.Root} cannot be written: {failure.Message}",
                $"Give the user who runs the hub the right to write there (you are {Environment.UserName}), and see that the disk is not full or mounted read-only.");
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static Finding Rights(DataFolder folder)
    {
        var wide = Private(folder).Where(file => (File.GetUnixFileMode(file) & (Group | Others)) != UnixFileMode.None).ToList();
        if (wide.Count > 0)
        {
            return Finding.Warning(
                Area, "Rights", $"Others on this machine may open {string.Join(", ", wide.Select(file => Path.GetRelativePath(folder.Root, file)))}.", $"chmod go-rwx {string.Join(' ', wide)}");
        }

        if (Directory.Exists(folder.Keys) && (File.GetUnixFileMode(folder.Keys) & (Group | Others)) != UnixFileMode.None)
            return Finding.Warning(Area, "Rights", "Others on this machine may enter the folder of the encryption keys.", $"chmod -R go-rwx {folder.Keys}");
        if ((File.GetUnixFileMode(folder.Root) & Others) != UnixFileMode.None)
            return Finding.Warning(Area, "Rights", "Everybody on this machine may enter the data folder, which holds the names and texts of tickets.", $"chmod o-rwx {folder.Root}");
        return Finding.Well(Area, "Rights", "Only the owner may read the database and the encryption keys.");
    }

    /// <summary>What holds names, texts of tickets, keys and tokens.</summary>
    private static IEnumerable<string> Private(DataFolder folder) =>
        ((string[])[folder.Database, folder.Database + "-wal", folder.Database + "-shm", Path.Combine(folder.Root, "demo.json")]).Where(File.Exists)
            .Concat(Directory.Exists(folder.Keys) ? Directory.EnumerateFiles(folder.Keys).Order(StringComparer.Ordinal) : []);
}
