using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261123_0102_nodes")]
internal sealed class CreateNodes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("nodes", t => new
        {
            Id = t.Column<Guid>(),
            Name = t.Column<string>(),
            Address = t.Column<string>(),
            Version = t.Column<string>(),
            StartedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            SeenAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Work = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_nodes", r => r.Id));

        foreach (var queue in (string[])["wakes", "effects", "pages"]) migrationBuilder.AddColumn<Guid>("Holder", queue, nullable: true);
        migrationBuilder.AddColumn<Guid>("Claim", "wakes", nullable: true);
        migrationBuilder.AddColumn<Guid>("NodeId", "connection_runs", nullable: true);
        migrationBuilder.AddColumn<bool>("CancelAsked", "connection_runs", defaultValue: false);
    }
}
