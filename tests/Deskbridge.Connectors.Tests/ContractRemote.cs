namespace Deskbridge.Connectors.Tests;

/// <summary>A running simulator, seen as the technicians and the network of its real counterpart see it.</summary>
public abstract class ContractRemote : IAsyncDisposable
{
    /// <summary>An id that no ticket has.</summary>
    public abstract string MissingId { get; }

    /// <summary>Flags of a note that the customer sees.</summary>
    public virtual NoteFlags OpenNote => NoteFlags.Discussion;

    public abstract IConnector Connect(IReadOnlyDictionary<string, string>? installed = null, bool wrongKey = false);

    /// <summary>Ids of new tickets, in the order made; each has a company, on the first board.</summary>
    public abstract Task<IReadOnlyList<string>> CreateTicketsAsync(int count);

    /// <summary>The next call is refused for asking too much.</summary>
    public abstract Task ThrottleAsync(TimeSpan retryAfter);

    public abstract ValueTask DisposeAsync();
}
