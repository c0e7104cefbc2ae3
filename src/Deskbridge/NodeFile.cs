using Deskbridge.Core.Data;

namespace Deskbridge;

/// <summary>The data folder remembers which of the hubs on a shared database it belongs to.</summary>
internal static class NodeFile
{
    /// <summary>Writes it where it is missing, before a hub begins to work.</summary>
    public static void Make(DataFolder folder)
    {
        if (Id(folder) is not null) return;
        DataFolder.MakePrivate(folder.Node);
        File.WriteAllText(folder.Node, Guid.CreateVersion7().ToString());
    }

    /// <summary>Who the hub is. A command on a folder that no hub has run on yet writes nothing there.</summary>
    public static ThisNode Read(DataFolder folder, HubDatabase database) =>
        new(Id(folder) ?? Guid.CreateVersion7(), Environment.MachineName, Alone: !database.IsPostgres);

    private static Guid? Id(DataFolder folder) => File.Exists(folder.Node) && Guid.TryParse(File.ReadAllText(folder.Node), out var id) ? id : null;
}
