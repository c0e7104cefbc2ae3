using Deskbridge.Core.Data;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Operations;

/// <summary>What follows a commit: queues with new work are hinted, what happened is counted, and trouble is logged. Nothing of a transaction that was rolled back.</summary>
internal sealed partial class AfterCommit(WorkHints hints, HubMetrics metrics, ILogger<AfterCommit> logger)
{
    /// <summary>Runs what the context collected.</summary>
    public void Run(HubDb db) => Run(db.Hints, db.Counts, db.Warnings);

    /// <summary>Runs what a transaction collected.</summary>
    public void Run(IReadOnlyCollection<WorkHint> hinted, IEnumerable<Action<HubMetrics>> counts, IEnumerable<ConnectionTrouble> warnings)
    {
        hints.Raise(hinted);
        foreach (var count in counts) count(metrics);
        foreach (var trouble in warnings) LogTrouble(logger, trouble.Connection, trouble.Entry.ConnectionId, trouble.Entry.Kind, trouble.Entry.Message);
    }

    [LoggerMessage(3023, LogLevel.Warning, "Connection {Connection} ({ConnectionId}), {Kind}: {Message}")]
    private static partial void LogTrouble(ILogger logger, string? connection, Guid connectionId, string kind, string message);
}
