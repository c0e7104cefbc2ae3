using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Escalation chains. Every team begins with the usual one, which is none.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0133_escalation")]
internal sealed class AddEscalation : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Chain", "teams", nullable: false, defaultValue: "");
        migrationBuilder.AddColumn<int>("ChainVersion", "teams", nullable: false, defaultValue: 0);
        migrationBuilder.CreateTable("due_steps", t => new
        {
            AlertId = t.Column<Guid>(),
            Episode = t.Column<int>(),
            Round = t.Column<int>(),
            Step = t.Column<int>(),
            RanAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            DueAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            HeldUntil = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
        }, constraints: t => t.PrimaryKey("PK_due_steps", r => r.AlertId));
        migrationBuilder.CreateIndex("IX_due_steps_DueAt", "due_steps", ["DueAt"]);
    }
}
