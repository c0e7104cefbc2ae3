using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>What a connection's account may do, and who is which member of it.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0122_rights")]
internal sealed class CreateRights : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("connection_access", t => new
        {
            ConnectionId = t.Column<Guid>(),
            CheckedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Rights = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_connection_access", r => r.ConnectionId));

        migrationBuilder.AddColumn<bool>("ForRight", "effects", defaultValue: false);
        migrationBuilder.CreateTable("member_choices", t => new
        {
            ConnectionId = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
            MemberId = t.Column<string>(),
            MemberName = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_member_choices", r => new { r.ConnectionId, r.PersonId }));
    }
}
