using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Access.Migrations;

[DbContext(typeof(AccessDb)), Migration("20261122_0010_second_factors_and_links")]
internal sealed class CreateSecondFactorsAndLinks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("access_authenticators", t => new
        {
            PersonId = t.Column<Guid>(),
            Secret = t.Column<string>(),
            LastStep = t.Column<long>(),
            Since = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_access_authenticators", r => r.PersonId));

        migrationBuilder.CreateTable("access_recovery_codes", t => new
        {
            PersonId = t.Column<Guid>(),
            Hash = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_access_recovery_codes", r => new { r.PersonId, r.Hash }));

        migrationBuilder.CreateTable("access_links", t => new
        {
            Id = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
            Purpose = t.Column<string>(),
            Hash = t.Column<string>(),
            CreatedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            ExpiresAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            UsedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            RevokedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
        }, constraints: t => t.PrimaryKey("PK_access_links", r => r.Id));
        migrationBuilder.CreateIndex("IX_access_links_Hash", "access_links", ["Hash"], unique: true);
        migrationBuilder.CreateIndex("IX_access_links_PersonId", "access_links", ["PersonId"]);
    }
}
