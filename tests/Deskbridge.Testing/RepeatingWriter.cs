using Deskbridge.Core.Data;

namespace Deskbridge.Testing;

/// <summary>
/// Runs every write twice and keeps the second, as a database does on which another write came between: what a write changes beside its
/// context shows.
/// </summary>
internal sealed class RepeatingWriter(IHubWriter writer) : IHubWriter
{
    public async Task<T> WriteAsync<T>(Func<HubDb, Task<T>> write, CancellationToken cancel)
    {
        var collision = new InvalidOperationException("Another write came between.");
        try
        {
            await writer.WriteAsync<T>(
                async db =>
                {
                    await write(db);
                    await db.SaveChangesAsync(cancel);
                    throw collision;
                },
                cancel);
        }
        catch (InvalidOperationException failure) when (failure == collision)
        {
        }

        return await writer.WriteAsync(write, cancel);
    }

    public Task<T> ClaimAsync<T>(WorkHint queue, Func<HubDb, Task<T>> claim, CancellationToken cancel) => writer.ClaimAsync(queue, claim, cancel);
}
