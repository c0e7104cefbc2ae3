using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>What every connection did before it could be chosen stays chosen: tickets open their alerts again, and alerts given back put the status back.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0123_way_back")]
internal sealed class ChooseTheWayBack : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""UPDATE connections SET "Options" = REPLACE("Options", '"Flows":["', '"Flows":["TicketReopens","UnacknowledgeUpdates","')""");
        migrationBuilder.Sql("""UPDATE connections SET "Options" = REPLACE("Options", '"Flows":[]', '"Flows":["TicketReopens","UnacknowledgeUpdates"]')""");
    }
}
