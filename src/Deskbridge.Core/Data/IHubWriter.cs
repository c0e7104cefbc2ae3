namespace Deskbridge.Core.Data;

/// <summary>How a kind of database takes writes; <see cref="HubStore"/> is the door in front of it.</summary>
internal interface IHubWriter
{
    /// <summary>
    /// Runs the work in one transaction that is as if no other had run beside it: what the work read is still true when it commits. The
    /// commit is durable when the call returns, and the queues with new work have been hinted. The work may run more than once, each time
    /// from the start with a fresh context; only what the last run did is kept.
    /// </summary>
    Task<T> WriteAsync<T>(Func<HubDb, Task<T>> write, CancellationToken cancel);

    /// <summary>How often work had to run again because another transaction came between, since the start.</summary>
    long Repeated => 0;

    /// <summary>The same for taking work from a queue: no other claim on that queue runs beside it, in this hub or another.</summary>
    Task<T> ClaimAsync<T>(WorkHint queue, Func<HubDb, Task<T>> claim, CancellationToken cancel) => WriteAsync(claim, cancel);
}
