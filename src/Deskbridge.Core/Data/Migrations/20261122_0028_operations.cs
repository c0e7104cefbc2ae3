using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Traces beside the rows that carry work on, and a row whose only purpose is to be written.</summary>
[DbContext(typeof(HubDb)), Migration("20261122_0028_operations")]
internal sealed class AddOperations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["wakes", "effects", "pages"]) migrationBuilder.AddColumn<string>("Trace", table, nullable: true);
        foreach (var table in (string[])["alert_events", "connection_events"]) migrationBuilder.AddColumn<string>("TraceId", table, nullable: true);
        migrationBuilder.CreateTable("probes", t => new
        {
            Id = t.Column<int>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_probes", r => r.Id));
    }
}
