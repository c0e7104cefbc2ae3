namespace Deskbridge.Connectors;

/// <summary>Receives and verifies the remote's callbacks.</summary>
public interface IReceivesCallbacks
{
    /// <summary>
    /// Decides whether a callback is genuine and ours (engine.md §9). May fetch the signing key; nothing else.
    /// </summary>
    /// <param name="request">The request as it came.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<CallbackVerdict> VerifyAsync(CallbackRequest request, CancellationToken cancel);

    /// <summary>
    /// Makes the remote's subscriptions exactly what is needed: adds what lacks, removes doubles and those at an address where the hub was
    /// before, re-activates disabled ones.
    /// </summary>
    /// <param name="callbackUrl">Our public address for this connection. Its path holds a token that nobody else knows, so a subscription with this path is ours at whatever host.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<SubscriptionReport> EnsureSubscriptionsAsync(Uri callbackUrl, CancellationToken cancel);

    /// <summary>Removes every subscription of this connection, at whatever host.</summary>
    /// <param name="callbackPath">Path of our address for this connection, token included.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<int> RemoveSubscriptionsAsync(string callbackPath, CancellationToken cancel);
}

/// <summary>A callback as it came.</summary>
/// <param name="Body">Raw bytes.</param>
/// <param name="Headers">Header names (any case) to values.</param>
public sealed record CallbackRequest(ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>What the sender appended to the connection's address, without slashes around it.</summary>
    public string Appended { get; init; } = "";
}

/// <summary>What a callback is worth.</summary>
public abstract record CallbackVerdict
{
    private CallbackVerdict()
    {
    }

    /// <summary>Genuine and ours.</summary>
    /// <param name="DeliveryKey">Unique per delivery, for the inbox.</param>
    /// <param name="RecordType">See <see cref="RecordTypes"/>; other types are kept but wake nothing.</param>
    /// <param name="RemoteId">Which record.</param>
    /// <param name="Action">added, updated or deleted.</param>
    /// <param name="EntityUpdatedAt">The last-updated instant inside the callback, when it has one.</param>
    public sealed record Accepted(string DeliveryKey, string RecordType, string RemoteId, string Action, DateTimeOffset? EntityUpdatedAt) : CallbackVerdict
    {
        /// <summary>It tells of something beside the record, such as a note: the details are wanted anew, whether the record changed or not.</summary>
        public bool Beside { get; init; }
    }

    /// <summary>
    /// Not proven, and no more than a hint that the subscriptions should be looked at by the remote's own interface. Anybody who knows the
    /// address can send it, so it changes nothing else.
    /// </summary>
    /// <param name="Reason">What it says, for the event log.</param>
    public sealed record Hint(string Reason) : CallbackVerdict;

    /// <summary>Not to be believed.</summary>
    /// <param name="Reason">Which check failed, for the event log; says nothing secret.</param>
    public sealed record Refused(string Reason) : CallbackVerdict;
}

/// <summary>What was done to the remote's subscriptions.</summary>
/// <param name="Added">New ones.</param>
/// <param name="Removed">Doubles and outdated ones removed.</param>
/// <param name="Reactivated">Found switched off.</param>
/// <param name="Kept">Already right.</param>
public sealed record SubscriptionReport(int Added, int Removed, int Reactivated, int Kept)
{
    /// <summary>What is not as it should be, though callbacks come; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What was done to both.</summary>
    /// <param name="one">One.</param>
    /// <param name="other">The other.</param>
    public static SubscriptionReport operator +(SubscriptionReport one, SubscriptionReport other) =>
        new(one.Added + other.Added, one.Removed + other.Removed, one.Reactivated + other.Reactivated, one.Kept + other.Kept)
        {
            Problem = one.Problem is null ? other.Problem : other.Problem is null ? one.Problem : $"{one.Problem} {other.Problem}",
        };
}
