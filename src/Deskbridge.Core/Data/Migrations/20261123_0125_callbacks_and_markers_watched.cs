using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>What polling found without a callback, and markers that another program moved.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0125_callbacks_and_markers_watched")]
internal sealed class AddCallbacksAndMarkersWatched : Migration
{
    private const string Table = "connection_health";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTimeOffset>("CallbacksDueSince", Table, migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<int>("Untold", Table, nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<DateTimeOffset>("UntoldSince", Table, migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("CallbacksSilentSince", Table, migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("MarkersMovedAt", Table, migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<string>("MarkersMoved", Table, nullable: false, defaultValue: "");
    }
}
