using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>
/// The one door to the hub's database. Reads run beside each other; every write is one transaction, and on SQLite writes
/// queue here instead of meeting SQLITE_BUSY. What a transaction committed is durable when the call returns.
/// </summary>
/// <param name="contexts">Makes contexts.</param>
/// <param name="hints">Told after a commit which queues have work.</param>
internal sealed class HubStore(IDbContextFactory<HubDb> contexts, WorkHints hints) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <summary>Reads. Nothing is tracked.</summary>
    public async Task<T> ReadAsync<T>(Func<HubDb, Task<T>> read, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await read(db);
    }

    /// <summary>Changes the database in one transaction: all of it or nothing. The work may be run again from the start.</summary>
    public async Task<T> WriteAsync<T>(Func<HubDb, Task<T>> write, CancellationToken cancel)
    {
        T result;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await _writer.WaitAsync(cancel);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            result = await write(db);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        finally
        {
            _writer.Release();
        }

        hints.Raise(db.Hints);
        return result;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<HubDb, Task> write, CancellationToken cancel) =>
        WriteAsync<object?>(
            async db =>
            {
                await write(db);
                return null;
            },
            cancel);
}
