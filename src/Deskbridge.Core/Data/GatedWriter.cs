using System.Runtime.ExceptionServices;
using Deskbridge.Core.Common;
using Deskbridge.Core.Operations;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Deskbridge.Core.Data;

/// <summary>
/// SQLite takes one writer at a time. Writes queue here, in memory, instead of meeting SQLITE_BUSY; those that wait are committed together,
/// each behind a savepoint of its own, so that one flush to disk serves all of them and one that fails takes back only itself.
/// </summary>
internal sealed class GatedWriter : IHubWriter, IAsyncDisposable
{
    /// <summary>Bounds how long the first of a group waits for the commit.</summary>
    private const int MostTogether = 64;

    private const string Savepoint = "one";

    private readonly IDbContextFactory<HubDb> _contexts;
    private readonly AfterCommit _after;
    private readonly HubMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly Gathering<Write> _writes;
    private readonly SemaphoreSlim _atWork = new(1);
    private HubDb? _kept;
    private bool _ended;

    /// <summary>The writer of a hub.</summary>
    /// <param name="contexts">Makes contexts.</param>
    /// <param name="after">What follows a commit.</param>
    /// <param name="metrics">Told how long writes wait and take.</param>
    /// <param name="clock">Measures that.</param>
    public GatedWriter(IDbContextFactory<HubDb> contexts, AfterCommit after, HubMetrics metrics, TimeProvider clock)
    {
        (_contexts, _after, _metrics, _clock) = (contexts, after, metrics, clock);
        _writes = new Gathering<Write>(MostTogether, CommitAsync);
    }

    /// <summary>Waits for the group at work; whoever asks later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        await _atWork.WaitAsync();
        _ended = true;
        await LetGoAsync();
        _atWork.Release(); // not disposed: who waits for it must hear that it is over
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<HubDb, Task<T>> write, CancellationToken cancel)
    {
        var mine = new Write<T>(write, _clock.GetTimestamp(), cancel);
        await _writes.DoAsync(mine);
        if (mine.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        return mine.Value!;
    }

    private async Task CommitAsync(IReadOnlyList<Write> group)
    {
        await _atWork.WaitAsync();
        var began = _clock.GetTimestamp();
        try
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            await CommitOnceAsync(group);
        }
        catch (Exception failure)
        {
            await LetGoAsync();
            foreach (var write in group) write.Failure ??= failure;
        }
        finally
        {
            _atWork.Release();
        }

        foreach (var write in group)
        {
            _metrics.Transaction(_clock.GetElapsedTime(write.AskedAt, began), _clock.GetElapsedTime(began));
            if (write.Failure is null) _after.Run(write.Hints, write.Counts, write.Warnings);
        }
    }

    private async Task CommitOnceAsync(IReadOnlyList<Write> group)
    {
        var db = await KeptAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        foreach (var write in group) await RunAsync(write, db, transaction, alone: group.Count == 1);
        if (group.Any(write => write.Failure is null)) await transaction.CommitAsync();
    }

    /// <summary>A write that fails leaves no trace; the others go on.</summary>
    private static async Task RunAsync(Write write, HubDb db, IDbContextTransaction transaction, bool alone)
    {
        db.Forget();
        if (!alone) await transaction.CreateSavepointAsync(Savepoint);
        try
        {
            write.Cancel.ThrowIfCancellationRequested();
            await write.RunAsync(db);
            if (!alone) await transaction.ReleaseSavepointAsync(Savepoint);
            (write.Hints, write.Counts, write.Warnings) = ([.. db.Hints], [.. db.Counts], [.. db.Warnings]);
        }
        catch (Exception failure)
        {
            if (!alone) await transaction.RollbackToSavepointAsync(Savepoint);
            write.Failure = failure;
        }
        finally
        {
            db.Forget();
        }
    }

    /// <summary>One context on one open connection: neither is made anew for each write, and its statements stay prepared.</summary>
    private async Task<HubDb> KeptAsync()
    {
        if (_kept is not null) return _kept;
        _kept = await _contexts.CreateDbContextAsync();
        await _kept.Database.OpenConnectionAsync();
        KeptStatements.Keep((SqliteConnection)_kept.Database.GetDbConnection());
        return _kept;
    }

    private async Task LetGoAsync()
    {
        if (_kept is not { } kept) return;
        _kept = null;
        await kept.DisposeAsync();
    }

    private abstract class Write(long askedAt, CancellationToken cancel)
    {
        public CancellationToken Cancel => cancel;

        public long AskedAt => askedAt;

        public WorkHint[] Hints { get; set; } = [];

        public Action<HubMetrics>[] Counts { get; set; } = [];

        public ConnectionTrouble[] Warnings { get; set; } = [];

        public Exception? Failure { get; set; }

        public abstract Task RunAsync(HubDb db);
    }

    private sealed class Write<T>(Func<HubDb, Task<T>> work, long askedAt, CancellationToken cancel) : Write(askedAt, cancel)
    {
        private readonly ExecutionContext? _asker = ExecutionContext.Capture();

        public T? Value { get; private set; }

        /// <summary>Whoever does the work, it runs and is saved as its asker's: the audit and traces name them.</summary>
        public override Task RunAsync(HubDb db)
        {
            if (_asker is null) return WorkAsync(db);
            var running = Task.CompletedTask;
            ExecutionContext.Run(_asker, _ => running = WorkAsync(db), null);
            return running;
        }

        private async Task WorkAsync(HubDb db)
        {
            Value = await work(db);
            await db.SaveChangesAsync(Cancel);
        }
    }
}
