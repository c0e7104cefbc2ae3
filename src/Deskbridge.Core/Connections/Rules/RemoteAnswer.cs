using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>What the remote system answered last about one event of its rules (engine.md §6.9). Every hub on the database plans by it.</summary>
public sealed class RemoteAnswer
{
    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Remote id of the event.</summary>
    public required string EventId { get; init; }

    /// <summary>The condition it was about; the answer says nothing about another.</summary>
    public required string Condition { get; set; }

    /// <summary>When it was asked, on the remote's clock; before the first answer, when asking began.</summary>
    public required DateTimeOffset AskedAt { get; set; }

    /// <summary>Remote ids of the tickets that match with the times of their last changes, as JSON; empty before the first answer.</summary>
    public string Matched { get; set; } = "";

    /// <summary>When the answer came.</summary>
    public required DateTimeOffset ReadAt { get; set; }

    /// <summary>Since when no question was answered; null while they are.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Why not.</summary>
    public string? Failure { get; set; }

    /// <summary>The answer about a condition; null when there is none.</summary>
    internal EventAnswer? About(string condition) => Condition == condition && Matched.Length > 0
        ? new EventAnswer(AskedAt, Json.Read<Dictionary<string, DateTimeOffset?>>(Matched))
        : null;

    /// <summary>Takes a newer answer.</summary>
    internal void Take(string condition, EventAnswer answer, DateTimeOffset now)
    {
        (Condition, AskedAt, ReadAt, FailingSince, Failure) = (condition, answer.AskedAt, now, null, null);
        Matched = Json.Write(answer.Matched);
    }
}
