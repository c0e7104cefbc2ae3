using Deskbridge.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>SQLite takes one writer at a time. Writes queue here, in memory, instead of meeting SQLITE_BUSY.</summary>
/// <param name="contexts">Makes contexts.</param>
/// <param name="after">What follows a commit.</param>
/// <param name="metrics">Told how long writes wait and take.</param>
/// <param name="clock">Measures that.</param>
internal sealed class GatedWriter(IDbContextFactory<HubDb> contexts, AfterCommit after, HubMetrics metrics, TimeProvider clock) : IHubWriter, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<HubDb, Task<T>> write, CancellationToken cancel)
    {
        T result;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var asked = clock.GetTimestamp();
        await _gate.WaitAsync(cancel);
        var began = clock.GetTimestamp();
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
            metrics.Transaction(clock.GetElapsedTime(asked, began), clock.GetElapsedTime(began));
        }

        after.Run(db);
        return result;
    }
}
