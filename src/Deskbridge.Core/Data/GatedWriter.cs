using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>SQLite takes one writer at a time. Writes queue here, in memory, instead of meeting SQLITE_BUSY.</summary>
/// <param name="contexts">Makes contexts.</param>
/// <param name="hints">Told after a commit which queues have work.</param>
internal sealed class GatedWriter(IDbContextFactory<HubDb> contexts, WorkHints hints) : IHubWriter, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<HubDb, Task<T>> write, CancellationToken cancel)
    {
        T result;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await _gate.WaitAsync(cancel);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            result = await write(db);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        finally
        {
            _gate.Release();
        }

        hints.Raise(db.Hints);
        return result;
    }
}
