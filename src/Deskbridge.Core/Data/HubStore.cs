using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>
/// The one door to the hub's database. Reads run beside each other; every write is one transaction, made in the way that suits the
/// database (<see cref="IHubWriter"/>). What a transaction committed is durable when the call returns.
/// </summary>
/// <param name="contexts">Makes contexts.</param>
/// <param name="writer">Takes the writes.</param>
internal sealed class HubStore(IDbContextFactory<HubDb> contexts, IHubWriter writer)
{
    /// <summary>Reads. Nothing is tracked.</summary>
    public async Task<T> ReadAsync<T>(Func<HubDb, Task<T>> read, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await read(db);
    }

    /// <summary>
    /// Changes the database in one transaction: all of it or nothing. The work may be run again from the start, so it changes nothing but
    /// the context it is given: what it found out is its result, and what follows a commit comes after this call.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<HubDb, Task<T>> write, CancellationToken cancel) => writer.WriteAsync(write, cancel);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<HubDb, Task> write, CancellationToken cancel) =>
        WriteAsync<object?>(
            async db =>
            {
                await write(db);
                return null;
            },
            cancel);

    /// <inheritdoc cref="IHubWriter.Repeated"/>
    public long RepeatedWrites => writer.Repeated;

    /// <summary>
    /// Takes work from a queue. Rows to be claimed are read with <see cref="Dialect.ForClaim"/>; rows that another transaction holds are
    /// passed over, and nothing but the claimed rows is changed.
    /// </summary>
    public Task<T> ClaimAsync<T>(WorkHint queue, Func<HubDb, Task<T>> claim, CancellationToken cancel) => writer.ClaimAsync(queue, claim, cancel);
}
