using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Where a note shows on its ticket, chosen when it is written.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0123_wide_note_flags")]
internal sealed class AddNoteFlags : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<string>("Flags", "alert_notes", nullable: true);
}
