using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>How the intake's table is mapped.</summary>
internal static class IntakeMap
{
    public static void Apply(ModelBuilder model) => model.Entity<TeamIntake>(e =>
    {
        e.ToTable("team_intakes").HasKey(r => r.Id);
        e.HasIndex(r => r.TeamId).IsUnique();
        e.HasIndex(r => r.SecretHash).IsUnique();
    });
}
