using Deskbridge.Core.Data;

namespace Deskbridge.Core.Operations;

/// <summary>What follows a commit: queues with new work are hinted, and what happened is counted. Nothing of a transaction that was rolled back.</summary>
internal sealed class AfterCommit(WorkHints hints, HubMetrics metrics)
{
    /// <summary>Runs what the context collected.</summary>
    public void Run(HubDb db)
    {
        hints.Raise(db.Hints);
        foreach (var count in db.Counts) count(metrics);
    }
}
