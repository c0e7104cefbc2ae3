using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>When a person took a conflict off the list.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0124_conflicts_cleared")]
internal sealed class AddConflictsCleared : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<DateTimeOffset>("ClearedAt", "conflicts", migrationBuilder.Instant, nullable: true);
}
