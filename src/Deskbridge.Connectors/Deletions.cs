namespace Deskbridge.Connectors;

/// <summary>Tells which tickets were deleted, where the remote writes that down.</summary>
public interface IReadsDeletions
{
    /// <summary>Tickets that were deleted at or after an instant, oldest first.</summary>
    /// <param name="since">Inclusive, on the remote's clock.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<DeletedTicket>> ReadDeletedAsync(DateTimeOffset since, CancellationToken cancel);

    /// <summary>The deletion of one ticket; null when none is written down.</summary>
    /// <param name="remoteId">Remote id.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<DeletedTicket?> FindDeletedAsync(string remoteId, CancellationToken cancel);
}

/// <summary>A ticket that was deleted.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="At">When, on the remote's clock.</param>
/// <param name="By">Who deleted it, for people; null when that is not known.</param>
public sealed record DeletedTicket(string Id, DateTimeOffset At, string? By);
