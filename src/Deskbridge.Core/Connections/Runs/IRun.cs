namespace Deskbridge.Core.Connections.Runs;

/// <summary>One kind of long work on a connection. May be cut off anywhere and started again: it looks before it acts.</summary>
internal interface IRun
{
    /// <summary>Which kind.</summary>
    ConnectionRunKind Kind { get; }

    /// <summary>Does the work, telling of every step. A <see cref="Connectors.ConnectorException"/> ends it as failed.</summary>
    Task<RunResult> RunAsync(RunScope run, CancellationToken cancel);
}

/// <summary>How a run ended.</summary>
/// <param name="Succeeded">Whether it did what was asked.</param>
/// <param name="Summary">One sentence.</param>
internal sealed record RunResult(bool Succeeded, string Summary);

/// <summary>What a person asked for beside the kind.</summary>
/// <param name="DeleteFields">Remove: custom fields go too, with every value they hold.</param>
/// <param name="ConfirmedTickets">Remove: the number of tickets holding a value that the person was shown and confirmed.</param>
/// <param name="ConfirmSecond">For install: it is known that another connection to the same system runs already.</param>
/// <param name="Adopt">For install: objects that were there before the connection may be used as they are.</param>
/// <param name="Rule">For preview: the event and the text to try.</param>
internal sealed record RunRequest(bool DeleteFields = false, int ConfirmedTickets = 0, bool ConfirmSecond = false, bool Adopt = false, RuleTrial? Rule = null);

/// <summary>A text to try for an event.</summary>
/// <param name="EventId">Remote id of the event.</param>
/// <param name="Condition">The whole condition.</param>
internal sealed record RuleTrial(string EventId, string Condition);
