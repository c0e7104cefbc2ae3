namespace Deskbridge.Connectors;

/// <summary>Counts and, when the budget runs short, holds back calls of one connection. Every HTTP request passes it once.</summary>
public interface ICallGate
{
    /// <summary>Waits until a call of this class may be made.</summary>
    /// <param name="callClass">What the call is for.</param>
    /// <param name="cancel">Gives up waiting.</param>
    ValueTask EnterAsync(CallClass callClass, CancellationToken cancel);

    /// <summary>Reports what came of a call, for the health page.</summary>
    /// <param name="outcome">Status, duration and wait asked for.</param>
    void Report(CallOutcome outcome);
}

/// <summary>What a call is for; lower values go first when the budget runs short (engine.md §8).</summary>
public enum CallClass
{
    /// <summary>Pages of changed tickets, and single tickets that are waited for.</summary>
    Tickets,

    /// <summary>Writes and the reads that guard them.</summary>
    Writes,

    /// <summary>Notes, tasks and other children.</summary>
    Children,

    /// <summary>Sweeps and housekeeping.</summary>
    Sweeps,
}

/// <summary>What came of one HTTP call.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without query, so without data.</param>
/// <param name="Status">HTTP status, or null when there was no answer.</param>
/// <param name="Duration">From sending to the end of the body.</param>
/// <param name="RetryAfter">The wait a 429 asked for.</param>
public sealed record CallOutcome(string Method, string Path, int? Status, TimeSpan Duration, TimeSpan? RetryAfter);

/// <summary>The class of the calls made by the current flow of control. Set around a piece of work: <c>using (CallClassScope.Use(CallClass.Sweeps)) ...</c></summary>
public static class CallClassScope
{
    private static readonly AsyncLocal<CallClass> Ambient = new();

    /// <summary>The class in force; <see cref="CallClass.Tickets"/> when none was set.</summary>
    public static CallClass Current => Ambient.Value;

    /// <summary>Sets the class until the returned value is disposed.</summary>
    /// <param name="callClass">The class of the calls that follow.</param>
    public static IDisposable Use(CallClass callClass)
    {
        var before = Ambient.Value;
        Ambient.Value = callClass;
        return new Restore(before);
    }

    private sealed class Restore(CallClass before) : IDisposable
    {
        public void Dispose() => Ambient.Value = before;
    }
}
