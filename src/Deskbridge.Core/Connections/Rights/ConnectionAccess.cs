namespace Deskbridge.Core.Connections.Rights;

/// <summary>What was found out last about what a connection's account may do and see.</summary>
public sealed class ConnectionAccess
{
    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>When it was found out.</summary>
    public required DateTimeOffset CheckedAt { get; set; }

    /// <summary>The rights, a <see cref="Connectors.RightsReport"/> as JSON.</summary>
    public required string Rights { get; set; }
}

/// <summary>A person's member in the remote system, named by an administrator because emails do not tell.</summary>
public sealed class MemberChoice
{
    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>The person.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>Remote id of the member.</summary>
    public required string MemberId { get; set; }

    /// <summary>The member's name when it was chosen.</summary>
    public required string MemberName { get; set; }
}
