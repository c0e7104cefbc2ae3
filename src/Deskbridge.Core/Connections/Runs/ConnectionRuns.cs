using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>
/// Starts runs and keeps them going in the background. Steps are rows, so that every page sees them at once. A run that the hub's
/// end cut off is marked interrupted at the next start, and may be started again.
/// </summary>
internal sealed partial class ConnectionRuns : IDisposable
{
    /// <summary>These change the connection and never run beside each other.</summary>
    private static readonly ConnectionRunKind[] Exclusive = [ConnectionRunKind.Install, ConnectionRunKind.Sync, ConnectionRunKind.Remove];

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Guid, (Task Work, CancellationTokenSource Stop)> _atWork = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<ConnectionRunKind, IRun> _kinds;
    private readonly HubStore _store;
    private readonly ConnectionChanges _changes;
    private readonly RandomIds _ids;
    private readonly ThisNode _node;
    private readonly TimeProvider _clock;
    private readonly ILogger<ConnectionRuns> _logger;

    /// <summary>Knows every kind of run.</summary>
    public ConnectionRuns(IEnumerable<IRun> kinds, HubStore store, ConnectionChanges changes, RandomIds ids, ThisNode node, TimeProvider clock, ILogger<ConnectionRuns> logger)
    {
        (_store, _changes, _ids, _node, _clock, _logger) = (store, changes, ids, node, clock, logger);
        _kinds = kinds.ToDictionary(run => run.Kind);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    /// <summary>Starts a run in the background.</summary>
    public async Task<RunStarted> StartAsync(Guid connectionId, ConnectionRunKind kind, Person by, RunRequest request, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new RunStarted(null, new OnlyAdministrators());
        var run = new ConnectionRun { Id = _ids.NewId(), ConnectionId = connectionId, Kind = kind, StartedAt = _clock.GetUtcNow(), PersonId = by.Id, NodeId = _node.Id };
        var failure = await _store.WriteAsync(db => AddAsync(db, run, request, cancel), cancel);
        if (failure is not null) return new RunStarted(null, failure);

        var stop = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var scope = new RunScope(run, request, by.Name, _store);
        var begin = new TaskCompletionSource();
        _atWork[run.Id] = (WorkAsync(begin.Task, run, scope, stop), stop);
        begin.SetResult();
        return new RunStarted(run.Id, null);
    }

    /// <summary>Stops a run at its next step, whichever hub it runs in. What was done stays done. False when it is not at work any more.</summary>
    public async Task<bool> CancelAsync(Guid runId)
    {
        if (!_atWork.TryGetValue(runId, out var work)) return await AskToStopAsync(runId);
        try
        {
            await work.Stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        return true;
    }

    /// <summary>Waits until a run has ended, whichever hub it runs in.</summary>
    public async Task WaitAsync(Guid runId, CancellationToken cancel)
    {
        if (_atWork.TryGetValue(runId, out var work))
        {
            await work.Work.WaitAsync(cancel);
            return;
        }

        while (await _store.ReadAsync(db => db.ConnectionRuns.AnyAsync(run => run.Id == runId && run.State == RunState.Running, cancel), cancel))
            await Task.Delay(LookAgain, _clock, cancel);
    }

    /// <summary>Marks what the end of a hub cut off: of this one at its start, of others when they are gone.</summary>
    /// <param name="others">The other hubs that live.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task MarkInterruptedAsync(IReadOnlyCollection<Guid> others, CancellationToken cancel)
    {
        IQueryable<ConnectionRun> Left(HubDb db) => db.ConnectionRuns.Where(run => run.State == RunState.Running && (run.NodeId == null || !others.Contains(run.NodeId.Value)));
        if (!await _store.ReadAsync(db => Left(db).AnyAsync(cancel), cancel)) return; // asked every few seconds, and there is hardly ever one
        await _store.WriteAsync(
            async db =>
            {
                foreach (var run in await Left(db).ToListAsync(cancel))
                {
                    if (_atWork.ContainsKey(run.Id)) continue;
                    run.State = RunState.Interrupted;
                    run.EndedAt = _clock.GetUtcNow();
                    run.Summary = "The hub stopped in the middle. Start it again: it goes on where it was.";
                }
            },
            cancel);
    }

    /// <summary>A run with its steps, or null.</summary>
    public Task<RunView?> FindAsync(Guid runId, CancellationToken cancel) =>
        _store.ReadAsync(
            async db => await db.ConnectionRuns.SingleOrDefaultAsync(run => run.Id == runId, cancel) is { } run
                ? new RunView(run, await db.ConnectionRunItems.Where(item => item.RunId == runId).OrderBy(item => item.Number).ToListAsync(cancel))
                : null,
            cancel);

    /// <summary>The latest runs of a connection, newest first.</summary>
    public Task<List<ConnectionRun>> ListAsync(Guid connectionId, int limit, CancellationToken cancel) =>
        _store.ReadAsync(
            db => db.ConnectionRuns.Where(run => run.ConnectionId == connectionId).OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Id).Take(limit).ToListAsync(cancel), cancel);

    private static async Task<Failure?> AddAsync(HubDb db, ConnectionRun run, RunRequest request, CancellationToken cancel)
    {
        var connection = await db.Connections.FindAsync([run.ConnectionId], cancel);
        if (connection is null or { State: ConnectionState.Removed }) return new ConnectionNotFound(run.ConnectionId);
        if (run.Kind == ConnectionRunKind.Sync && connection.State != ConnectionState.Active)
        {
            return new WrongConnectionState(connection.Name, connection.State, "synchronised", connection.State == ConnectionState.Paused ? "Resume it first." : "Install it first.");
        }

        var rivals = Exclusive.Contains(run.Kind) ? Exclusive : [run.Kind];
        var ownOnly = run.Kind == ConnectionRunKind.Preview; // people try their texts beside each other
        if (await db.ConnectionRuns.FirstOrDefaultAsync(other => other.ConnectionId == run.ConnectionId && other.State == RunState.Running && rivals.Contains(other.Kind) && (!ownOnly || other.PersonId == run.PersonId), cancel) is { } busy)
        {
            return new RunInProgress(connection.Name, busy.Kind, busy.Id);
        }

        if (run.Kind == ConnectionRunKind.Install && !request.ConfirmSecond && connection.State is not (ConnectionState.Active or ConnectionState.Paused)
            && await ConnectionRules.RunningTwinsAsync(db, connection, cancel) is [var twin, ..])
        {
            return new SecondConnection(connection.Name, twin);
        }

        db.ConnectionRuns.Add(run);
        return null;
    }

    private Task<bool> AskToStopAsync(Guid runId) =>
        _store.WriteAsync(
            async db =>
            {
                if (await db.ConnectionRuns.FindAsync([runId]) is not { State: RunState.Running } run) return false;
                return run.CancelAsked = true;
            },
            CancellationToken.None);

    private async Task WorkAsync(Task begin, ConnectionRun run, RunScope scope, CancellationTokenSource stop)
    {
        await begin;
        await Task.Yield();
        var (state, summary) = await OutcomeAsync(run, scope, stop.Token);
        try
        {
            await _store.WriteAsync(
                async db =>
                {
                    var row = await db.ConnectionRuns.FindAsync([run.Id]);
                    if (row!.State != RunState.Running) return; // this hub was held up so long that another took it for gone
                    (row.State, row.Summary, row.EndedAt) = (state, summary, _clock.GetUtcNow());
                    var kind = run.Kind.ToString().ToLowerInvariant();
                    if (state == RunState.Failed) db.LogConnectionEvent(run.ConnectionId, kind, null, await FailureAsync(db, run, scope, summary), null, null, _clock.GetUtcNow(), warn: true);
                    else if (run.Kind is not (ConnectionRunKind.Test or ConnectionRunKind.DryRun or ConnectionRunKind.Preview))
                        db.LogConnectionEvent(run.ConnectionId, kind, null, $"{run.Kind} by {scope.PersonName}: {summary}", null, null, _clock.GetUtcNow());
                },
                CancellationToken.None);
        }
        catch (Exception failure)
        {
            LogNotRecorded(_logger, run.Kind, run.ConnectionId, failure);
        }

        _atWork.TryRemove(run.Id, out _);
        stop.Dispose();
        _changes.Raise(run.ConnectionId);
    }

    /// <summary>What failed and how it is mended, where the summary only counts.</summary>
    private static async Task<string> FailureAsync(HubDb db, ConnectionRun run, RunScope scope, string summary)
    {
        var failed = await db.ConnectionRunItems.Where(item => item.RunId == run.Id && item.Outcome == "failed").OrderBy(item => item.Number).ToListAsync();
        var connection = await db.Connections.FindAsync([run.ConnectionId]);
        var steps = failed.Where(item => !summary.Contains(item.Message, StringComparison.Ordinal))
            .Select(item => item.Fix is { } fix && !item.Message.Contains(fix, StringComparison.Ordinal) ? $" {item.Name}: {item.Message} {fix}" : $" {item.Name}: {item.Message}");
        return $"{run.Kind} of {connection?.Name} by {scope.PersonName} failed: {summary}{string.Concat(steps)}";
    }

    private async Task<(RunState State, string Summary)> OutcomeAsync(ConnectionRun run, RunScope scope, CancellationToken stop)
    {
        try
        {
            var result = await _kinds[run.Kind].RunAsync(scope, stop);
            return (result.Succeeded ? RunState.Succeeded : RunState.Failed, result.Summary);
        }
        catch (ConnectorException failure)
        {
            return (RunState.Failed, failure.Message);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            return (RunState.Interrupted, "The hub stopped in the middle. Start it again: it goes on where it was.");
        }
        catch (OperationCanceledException)
        {
            return (RunState.Cancelled, "Cancelled. What was done so far stays; started again it goes on from there.");
        }
        catch (Exception failure)
        {
            LogFailed(_logger, run.Kind, run.ConnectionId, failure);
            return (RunState.Failed, "It failed by a fault of the hub's own; the log names it. Start it again.");
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "{Kind} of connection {ConnectionId} failed")]
    private static partial void LogFailed(ILogger logger, ConnectionRunKind kind, Guid connectionId, Exception failure);

    [LoggerMessage(3002, LogLevel.Error, "The end of {Kind} of connection {ConnectionId} could not be recorded")]
    private static partial void LogNotRecorded(ILogger logger, ConnectionRunKind kind, Guid connectionId, Exception failure);
}

/// <summary>What came of starting a run.</summary>
internal sealed record RunStarted(Guid? RunId, Failure? Failure);

/// <summary>A run with its steps.</summary>
internal sealed record RunView(ConnectionRun Run, IReadOnlyList<ConnectionRunItem> Items);
