using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>When details of a ticket could not be read, beside those that were read before.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0110_details_failed")]
internal sealed class AddDetailsFailed : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<DateTimeOffset>("DetailsFailedAt", "tickets", migrationBuilder.Instant, nullable: true);
}
