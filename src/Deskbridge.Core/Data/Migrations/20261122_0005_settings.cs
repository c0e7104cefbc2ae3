using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261122_0005_settings")]
internal sealed class CreateSettings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("settings", t => new
        {
            Key = t.Column<string>(),
            Value = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_settings", r => r.Key));
    }
}
