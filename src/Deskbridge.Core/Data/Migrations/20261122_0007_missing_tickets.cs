using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261122_0007_missing_tickets")]
internal sealed class AddMissingTickets : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTimeOffset>("MissingSince", "mirrors", migrationBuilder.Instant, nullable: true);
        migrationBuilder.CreateIndex("IX_mirrors_MissingSince", "mirrors", "MissingSince", filter: "\"MissingSince\" IS NOT NULL");
    }
}
