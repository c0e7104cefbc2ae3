using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Access.Migrations;

[DbContext(typeof(AccessDb)), Migration("20261123_0103_reply_node")]
internal sealed class AddReplyNode : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<Guid>("NodeId", "access_replies", nullable: true);
}
