namespace Deskbridge.Connectors;

/// <summary>An expected failure of a remote call. The set of subclasses is closed.</summary>
/// <param name="message">What happened, why and what to do, in words fit for a screen; never a secret.</param>
/// <param name="inner">The cause, if there is one.</param>
public abstract class ConnectorException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The remote asks us to slow down (HTTP 429), or our own share of calls is used up for now. The request had no effect.</summary>
/// <param name="message">For a screen.</param>
/// <param name="retryAfter">How long to wait before the next call.</param>
public sealed class ConnectorThrottledException(string message, TimeSpan retryAfter) : ConnectorException(message)
{
    /// <summary>How long to wait before the next call.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;

    /// <summary>The call gate held the call back and the remote was not asked: this says nothing about the remote.</summary>
    public bool NotAsked { get; init; }
}

/// <summary>The remote does not know our credentials (HTTP 401). The request had no effect.</summary>
/// <param name="message">For a screen.</param>
public sealed class ConnectorCredentialsException(string message) : ConnectorException(message);

/// <summary>The remote refuses the request for good: a bad value, a missing right, a rule of the remote. The request had no effect.</summary>
/// <param name="message">For a screen, with the fix.</param>
/// <param name="field">The neutral field name it is about (see <see cref="TicketFields"/>), when the answer says so.</param>
/// <param name="kind">Whether a value or a right is the cause.</param>
public sealed class ConnectorRejectedException(string message, string? field = null, RejectionKind kind = RejectionKind.Value)
    : ConnectorException(message)
{
    /// <summary>The neutral field name it is about, when known.</summary>
    public string? Field { get; } = field;

    /// <summary>Whether a value or a right is the cause.</summary>
    public RejectionKind Kind { get; } = kind;
}

/// <summary>Why a request was refused.</summary>
public enum RejectionKind
{
    /// <summary>A value is not accepted (HTTP 400 and the like).</summary>
    Value,

    /// <summary>A right is missing (HTTP 403).</summary>
    Permission,
}

/// <summary>No usable answer: network, TLS, timeout, HTTP 5xx or an answer that is not the remote's own.</summary>
/// <param name="message">For a screen.</param>
/// <param name="mayHaveBeenApplied">True when the request may have reached the remote, so that a write is in doubt.</param>
/// <param name="inner">The cause.</param>
public sealed class ConnectorUnavailableException(string message, bool mayHaveBeenApplied, Exception? inner = null)
    : ConnectorException(message, inner)
{
    /// <summary>True when the request may have reached the remote, so that a write is in doubt.</summary>
    public bool MayHaveBeenApplied { get; } = mayHaveBeenApplied;

    /// <summary>
    /// The answer refuses, in a form that is not the remote's: a proxy between may be in trouble for a moment, or may never let this request
    /// pass. It is tried again for a while.
    /// </summary>
    public bool Unexplained { get; init; }

    /// <summary>The remote is there and has nothing at this address: another release, or another system.</summary>
    public bool RouteMissing { get; init; }
}

/// <summary>The record does not exist, or not for us (HTTP 404).</summary>
/// <param name="message">For a screen.</param>
public sealed class ConnectorNotFoundException(string message) : ConnectorException(message);

/// <summary>The remote's state forbids the request now (HTTP 409). The request had no effect.</summary>
/// <param name="message">For a screen.</param>
public sealed class ConnectorConflictException(string message) : ConnectorException(message);
