using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261122_0006_rule_laws")]
internal sealed class AddRuleLaws : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<string>("BrokenLaws", "rule_versions", nullable: true);
}
