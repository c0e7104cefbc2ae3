using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Details that were read right after a change are read once more.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0134_details_again")]
internal sealed class AddDetailsAgain : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTimeOffset>("DetailsAgainAt", "tickets", migrationBuilder.Instant, nullable: true);
        migrationBuilder.CreateIndex("IX_tickets_DetailsAgainAt", "tickets", "DetailsAgainAt");
    }
}
