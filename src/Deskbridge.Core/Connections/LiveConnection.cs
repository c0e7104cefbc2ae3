using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections;

/// <summary>A connection that can be worked with: its row, its connector, the rules in force. Shared by many threads; never disposed by its users.</summary>
internal sealed class LiveConnection(
    Connection row, IConnector connector, object options, RuleBook? rules, RemoteLists lists, TimeSpan storedOffset, TimeProvider clock)
{
    /// <summary>The row as read, at most five seconds ago. Counters (<see cref="Connections.Connection.WriteCounter"/>) are read in the database.</summary>
    public Connection Connection => row;

    public Guid Id => row.Id;

    public IConnector Connector => connector;

    public IAlertingPreferences Preferences => options as IAlertingPreferences ?? NoPreferences.Instance;

    /// <summary>The rules in force; null before Install or when the remote has none.</summary>
    public RuleBook? Rules => rules;

    public Guid? RuleVersionId => row.RuleVersionId;

    /// <summary>Events of the rules in force that the remote system is asked about, by id, with the reason (engine.md §6.9). Usually none.</summary>
    public IReadOnlyDictionary<string, string> AskedEvents { get; init; } = new Dictionary<string, string>();

    /// <summary>The present instant on the remote's clock.</summary>
    public DateTimeOffset RemoteNow => clock.GetUtcNow() + ClockOffset;

    /// <summary>How far the remote's clock is ahead of ours; as last recorded until the connector's first answer.</summary>
    public TimeSpan ClockOffset => connector.ClockOffset ?? storedOffset;

    /// <summary>Whether an alert shows details that must be read beside the ticket.</summary>
    public bool ReadsDetails => connector is IReadsTicketDetails { ReadsDetails: true };

    /// <summary>The statuses of a board.</summary>
    /// <param name="boardId">Remote id of the board.</param>
    /// <param name="suffice">Whether the one looked for is among them; if not, somebody may just have added it, and those kept are read again.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<IReadOnlyList<RemoteStatus>> StatusesAsync(string boardId, Func<IReadOnlyList<RemoteStatus>, bool> suffice, CancellationToken cancel) =>
        lists.StatusesAsync(boardId, suffice, cancel);

    /// <summary>The active boards.</summary>
    public Task<IReadOnlyList<RemoteRef>> BoardsAsync(CancellationToken cancel) => lists.BoardsAsync(cancel);

    /// <summary>The member of the person with this email, or the chosen one; null when there is none or it cannot be told.</summary>
    /// <param name="email">The person's email.</param>
    /// <param name="chosen">Remote id of the member that an administrator chose for them.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<RemoteMember?> MemberAsync(string email, string? chosen, CancellationToken cancel) => lists.MemberAsync(email, chosen, cancel);

    private sealed class NoPreferences : IAlertingPreferences
    {
        public static NoPreferences Instance { get; } = new();

        public StatusFlows Flows => StatusFlows.All;

        public OwnerAssignment OwnerAssignment => OwnerAssignment.Never;

        public bool OverwriteOwner => false;

        public NoteFlags NoteFlags => NoteFlags.Internal;
    }
}
