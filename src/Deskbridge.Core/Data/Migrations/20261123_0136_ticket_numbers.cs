using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Tickets whose number is not their id are told by it.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0136_ticket_numbers")]
internal sealed class AddTicketNumbers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<string>("Number", "tickets", nullable: true);
}
