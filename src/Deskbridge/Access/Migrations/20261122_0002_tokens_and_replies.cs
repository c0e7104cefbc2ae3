using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Access.Migrations;

[DbContext(typeof(AccessDb)), Migration("20261122_0002_tokens_and_replies")]
internal sealed class CreateTokensAndReplies : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("access_api_tokens", t => new
        {
            Id = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
            Name = t.Column<string>(),
            Lookup = t.Column<string>(),
            Hash = t.Column<byte[]>(),
            CreatedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            LastUsedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
        }, constraints: t => t.PrimaryKey("PK_access_api_tokens", r => r.Id));
        migrationBuilder.CreateIndex("IX_access_api_tokens_Lookup", "access_api_tokens", ["Lookup"], unique: true);
        migrationBuilder.CreateIndex("IX_access_api_tokens_PersonId", "access_api_tokens", ["PersonId"]);

        migrationBuilder.CreateTable("access_replies", t => new
        {
            PersonId = t.Column<Guid>(),
            Key = t.Column<string>(),
            RequestHash = t.Column<string>(),
            Status = t.Column<int>(nullable: true),
            ContentType = t.Column<string>(),
            Location = t.Column<string>(),
            Body = t.Column<string>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_access_replies", r => new { r.PersonId, r.Key }));
        migrationBuilder.CreateIndex("IX_access_replies_At", "access_replies", ["At"]);
    }
}
