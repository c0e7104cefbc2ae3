using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Audit;

/// <summary>How the audit is mapped.</summary>
internal static class AuditMap
{
    /// <summary>Name of the primary key: two that want the same place in the chain meet there.</summary>
    public const string Key = "PK_audit";

    public static void Apply(ModelBuilder model) =>
        model.Entity<AuditRow>(e =>
        {
            e.ToTable("audit").HasKey(r => r.Number).HasName(Key);
            e.Property(r => r.Number).ValueGeneratedNever();
            e.HasIndex(r => r.At);
        });
}
