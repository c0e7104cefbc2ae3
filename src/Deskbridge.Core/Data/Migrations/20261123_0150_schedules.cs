using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Duty schedules. Every team begins without one, and all duty so far was punched in by hand.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0150_schedules")]
internal sealed class AddSchedules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Schedule", "teams", nullable: false, defaultValue: "");
        migrationBuilder.AddColumn<int>("ScheduleVersion", "teams", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<DateTimeOffset>("ShiftsDueAt", "teams", migrationBuilder.Instant, nullable: true);
        migrationBuilder.CreateIndex("IX_teams_ShiftsDueAt", "teams", "ShiftsDueAt");
        migrationBuilder.AddColumn<DateTimeOffset>("ShiftUntil", "duty_periods", migrationBuilder.Instant, nullable: true);
    }
}
