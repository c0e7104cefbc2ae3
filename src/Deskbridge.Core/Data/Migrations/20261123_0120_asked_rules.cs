using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261123_0120_asked_rules")]
internal sealed class AddAskedRules : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("AskedEvents", "rule_versions", nullable: true);
        migrationBuilder.CreateTable("remote_answers", t => new
        {
            ConnectionId = t.Column<Guid>(),
            EventId = t.Column<string>(),
            Condition = t.Column<string>(),
            AskedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Matched = t.Column<string>(),
            ReadAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            FailingSince = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            Failure = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_remote_answers", r => new { r.ConnectionId, r.EventId }));
    }
}
