using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Deskbridge.Access.Migrations;

[DbContext(typeof(AccessDb)), Migration("20261122_0001_sign_in")]
internal sealed class CreateSignIn : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("access_users", t => new
        {
            Id = t.Column<Guid>(),
            UserName = t.Column<string>(maxLength: 256, nullable: true),
            NormalizedUserName = t.Column<string>(maxLength: 256, nullable: true),
            Email = t.Column<string>(maxLength: 256, nullable: true),
            NormalizedEmail = t.Column<string>(maxLength: 256, nullable: true),
            EmailConfirmed = t.Column<bool>(),
            PasswordHash = t.Column<string>(nullable: true),
            SecurityStamp = t.Column<string>(nullable: true),
            ConcurrencyStamp = t.Column<string>(nullable: true),
            PhoneNumber = t.Column<string>(nullable: true),
            PhoneNumberConfirmed = t.Column<bool>(),
            TwoFactorEnabled = t.Column<bool>(),
            LockoutEnd = t.Column<DateTimeOffset>(migrationBuilder.Instant, nullable: true),
            LockoutEnabled = t.Column<bool>(),
            AccessFailedCount = t.Column<int>(),
        }, constraints: t => t.PrimaryKey("PK_access_users", r => r.Id));
        migrationBuilder.CreateIndex("UserNameIndex", "access_users", ["NormalizedUserName"], unique: true);
        migrationBuilder.CreateIndex("EmailIndex", "access_users", ["NormalizedEmail"]);

        migrationBuilder.CreateTable("access_user_claims", t => new
        {
            Id = t.Column<int>().Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
            UserId = t.Column<Guid>(),
            ClaimType = t.Column<string>(nullable: true),
            ClaimValue = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_access_user_claims", r => r.Id));
        migrationBuilder.CreateIndex("IX_access_user_claims_UserId", "access_user_claims", ["UserId"]);

        migrationBuilder.CreateTable("access_user_logins", t => new
        {
            LoginProvider = t.Column<string>(maxLength: 128),
            ProviderKey = t.Column<string>(maxLength: 128),
            ProviderDisplayName = t.Column<string>(nullable: true),
            UserId = t.Column<Guid>(),
        }, constraints: t => t.PrimaryKey("PK_access_user_logins", r => new { r.LoginProvider, r.ProviderKey }));
        migrationBuilder.CreateIndex("IX_access_user_logins_UserId", "access_user_logins", ["UserId"]);

        migrationBuilder.CreateTable("access_user_tokens", t => new
        {
            UserId = t.Column<Guid>(),
            LoginProvider = t.Column<string>(maxLength: 128),
            Name = t.Column<string>(maxLength: 128),
            Value = t.Column<string>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_access_user_tokens", r => new { r.UserId, r.LoginProvider, r.Name }));
    }
}
