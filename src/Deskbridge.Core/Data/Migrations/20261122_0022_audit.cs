using Deskbridge.Core.Audit;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261122_0022_audit")]
internal sealed class CreateAudit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("audit", t => new
        {
            Number = t.Column<long>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            ActorKind = t.Column<string>(),
            PersonId = t.Column<Guid>(nullable: true),
            Actor = t.Column<string>(),
            Via = t.Column<string>(),
            Address = t.Column<string>(),
            Action = t.Column<string>(),
            SubjectId = t.Column<string>(),
            Subject = t.Column<string>(),
            Detail = t.Column<string>(),
            Previous = t.Column<string>(),
            Hash = t.Column<string>(),
            SearchKey = t.Column<string>(),
        }, constraints: t => t.PrimaryKey(AuditMap.Key, r => r.Number));
        migrationBuilder.CreateIndex("IX_audit_At", "audit", ["At"]);
    }
}
