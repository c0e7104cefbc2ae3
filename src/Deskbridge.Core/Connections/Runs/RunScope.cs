using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>A run at work: whose it is, and where its steps are told, visible at once.</summary>
internal sealed class RunScope(ConnectionRun run, RunRequest request, string personName, HubStore store)
{
    private int _number;

    public Guid ConnectionId => run.ConnectionId;

    public RunRequest Request => request;

    /// <summary>Who asked for it.</summary>
    public string PersonName => personName;

    /// <summary>Tells of a step in a transaction of its own.</summary>
    /// <exception cref="OperationCanceledException">Another hub was asked to stop the run, or took it for cut off.</exception>
    public async Task AddAsync(string name, string outcome, string message, string? fix, CancellationToken cancel)
    {
        var goesOn = await store.WriteAsync(
            async db =>
            {
                Add(db, name, outcome, message, fix);
                return await db.ConnectionRuns.AnyAsync(row => row.Id == run.Id && row.State == RunState.Running && !row.CancelAsked, cancel);
            },
            cancel);
        if (!goesOn) throw new OperationCanceledException($"The run {run.Id} was stopped.");
    }

    /// <summary>Tells of a step in the caller's transaction.</summary>
    public void Add(HubDb db, string name, string outcome, string message, string? fix = null) =>
        db.ConnectionRunItems.Add(new ConnectionRunItem
        {
            RunId = run.Id,
            Number = Interlocked.Increment(ref _number),
            Name = name,
            Outcome = outcome,
            Message = message,
            Fix = fix,
        });

    /// <summary>Says how many steps there will be.</summary>
    public Task SetTotalAsync(int total, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                if (await db.ConnectionRuns.FindAsync([run.Id], cancel) is { } row) row.Total = total;
            },
            cancel);
}
