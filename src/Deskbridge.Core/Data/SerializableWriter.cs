using System.Data;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
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

    /// <summary>Tells our advisory locks from those of other programs on the database.</summary>
    private const int LockClass = 0x44425247;

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
                return await OnceAsync(isolation, queue, work, attempt < AloneFrom ? 1 : AtOnce, cancel);
            }
            catch (Exception failure) when (attempt < Attempts && IsCollision(failure, attempt) && !cancel.IsCancellationRequested)
            {
                Interlocked.Increment(ref _repeated);
                var pause = Math.Min(LongestPause.TotalMilliseconds, 2 << Math.Min(attempt, 8));
                await Task.Delay(TimeSpan.FromMilliseconds(pause * random.NextDouble()), cancel);
            }
        }
    }

    private async Task<T> OnceAsync<T>(IsolationLevel isolation, WorkHint? queue, Func<HubDb, Task<T>> work, int places, CancellationToken cancel)
    {
        T result;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var asked = clock.GetTimestamp();
        await TakeAsync(places, cancel);
        var began = clock.GetTimestamp();
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(isolation, cancel);
            if (queue is { } lane) await TakeTurnAsync(transaction, lane, cancel);
            result = await work(db);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        finally
        {
            _places.Release(places);
            metrics.Transaction(clock.GetElapsedTime(asked, began), clock.GetElapsedTime(began));
        }

        after.Run(db);
        return result;
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

    private static async Task TakeTurnAsync(IDbContextTransaction transaction, WorkHint queue, CancellationToken cancel)
    {
        var inner = (NpgsqlTransaction)transaction.GetDbTransaction();
        await using var command = inner.Connection!.CreateCommand();
        command.CommandText = "SELECT pg_advisory_xact_lock($1, $2)";
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = LockClass });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)queue });
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
