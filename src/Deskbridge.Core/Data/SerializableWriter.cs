using System.Data;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Deskbridge.Core.Data;

/// <summary>
/// PostgreSQL takes many writers. A serializable transaction commits only if the outcome is as if it had run alone; otherwise the database
/// refuses it and the work runs again from the start. That holds between threads and between hubs alike.
/// </summary>
/// <param name="contexts">Makes contexts.</param>
/// <param name="after">What follows a commit.</param>
/// <param name="metrics">Told how long writes wait and take.</param>
/// <param name="clock">Measures that.</param>
/// <param name="random">Keeps two that met from meeting again.</param>
internal sealed class SerializableWriter(IDbContextFactory<HubDb> contexts, AfterCommit after, HubMetrics metrics, RandomIds random, TimeProvider clock) : IHubWriter, IDisposable
{
    /// <summary>More at once only meet each other more often.</summary>
    private const int AtOnce = 8;

    private const int Attempts = 20;

    /// <summary>From this attempt on the work runs alone in this process: what many want at once, they get one after another.</summary>
    private const int AloneFrom = 3;

    /// <summary>From this attempt on it runs alone on the database: what other hubs write keeps it from committing no longer.</summary>
    private const int AloneOfAllFrom = 7;

    /// <summary>Tells our advisory locks from those of other programs on the database.</summary>
    private const int LockClass = 0x44425247;

    /// <summary>Beside the queues, whose locks have their numbers: held by every transaction together with others, by one that runs alone for itself.</summary>
    private const int WholeDatabase = -1;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly SemaphoreSlim _turnstile = new(1);

    /// <inheritdoc/>
    public long Repeated => Interlocked.Read(ref _repeated);

    private long _repeated;

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _turnstile.Dispose();
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<HubDb, Task<T>> write, CancellationToken cancel) => UntilCommittedAsync(IsolationLevel.Serializable, null, write, cancel);

    /// <summary>
    /// Claims from one queue run one after another, over all hubs, and lock the rows they look at: the lock stands for what a serializable
    /// transaction would have to find out at the price of a refusal.
    /// </summary>
    public Task<T> ClaimAsync<T>(WorkHint queue, Func<HubDb, Task<T>> claim, CancellationToken cancel) =>
        UntilCommittedAsync(IsolationLevel.ReadCommitted, queue, claim, cancel);

    private async Task<T> UntilCommittedAsync<T>(IsolationLevel isolation, WorkHint? queue, Func<HubDb, Task<T>> work, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(isolation, queue, work, attempt, cancel);
            }
            catch (Exception failure) when (attempt < Attempts && IsCollision(failure, attempt) && !cancel.IsCancellationRequested)
            {
                Interlocked.Increment(ref _repeated);
                var pause = Math.Min(LongestPause.TotalMilliseconds, 2 << Math.Min(attempt, 8));
                await Task.Delay(TimeSpan.FromMilliseconds(pause * random.NextDouble()), cancel);
            }
        }
    }

    private async Task<T> OnceAsync<T>(IsolationLevel isolation, WorkHint? queue, Func<HubDb, Task<T>> work, int attempt, CancellationToken cancel)
    {
        T result;
        var places = attempt < AloneFrom ? 1 : AtOnce;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var asked = clock.GetTimestamp();
        await TakeAsync(places, cancel);
        var began = clock.GetTimestamp();
        try
        {
            db.Forget(); // contexts are used again, and not everything in them is EF's to clear
            Task<T> CommitAsync() => CommittedAsync(db, isolation, queue, work, cancel);
            result = await (attempt < AloneOfAllFrom ? CommitAsync() : AloneOfAllAsync(db, CommitAsync, cancel));
        }
        finally
        {
            _places.Release(places);
            metrics.Transaction(clock.GetElapsedTime(asked, began), clock.GetElapsedTime(began));
        }

        after.Run(db);
        return result;
    }

    private static async Task<T> CommittedAsync<T>(HubDb db, IsolationLevel isolation, WorkHint? queue, Func<HubDb, Task<T>> work, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(isolation, cancel);
        if (queue is { } lane) await LockAsync(db, "SELECT pg_advisory_xact_lock_shared($1, $2), pg_advisory_xact_lock($1, $3)", [WholeDatabase, (int)lane], cancel);
        else await LockAsync(db, "SELECT pg_advisory_xact_lock_shared($1, $2)", [WholeDatabase], cancel);
        var result = await work(db);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return result;
    }

    /// <summary>The lock is taken before the transaction begins: one that waits for it inside has already decided which state of the database it sees, and would be refused for what those before it wrote.</summary>
    private static async Task<T> AloneOfAllAsync<T>(HubDb db, Func<Task<T>> work, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel);
        try
        {
            await LockAsync(db, "SELECT pg_advisory_lock($1, $2)", [WholeDatabase], cancel);
            return await work();
        }
        finally
        {
            // A connection that is broken has no lock any more. Otherwise none is left to whoever gets it from the pool.
            if (db.Database.GetDbConnection().State == ConnectionState.Open) await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_unlock_all()", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>One place, or all of them. Whoever takes places does it alone, in the order of asking, so that one who needs all is not passed by those who need one.</summary>
    private async Task TakeAsync(int places, CancellationToken cancel)
    {
        await _turnstile.WaitAsync(cancel);
        var taken = 0;
        try
        {
            for (; taken < places; taken++) await _places.WaitAsync(cancel);
        }
        catch when (taken > 0)
        {
            _places.Release(taken);
            throw;
        }
        finally
        {
            _turnstile.Release();
        }
    }

    private static async Task LockAsync(HubDb db, string statement, int[] what, CancellationToken cancel)
    {
        await using var command = ((NpgsqlConnection)db.Database.GetDbConnection()).CreateCommand();
        command.CommandText = statement;
        foreach (var number in (int[])[LockClass, .. what]) command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>
    /// Another transaction came between, or two waited for each other. A key that was free when it was looked up and is taken now is the same
    /// thing seen earlier; a key that is taken again and again is a fault of ours and is told. Only the next place in the audit is wanted by many.
    /// </summary>
    private static bool IsCollision(Exception failure, int attempt)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is not PostgresException refused) continue;
            return refused.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
                || (refused.SqlState == PostgresErrorCodes.UniqueViolation && (attempt <= 3 || refused.ConstraintName == AuditMap.Key));
        }

        return false;
    }
}
