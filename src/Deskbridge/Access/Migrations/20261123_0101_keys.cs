using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Access.Migrations;

[DbContext(typeof(AccessDb)), Migration("20261123_0101_keys")]
internal sealed class CreateKeys : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateTable("access_keys", t => new
        {
            Name = t.Column<string>(),
            Xml = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_access_keys", r => r.Name));
}
