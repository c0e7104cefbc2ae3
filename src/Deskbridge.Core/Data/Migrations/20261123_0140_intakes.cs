using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>Mails and callouts raise alerts, which are known by the ticket that they name.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0140_intakes")]
internal sealed class CreateIntakes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("TicketNumber", "alerts", nullable: true);
        migrationBuilder.AddColumn<string>("TicketRemoteId", "alerts", nullable: true);
        migrationBuilder.AddColumn<string>("MailKey", "alerts", nullable: true);
        migrationBuilder.CreateIndex("IX_alerts_TicketNumber", "alerts", "TicketNumber");
        migrationBuilder.CreateIndex("IX_alerts_TicketRemoteId", "alerts", "TicketRemoteId");
        migrationBuilder.CreateIndex("IX_alerts_MailKey", "alerts", "MailKey");

        migrationBuilder.CreateTable("team_intakes", t => new
        {
            Id = t.Column<Guid>(),
            TeamId = t.Column<Guid>(),
            SecretHash = t.Column<string>(),
            Secret = t.Column<string>(),
            Enabled = t.Column<bool>(),
            MailgunKey = t.Column<string>(),
            Fields = t.Column<string>(),
            MadeAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            LastAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            LastSaid = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_team_intakes", r => r.Id));
        migrationBuilder.CreateIndex("IX_team_intakes_TeamId", "team_intakes", "TeamId", unique: true);
        migrationBuilder.CreateIndex("IX_team_intakes_SecretHash", "team_intakes", "SecretHash", unique: true);
    }
}
