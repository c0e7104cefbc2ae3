using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>A connection that could not put custom fields back was called blocked, which it never was (decision 0034).</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0111_unrestored")]
internal sealed class RenameBlockedCustomFields : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""UPDATE "connections" SET "CustomFields" = 'Unrestored' WHERE "CustomFields" = 'Blocked'""");
}
