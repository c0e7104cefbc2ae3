using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Access.Migrations;

[DbContext(typeof(AccessDb)), Migration("20261122_0011_token_scopes")]
internal sealed class AddTokenScopes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Scopes", "access_api_tokens", nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("ExpiresAt", "access_api_tokens", type: migrationBuilder.Instant, nullable: true);
    }
}
