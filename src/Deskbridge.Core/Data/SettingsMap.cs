using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>How the settings tables are mapped.</summary>
internal static class SettingsMap
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<Setting>(e =>
        {
            e.ToTable("settings").HasKey(r => r.Key);
        });
        model.Entity<Probe>(e =>
        {
            e.ToTable("probes").HasKey(r => r.Id);
            e.Property(r => r.Id).ValueGeneratedNever();
        });
    }
}
