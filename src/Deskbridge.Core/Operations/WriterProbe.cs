using Deskbridge.Core.Data;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Operations;

/// <summary>
/// Asks the database for a small durable write: a full disk, a read-only or locked file and a writer that hangs show in nothing less. Asked
/// often, it answers from the last second, and never more than one write is under way.
/// </summary>
internal sealed partial class WriterProbe(HubStore store, HubDatabase database, TimeProvider clock, ILogger<WriterProbe> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<WriterState>? _running;
    private long _began;
    private bool _writable = true;

    /// <summary>Tries a write. Always answers, within some seconds; the log is told when the answer changes.</summary>
    public async Task<WriterState> AskAsync(CancellationToken cancel)
    {
        var state = await AskQuietlyAsync(cancel);
        bool news;
        lock (_gate)
        {
            news = _writable != state.Writable;
            _writable = state.Writable;
        }

        if (news && state.Writable) LogWrites(logger);
        else if (news) LogWritesNothing(logger, state.Message);
        return state;
    }

    private async Task<WriterState> AskQuietlyAsync(CancellationToken cancel)
    {
        Task<WriterState> asked;
        lock (_gate)
        {
            if (_running is null || (_running.IsCompleted && clock.GetElapsedTime(_began) > KeptFor))
            {
                _began = clock.GetTimestamp();
                _running = Task.Run(TryAsync, CancellationToken.None); // SQLite waits for a lock without letting the thread go
            }

            asked = _running;
        }

        try
        {
            return await asked.WaitAsync(Patience, clock, cancel);
        }
        catch (TimeoutException)
        {
            return new WriterState(false, clock.GetElapsedTime(_began), $"The database did not take a write within {Patience.TotalSeconds:0} seconds.");
        }
    }

    [LoggerMessage(6035, LogLevel.Error, "The database takes no writes, so nobody is paged. {Cause}")]
    private static partial void LogWritesNothing(ILogger logger, string cause);

    [LoggerMessage(6036, LogLevel.Information, "The database takes writes again")]
    private static partial void LogWrites(ILogger logger);

    /// <summary>The small write. Its instant also says later when the hub was there last.</summary>
    public static async Task WriteAsync(HubDb db, DateTimeOffset now)
    {
        if (await db.Probes.FindAsync([1]) is { } probe) probe.At = now;
        else db.Probes.Add(new Probe { Id = 1, At = now });
    }

    private async Task<WriterState> TryAsync()
    {
        var began = clock.GetTimestamp();
        if (database.File is { } file && !File.Exists(file)) // an open file that was removed still takes writes, which nobody will ever read
            return new WriterState(false, TimeSpan.Zero, $"The database file {file} is gone. Stop the hub at once and put it back from a backup.");
        try
        {
            await store.WriteAsync(db => WriteAsync(db, clock.GetUtcNow()), CancellationToken.None);
            return new WriterState(true, clock.GetElapsedTime(began), "It takes writes.");
        }
        catch (Exception failure)
        {
            return new WriterState(false, clock.GetElapsedTime(began), StorageTrouble.Describe(failure) ?? "The database does not take writes.");
        }
    }
}

/// <summary>Whether the database takes writes.</summary>
/// <param name="Writable">It did.</param>
/// <param name="Took">How long that took.</param>
/// <param name="Message">In words; when it did not, the cause.</param>
internal sealed record WriterState(bool Writable, TimeSpan Took, string Message);
