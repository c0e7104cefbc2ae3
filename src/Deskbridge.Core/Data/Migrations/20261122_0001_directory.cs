using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261122_0001_directory")]
internal sealed class CreateDirectory : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("people", t => new
        {
            Id = t.Column<Guid>(),
            Name = t.Column<string>(),
            Email = t.Column<string>(),
            EmailKey = t.Column<string>(),
            Role = t.Column<string>(),
            TimeZone = t.Column<string>(),
            Active = t.Column<bool>(),
            CreatedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_people", r => r.Id));
        migrationBuilder.CreateIndex("IX_people_EmailKey", "people", ["EmailKey"], unique: true);
    }
}
