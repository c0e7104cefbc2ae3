using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

[DbContext(typeof(HubDb)), Migration("20261122_0002_connections")]
internal sealed class CreateConnections : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("connections", t => new
        {
            Id = t.Column<Guid>(),
            Kind = t.Column<string>(),
            Name = t.Column<string>(),
            Description = t.Column<string>(),
            TeamId = t.Column<Guid>(nullable: true),
            State = t.Column<string>(),
            Options = t.Column<string>(),
            Secrets = t.Column<string>(),
            InstanceKey = t.Column<string>(),
            CallbackToken = t.Column<string>(),
            CreatedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            InstalledAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            RuleVersionId = t.Column<Guid>(nullable: true),
            HeldRuleVersionId = t.Column<Guid>(nullable: true),
            CustomFields = t.Column<string>(),
            WriteCounter = t.Column<long>(),
            Version = t.Column<int>(),
        }, constraints: t => t.PrimaryKey("PK_connections", r => r.Id));
        migrationBuilder.CreateIndex("IX_connections_Name", "connections", ["Name"], unique: true);

        migrationBuilder.CreateTable("connection_health", t => new
        {
            ConnectionId = t.Column<Guid>(),
            LastReadAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            LastWriteAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            LastCallbackAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            FailingSince = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            Failure = t.Column<string>(nullable: true),
            FailuresInARow = t.Column<int>(),
            BreakerOpenUntil = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            ClockOffsetMs = t.Column<long>(),
            Callbacks = t.Column<string>(),
        }, constraints: t => t.PrimaryKey("PK_connection_health", r => r.ConnectionId));

        migrationBuilder.CreateTable("installed_objects", t => new
        {
            ConnectionId = t.Column<Guid>(),
            Role = t.Column<string>(),
            Kind = t.Column<string>(),
            Name = t.Column<string>(),
            RemoteId = t.Column<string>(),
            Created = t.Column<bool>(),
            Fingerprint = t.Column<string>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_installed_objects", r => new { r.ConnectionId, r.Role }));

        migrationBuilder.CreateTable("rule_versions", t => new
        {
            Id = t.Column<Guid>(),
            ConnectionId = t.Column<Guid>(),
            Hash = t.Column<string>(),
            Body = t.Column<string>(),
            ReadAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_rule_versions", r => r.Id));
        migrationBuilder.CreateIndex("IX_rule_versions_ConnectionId_Hash", "rule_versions", ["ConnectionId", "Hash"], unique: true);

        migrationBuilder.CreateTable("connection_runs", t => new
        {
            Id = t.Column<Guid>(),
            ConnectionId = t.Column<Guid>(),
            Kind = t.Column<string>(),
            State = t.Column<string>(),
            StartedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            EndedAt = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            Summary = t.Column<string>(),
            Total = t.Column<int>(),
            PersonId = t.Column<Guid>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_connection_runs", r => r.Id));
        migrationBuilder.CreateIndex("IX_connection_runs_ConnectionId_StartedAt", "connection_runs", ["ConnectionId", "StartedAt"]);

        migrationBuilder.CreateTable("connection_run_items", t => new
        {
            RunId = t.Column<Guid>(),
            Number = t.Column<int>(),
            Name = t.Column<string>(),
            Outcome = t.Column<string>(),
            Message = t.Column<string>(),
            Fix = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_connection_run_items", r => new { r.RunId, r.Number }));

        migrationBuilder.CreateTable("connection_events", t => new
        {
            Id = t.Column<Guid>(),
            ConnectionId = t.Column<Guid>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Kind = t.Column<string>(),
            RemoteId = t.Column<string>(nullable: true),
            Message = t.Column<string>(),
            Payload = t.Column<string>(nullable: true),
            Trace = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_connection_events", r => r.Id));
        migrationBuilder.CreateIndex("IX_connection_events_ConnectionId_At", "connection_events", ["ConnectionId", "At"]);
    }
}
