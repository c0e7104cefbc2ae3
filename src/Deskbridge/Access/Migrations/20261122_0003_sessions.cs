using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Access.Migrations;

[DbContext(typeof(AccessDb)), Migration("20261122_0003_sessions")]
internal sealed class CreateSessions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("access_sessions", t => new
        {
            Id = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
            Stamp = t.Column<string>(),
            StartedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            SeenAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_access_sessions", r => r.Id));
        migrationBuilder.CreateIndex("IX_access_sessions_PersonId", "access_sessions", ["PersonId"]);
    }
}
