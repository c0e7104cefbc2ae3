using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Who looks at callback subscriptions, whether somebody should, and when one was found switched off.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0145_callbacks_looked_at")]
internal sealed class AddCallbacksLookedAt : Migration
{
    private const string Table = "connection_health";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<bool>("CallbacksUnchecked", Table, nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<DateTimeOffset>("CallbacksFoundOffAt", Table, migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<Guid>("CallbacksHeldBy", Table, nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("CallbacksHeldUntil", Table, migrationBuilder.Instant, nullable: true);
    }
}
