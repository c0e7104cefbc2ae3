using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Deskbridge.Core.Data.Migrations;

/// <summary>People are paged by text message, and answer by one.</summary>
[DbContext(typeof(HubDb)), Migration("20261123_0146_sms")]
internal sealed class CreateSms : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTimeOffset>("VerifiedAt", "channels", migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>("StoppedAt", "channels", migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<string>("CodeHash", "channels", defaultValue: "");
        migrationBuilder.AddColumn<DateTimeOffset>("CodeSentAt", "channels", migrationBuilder.Instant, nullable: true);
        migrationBuilder.AddColumn<int>("CodeTries", "channels", defaultValue: 0);

        migrationBuilder.CreateTable("reply_codes", t => new
        {
            PersonId = t.Column<Guid>(),
            Code = t.Column<int>(),
            AlertId = t.Column<Guid>(),
            GivenAt = t.Column<DateTimeOffset>(migrationBuilder.Instant),
        }, constraints: t => t.PrimaryKey("PK_reply_codes", r => new { r.PersonId, r.Code }));

        migrationBuilder.CreateTable("sms_received", t => new
        {
            Sid = t.Column<string>(),
            From = t.Column<string>(),
            At = t.Column<DateTimeOffset>(migrationBuilder.Instant),
            Answer = t.Column<string>(),
            Understood = t.Column<bool>(),
        }, constraints: t => t.PrimaryKey("PK_sms_received", r => r.Sid));
        migrationBuilder.CreateIndex("IX_sms_received_At", "sms_received", "At");
    }
}
