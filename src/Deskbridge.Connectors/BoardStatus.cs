using System.Diagnostics.CodeAnalysis;

namespace Deskbridge.Connectors;

/// <summary>The states whose actions set a status on the ticket.</summary>
public enum OutboundState
{
    /// <summary>The alert was acknowledged in the hub.</summary>
    Acknowledged,

    /// <summary>The alert was closed in the hub.</summary>
    Closed,
}

/// <summary>
/// The status that a rule's action sets on a board that lacks the one it names (S40, engine.md §6.7). Kept by id; the names are those at the
/// time it was chosen, for people. As text: <c>acknowledged | 3 | Managed Services | 41 | In Progress</c>.
/// </summary>
/// <param name="On">The state whose action is meant.</param>
/// <param name="Board">The board.</param>
/// <param name="Status">A status of that board.</param>
public sealed record BoardStatus(OutboundState On, RemoteRef Board, RemoteRef Status)
{
    private const string Between = " | ";

    /// <summary>Reads the text form.</summary>
    /// <param name="text">What <see cref="ToString"/> wrote, or somebody typed.</param>
    /// <param name="read">What it says.</param>
    /// <returns>False when it is not of that form.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out BoardStatus? read)
    {
        read = null;
        if (text.Split('|', StringSplitOptions.TrimEntries) is not [var on, { Length: > 0 } board, var boardName, { Length: > 0 } status, var statusName]) return false;
        if (!Enum.TryParse<OutboundState>(on, ignoreCase: true, out var state) || !Enum.IsDefined(state)) return false;
        read = new BoardStatus(state, new RemoteRef(board, boardName), new RemoteRef(status, statusName));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(Between, $"{On}".ToLowerInvariant(), Board.Id, Plain(Board.Name), Status.Id, Plain(Status.Name));

    private static string Plain(string name) => name.Replace('|', '/').Trim();
}
