using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Nodes;

/// <summary>How the table of hubs is mapped.</summary>
internal static class NodesMap
{
    public static void Apply(ModelBuilder model) => model.Entity<Node>().ToTable("nodes").HasKey(row => row.Id);
}
