using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Files attached to alerts, and their bytes until they have arrived.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0132_files")]
internal sealed class CreateFiles : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("alert_files", t => new
        {
            Id = t.Column<Guid>(),
            AlertId = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
            Author = t.Column<string>(),
            Name = t.Column<string>(),
            Size = t.Column<long>(),
            Hash = t.Column<string>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Marker = t.Column<string>(),
            ClientKey = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_alert_files", r => r.Id));
        migrationBuilder.CreateIndex("IX_alert_files_AlertId", "alert_files", ["AlertId"]);
        migrationBuilder.CreateIndex("IX_alert_files_ClientKey", "alert_files", ["ClientKey"], unique: true);

        migrationBuilder.CreateTable("file_contents", t => new
        {
            FileId = t.Column<Guid>(),
            Bytes = t.Column<byte[]>(),
        }, constraints: t => t.PrimaryKey("PK_file_contents", r => r.FileId));
    }
}
