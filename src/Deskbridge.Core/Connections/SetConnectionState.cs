using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>Pause (the queue is kept), resume, and disable (the queue is dropped).</summary>
internal sealed class SetConnectionState(HubStore store, ConnectionChanges changes, TimeProvider clock)
{
    public Task<Failure?> PauseAsync(Guid id, Person by, CancellationToken cancel) =>
        RunAsync(id, by, (_, connection) => Task.FromResult<Failure?>(Move(connection, ConnectionState.Paused, "paused", ConnectionState.Active)), cancel);

    public Task<Failure?> ResumeAsync(Guid id, Person by, CancellationToken cancel) =>
        RunAsync(id, by, (_, connection) => Task.FromResult<Failure?>(Move(connection, ConnectionState.Active, "resumed", ConnectionState.Paused)), cancel);

    public Task<Failure?> DisableAsync(Guid id, Person by, CancellationToken cancel) =>
        RunAsync(
            id,
            by,
            async (db, connection) =>
            {
                var failure = Move(connection, ConnectionState.Disabled, "disabled", ConnectionState.Active, ConnectionState.Paused);
                if (failure is null) await DropQueueAsync(db, id, clock.GetUtcNow(), cancel);
                return failure;
            },
            cancel);

    /// <summary>Supersedes what was not sent and forgets the wakes. What is in doubt stays in doubt.</summary>
    public static async Task DropQueueAsync(HubDb db, Guid id, DateTimeOffset now, CancellationToken cancel)
    {
        await db.Wakes.Where(wake => wake.ConnectionId == id).ExecuteDeleteAsync(cancel);
        var unsent = await db.Effects
            .Where(effect => effect.ConnectionId == id && (effect.State == EffectState.Pending || effect.State == EffectState.Retry))
            .ToListAsync(cancel);
        foreach (var effect in unsent)
        {
            effect.State = EffectState.Superseded;
            effect.Error = "The connection was switched off before this was sent.";
            effect.SettledAt = now;
        }
    }

    private async Task<Failure?> RunAsync(Guid id, Person by, Func<HubDb, Connection, Task<Failure?>> move, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        var failure = await store.WriteAsync(
            async db =>
            {
                if (await db.Connections.FindAsync([id], cancel) is not { } connection) return new ConnectionNotFound(id);
                var before = connection.State;
                if (await move(db, connection) is { } refused) return refused;
                if (before != connection.State)
                {
                    var word = connection.State == ConnectionState.Active ? "resumed" : connection.State.ToString().ToLowerInvariant();
                    db.LogConnectionEvent(id, "state", null, $"{by.Name} {word} the connection.", null, null, clock.GetUtcNow());
                }

                return null;
            },
            cancel);
        if (failure is null) changes.Raise(id);
        return failure;
    }

    private static WrongConnectionState? Move(Connection connection, ConnectionState to, string wish, params ConnectionState[] from)
    {
        if (connection.State != to && !from.Contains(connection.State))
        {
            return new WrongConnectionState(connection.Name, connection.State, wish, connection.State switch
            {
                ConnectionState.Draft or ConnectionState.Disabled => "Install it first.",
                ConnectionState.Removed => "Create a new connection instead.",
                _ => "Resume it first.",
            });
        }

        connection.State = to;
        return null;
    }
}
