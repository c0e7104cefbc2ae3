using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>A system is known by its account. The keys of before began with the address, and that of an API user with its name.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0135_accounts")]
internal sealed class KnowSystemsByAccount : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var place = migrationBuilder.IsPostgres ? "strpos" : "instr";
        foreach (var sign in new[] { '|', '@' })
            migrationBuilder.Sql($"""UPDATE connections SET "InstanceKey" = SUBSTR("InstanceKey", {place}("InstanceKey", '{sign}') + 1)""");
    }
}
