using Deskbridge.Access.Links;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>Sign-in: passwords, API tokens, remembered answers and, on PostgreSQL, the keys. Lives in the hub's database beside the core's tables.</summary>
internal sealed class AccessDb(DbContextOptions<AccessDb> options) : IdentityUserContext<AccessUser, Guid>(options)
{
    /// <summary>Own history table: the core's context keeps the default one in the same database.</summary>
    public const string HistoryTable = "__AccessMigrationsHistory";

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    public DbSet<OpenSession> Sessions => Set<OpenSession>();

    public DbSet<Reply> Replies => Set<Reply>();

    public DbSet<AccessKey> Keys => Set<AccessKey>();

    public DbSet<Authenticator> Authenticators => Set<Authenticator>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<OneTimeLink> Links => Set<OneTimeLink>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<AccessUser>().ToTable("access_users");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("access_user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("access_user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("access_user_tokens");
        builder.Entity<ApiToken>(e =>
        {
            e.ToTable("access_api_tokens").HasKey(r => r.Id);
            e.HasIndex(r => r.Lookup).IsUnique();
            e.HasIndex(r => r.PersonId);
        });
        builder.Entity<OpenSession>(e =>
        {
            e.ToTable("access_sessions").HasKey(r => r.Id);
            e.HasIndex(r => r.PersonId);
        });
        builder.Entity<Reply>(e =>
        {
            e.ToTable("access_replies").HasKey(r => new { r.PersonId, r.Key });
            e.HasIndex(r => r.At);
        });
        builder.Entity<AccessKey>().ToTable("access_keys").HasKey(r => r.Name);
        builder.Entity<Authenticator>().ToTable("access_authenticators").HasKey(r => r.PersonId);
        builder.Entity<RecoveryCode>().ToTable("access_recovery_codes").HasKey(r => new { r.PersonId, r.Hash });
        builder.Entity<OneTimeLink>(e =>
        {
            e.ToTable("access_links").HasKey(r => r.Id);
            e.HasIndex(r => r.Hash).IsUnique();
            e.HasIndex(r => r.PersonId);
        });
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.KeepInstants(Database.IsSqlite());
        configurationBuilder.Properties<LinkPurpose>().HaveConversion<string>();
    }
}

/// <summary>
/// What a person needs to sign in; its id is the person's id. Its user name is that id too, so that changing a person's email needs no
/// second write: sign-in finds the person by email first.
/// </summary>
internal sealed class AccessUser : IdentityUser<Guid>;

/// <summary>An API token. It belongs to a person and acts as that person.</summary>
internal sealed class ApiToken
{
    public required Guid Id { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>First characters of the token: finds the row without telling the secret.</summary>
    public required string Lookup { get; init; }

    /// <summary>SHA-256 of the whole token.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>What it may be used for, as <see cref="Access.Scopes.Write"/> has it; null for a token from before there were scopes, which may do all.</summary>
    public string? Scopes { get; init; }

    /// <summary>From then on it is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A browser that is signed in. Its cookie names this row; without the row the cookie is worth nothing, wherever a copy of it lies.</summary>
internal sealed class OpenSession
{
    public required Guid Id { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>The person's security stamp at sign-in: a new password changes theirs and so ends the session.</summary>
    public required string Stamp { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>To the hour.</summary>
    public required DateTimeOffset SeenAt { get; set; }
}

/// <summary>The answer given to a request that carried an <c>Idempotency-Key</c>, so that its repetition gets the same one.</summary>
internal sealed class Reply
{
    public required Guid PersonId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and body, hexadecimal.</summary>
    public required string RequestHash { get; init; }

    /// <summary>Null while the first request is at work.</summary>
    public int? Status { get; set; }

    public string ContentType { get; set; } = "";

    public string Location { get; set; } = "";

    /// <summary>Encrypted: an answer may hold a secret that is shown once.</summary>
    public string Body { get; set; } = "";

    public required DateTimeOffset At { get; set; }

    /// <summary>The hub that the first request came to.</summary>
    public Guid? NodeId { get; init; }
}
