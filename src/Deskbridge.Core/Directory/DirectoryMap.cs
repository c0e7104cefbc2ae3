using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Directory;

/// <summary>How the directory tables are mapped.</summary>
internal static class DirectoryMap
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<Person>(e =>
        {
            e.ToTable("people").HasKey(r => r.Id);
            e.HasIndex(r => r.EmailKey).IsUnique();
        });
    }
}
