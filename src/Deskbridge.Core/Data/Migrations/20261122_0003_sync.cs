using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261122_0003_sync")]
internal sealed class CreateSync : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("mirrors", t => new
        {
            ConnectionId = t.Column<Guid>(),
            Type = t.Column<string>(),
            RemoteId = t.Column<string>(),
            Body = t.Column<string>(),
            Hash = t.Column<string>(),
            RemoteUpdatedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            ReadAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            AbsentCount = t.Column<int>(),
            TombstonedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
        }, constraints: t => t.PrimaryKey("PK_mirrors", r => new { r.ConnectionId, r.Type, r.RemoteId }));

        migrationBuilder.CreateTable("tickets", t => new
        {
            Id = t.Column<Guid>(),
            ConnectionId = t.Column<Guid>(),
            RemoteId = t.Column<string>(),
            Title = t.Column<string>(),
            Details = t.Column<string>(),
            DetailsReadAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            DetailsWanted = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("PK_tickets", r => r.Id));
        migrationBuilder.CreateIndex("IX_tickets_ConnectionId_RemoteId", "tickets", ["ConnectionId", "RemoteId"], unique: true);
        migrationBuilder.CreateIndex("IX_tickets_DetailsWanted", "tickets", ["DetailsWanted"]);

        migrationBuilder.CreateTable("links", t => new
        {
            Id = t.Column<Guid>(),
            ConnectionId = t.Column<Guid>(),
            Type = t.Column<string>(),
            RemoteId = t.Column<string>(),
            TicketId = t.Column<Guid>(),
            State = t.Column<string>(),
            Reason = t.Column<string>(nullable: true),
            Generation = t.Column<int>(),
            PlannedTransition = t.Column<int>(),
            PlanNumber = t.Column<int>(),
            PlanAgain = t.Column<bool>(),
            Supersedes = t.Column<int>(),
            Base = t.Column<string>(),
            RuleVersionId = t.Column<Guid>(nullable: true),
            WriteMark = t.Column<long>(),
            LastSeq = t.Column<int>(),
            Version = t.Column<int>(),
        }, constraints: t => t.PrimaryKey("PK_links", r => r.Id));
        migrationBuilder.CreateIndex("IX_links_ConnectionId_Type_RemoteId", "links", ["ConnectionId", "Type", "RemoteId"], unique: true);
        migrationBuilder.CreateIndex("IX_links_TicketId", "links", ["TicketId"], unique: true);

        migrationBuilder.CreateTable("child_pairs", t => new
        {
            LinkId = t.Column<Guid>(),
            Kind = t.Column<string>(),
            Marker = t.Column<string>(),
            HubId = t.Column<Guid>(),
            RemoteId = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_child_pairs", r => new { r.LinkId, r.Kind, r.Marker }));
        migrationBuilder.CreateIndex("IX_child_pairs_LinkId_Kind_RemoteId", "child_pairs", ["LinkId", "Kind", "RemoteId"], unique: true);

        migrationBuilder.CreateTable("wakes", t => new
        {
            ConnectionId = t.Column<Guid>(),
            Type = t.Column<string>(),
            RemoteId = t.Column<string>(),
            Version = t.Column<long>(),
            DueAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Reasons = t.Column<string>(),
            NeedsRead = t.Column<bool>(),
            WantedUpdatedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            Attempts = t.Column<int>(),
            LeaseUntil = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
        }, constraints: t => t.PrimaryKey("PK_wakes", r => new { r.ConnectionId, r.Type, r.RemoteId }));
        migrationBuilder.CreateIndex("IX_wakes_DueAt", "wakes", ["DueAt"]);

        migrationBuilder.CreateTable("cursors", t => new
        {
            ConnectionId = t.Column<Guid>(),
            Stream = t.Column<string>(),
            MarkTime = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            OverlapSeconds = t.Column<int>(),
            LastCompleteAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
        }, constraints: t => t.PrimaryKey("PK_cursors", r => new { r.ConnectionId, r.Stream }));

        migrationBuilder.CreateTable("inbox", t => new
        {
            ConnectionId = t.Column<Guid>(),
            DeliveryKey = t.Column<string>(),
            Body = t.Column<string>(),
            ReceivedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_inbox", r => new { r.ConnectionId, r.DeliveryKey }));
        migrationBuilder.CreateIndex("IX_inbox_ReceivedAt", "inbox", ["ReceivedAt"]);

        migrationBuilder.CreateTable("effects", t => new
        {
            Id = t.Column<Guid>(),
            LinkId = t.Column<Guid>(),
            ConnectionId = t.Column<Guid>(),
            RemoteId = t.Column<string>(),
            Seq = t.Column<int>(),
            Kind = t.Column<string>(),
            IdemKey = t.Column<string>(),
            Payload = t.Column<string>(),
            AlertId = t.Column<Guid>(nullable: true),
            State = t.Column<string>(),
            Attempts = t.Column<int>(),
            NotBefore = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Epoch = t.Column<int>(),
            LeaseUntil = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            SentAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            Before = t.Column<string>(nullable: true),
            NotFoundProbes = t.Column<int>(),
            ObjectId = t.Column<string>(nullable: true),
            Error = t.Column<string>(nullable: true),
            CreatedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            SettledAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
        }, constraints: t => t.PrimaryKey("PK_effects", r => r.Id));
        migrationBuilder.CreateIndex("IX_effects_IdemKey", "effects", ["IdemKey"], unique: true);
        migrationBuilder.CreateIndex("IX_effects_State_NotBefore", "effects", ["State", "NotBefore"]);
        migrationBuilder.CreateIndex("IX_effects_LinkId_Seq", "effects", ["LinkId", "Seq"], unique: true);
        migrationBuilder.CreateIndex("IX_effects_AlertId", "effects", ["AlertId"]);

        migrationBuilder.CreateTable("effect_attempts", t => new
        {
            EffectId = t.Column<Guid>(),
            Number = t.Column<int>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Action = t.Column<string>(),
            Outcome = t.Column<string>(),
            Milliseconds = t.Column<long>(),
        }, constraints: t => t.PrimaryKey("PK_effect_attempts", r => new { r.EffectId, r.Number }));

        migrationBuilder.CreateTable("conflicts", t => new
        {
            Id = t.Column<Guid>(),
            LinkId = t.Column<Guid>(),
            Field = t.Column<string>(),
            BaseValue = t.Column<string>(nullable: true),
            HubValue = t.Column<string>(nullable: true),
            RemoteValue = t.Column<string>(nullable: true),
            Decision = t.Column<string>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_conflicts", r => r.Id));
        migrationBuilder.CreateIndex("IX_conflicts_LinkId", "conflicts", ["LinkId"]);
    }
}
