using Deskbridge.Core.Data;

namespace Deskbridge;

/// <summary>The data folder remembers which of the hubs on a shared database it belongs to.</summary>
internal static class NodeFile
{
    /// <summary>Reads it; made by the first start.</summary>
    public static ThisNode Read(DataFolder folder, HubDatabase database)
    {
        if (!File.Exists(folder.Node) || !Guid.TryParse(File.ReadAllText(folder.Node), out var id))
        {
            id = Guid.CreateVersion7();
            DataFolder.MakePrivate(folder.Node);
            File.WriteAllText(folder.Node, id.ToString());
        }

        return new ThisNode(id, Environment.MachineName, Alone: !database.IsPostgres);
    }
}
