using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261122_0004_alerting")]
internal sealed class CreateAlerting : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("alerts", t => new
        {
            Id = t.Column<Guid>(),
            LinkId = t.Column<Guid>(nullable: true),
            ConnectionId = t.Column<Guid>(),
            Generation = t.Column<int>(),
            Cause = t.Column<string>(nullable: true),
            TeamId = t.Column<Guid>(nullable: true),
            Status = t.Column<string>(),
            Previous = t.Column<string>(),
            Title = t.Column<string>(),
            TitleKey = t.Column<string>(),
            Text = t.Column<string>(),
            RaisedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            ChangedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Transition = t.Column<int>(),
            Origin = t.Column<string>(),
            ActorId = t.Column<Guid>(nullable: true),
            ActorEmail = t.Column<string>(),
            Episode = t.Column<int>(),
            Count = t.Column<int>(),
            Unattended = t.Column<bool>(),
            Lines = t.Column<int>(),
            Version = t.Column<int>(),
        }, constraints: t => t.PrimaryKey("PK_alerts", r => r.Id));
        migrationBuilder.CreateIndex("IX_alerts_LinkId_Generation", "alerts", ["LinkId", "Generation"], unique: true);
        migrationBuilder.CreateIndex("IX_alerts_Status_RaisedAt", "alerts", ["Status", "RaisedAt"]);
        migrationBuilder.CreateIndex("IX_alerts_ConnectionId_Cause", "alerts", ["ConnectionId", "Cause"]);

        migrationBuilder.CreateTable("alert_events", t => new
        {
            AlertId = t.Column<Guid>(),
            Order = t.Column<int>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Kind = t.Column<string>(),
            Message = t.Column<string>(),
            Why = t.Column<string>(nullable: true),
            PersonId = t.Column<Guid>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_alert_events", r => new { r.AlertId, r.Order }));

        migrationBuilder.CreateTable("alert_notes", t => new
        {
            Id = t.Column<Guid>(),
            AlertId = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
            Author = t.Column<string>(),
            Text = t.Column<string>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Marker = t.Column<string>(),
            ClientKey = t.Column<string>(nullable: true),
            Planned = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("PK_alert_notes", r => r.Id));
        migrationBuilder.CreateIndex("IX_alert_notes_AlertId", "alert_notes", ["AlertId"]);
        migrationBuilder.CreateIndex("IX_alert_notes_ClientKey", "alert_notes", ["ClientKey"], unique: true);

        migrationBuilder.CreateTable("teams", t => new
        {
            Id = t.Column<Guid>(),
            Name = t.Column<string>(),
            Description = t.Column<string>(),
            RepeatMinutes = t.Column<int>(),
            MaxRepeats = t.Column<int>(),
        }, constraints: t => t.PrimaryKey("PK_teams", r => r.Id));
        migrationBuilder.CreateIndex("IX_teams_Name", "teams", ["Name"], unique: true);

        migrationBuilder.CreateTable("team_members", t => new
        {
            TeamId = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
        }, constraints: t => t.PrimaryKey("PK_team_members", r => new { r.TeamId, r.PersonId }));

        migrationBuilder.CreateTable("duty_periods", t => new
        {
            Id = t.Column<Guid>(),
            TeamId = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
            StartedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            EndedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
        }, constraints: t => t.PrimaryKey("PK_duty_periods", r => r.Id));
        migrationBuilder.CreateIndex("IX_duty_periods_TeamId_EndedAt", "duty_periods", ["TeamId", "EndedAt"]);
        migrationBuilder.CreateIndex("IX_duty_periods_PersonId", "duty_periods", ["PersonId"]);

        migrationBuilder.CreateTable("channels", t => new
        {
            Id = t.Column<Guid>(),
            PersonId = t.Column<Guid>(),
            Kind = t.Column<string>(),
            Name = t.Column<string>(),
            Address = t.Column<string>(),
            Secret = t.Column<string>(),
            Position = t.Column<int>(),
            Enabled = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("PK_channels", r => r.Id));
        migrationBuilder.CreateIndex("IX_channels_PersonId", "channels", ["PersonId"]);

        migrationBuilder.CreateTable("pages", t => new
        {
            Id = t.Column<Guid>(),
            AlertId = t.Column<Guid>(),
            Episode = t.Column<int>(),
            Step = t.Column<int>(),
            Repeat = t.Column<int>(),
            PersonId = t.Column<Guid>(),
            ChannelId = t.Column<Guid>(),
            State = t.Column<string>(),
            DueAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            RoundAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            CreatedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Attempts = t.Column<int>(),
            LeaseUntil = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            Epoch = t.Column<int>(),
            ProviderId = t.Column<string>(nullable: true),
            Error = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_pages", r => r.Id));
        migrationBuilder.CreateIndex("IX_pages_AlertId_Episode_Step_Repeat_PersonId_ChannelId", "pages", ["AlertId", "Episode", "Step", "Repeat", "PersonId", "ChannelId"], unique: true);
        migrationBuilder.CreateIndex("IX_pages_State_DueAt", "pages", ["State", "DueAt"]);

        migrationBuilder.CreateTable("page_attempts", t => new
        {
            PageId = t.Column<Guid>(),
            Number = t.Column<int>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Outcome = t.Column<string>(),
            Detail = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_page_attempts", r => new { r.PageId, r.Number }));
    }
}
