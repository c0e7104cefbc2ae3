namespace Deskbridge.Access.Links;

/// <summary>A link by which one person chooses their password, once. Only its hash is kept.</summary>
internal sealed class OneTimeLink
{
    public required Guid Id { get; init; }

    public required Guid PersonId { get; init; }

    public required LinkPurpose Purpose { get; init; }

    /// <summary>SHA-256 of the secret in the link, hexadecimal.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>Taken back, or replaced by a newer link.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    public LinkState State(DateTimeOffset now) =>
        UsedAt is not null ? LinkState.Used
        : RevokedAt is not null ? LinkState.Revoked
        : ExpiresAt <= now ? LinkState.Expired
        : LinkState.Open;
}

/// <summary>Why a link was made.</summary>
internal enum LinkPurpose
{
    /// <summary>A new person chooses their first password.</summary>
    Invitation,

    /// <summary>In place of a lost password.</summary>
    Reset,
}

/// <summary>What has become of a link.</summary>
internal enum LinkState
{
    Open,
    Used,
    Revoked,
    Expired,
}
