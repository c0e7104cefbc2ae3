using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Notes can be edited. What stands on the tickets is the text that was written, for nobody could edit it before.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0131_note_edits")]
internal sealed class AddNoteEdits : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("Version", "alert_notes", nullable: false, defaultValue: 1);
        migrationBuilder.AddColumn<DateTimeOffset>("EditedAt", "alert_notes", migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<string>("Text", "child_pairs", nullable: true);
        migrationBuilder.Sql(
            """
            UPDATE child_pairs SET "Text" = (
                SELECT n."Text" || '

            ' || n."Author" || ' via Deskbridge #' || n."Marker" FROM alert_notes n WHERE n."Id" = child_pairs."HubId")
            WHERE "Kind" = 'note'
            """);
    }
}
