using System.Diagnostics;

namespace Deskbridge.Core.Operations;

/// <summary>
/// What happened because of what: a poll, a callback or a person's action begins a trace, and the rows it leaves behind (wake, effect, page)
/// carry it on to whoever works them off, after a restart too. Ids exist always; spans are exported only when somebody asks for them.
/// </summary>
public static class Tracing
{
    /// <summary>Name of the source of the hub's spans.</summary>
    public const string SourceName = "Deskbridge";

    private static readonly ActivitySource Source = new(SourceName);

    static Tracing() => ActivitySource.AddActivityListener(new ActivityListener
    {
        ShouldListenTo = static source => source.Name == SourceName,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    });

    /// <summary>The span at work, in the form of the W3C header <c>traceparent</c>; null outside of any.</summary>
    public static string? Parent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } at ? at.Id : null;

    /// <summary>The trace at work, 32 hex digits: what timeline, event log and log lines show; null outside of any.</summary>
    public static string? TraceId => Activity.Current is { IdFormat: ActivityIdFormat.W3C } at ? at.TraceId.ToHexString() : null;

    /// <summary>Begins a piece of work, within the one that is under way or as the first of a trace.</summary>
    /// <param name="name">What is done, one word of a small set.</param>
    public static Activity? Begin(string name) => Source.StartActivity(name);

    /// <summary>Begins a piece of work that a stored row asked for.</summary>
    /// <param name="name">What is done, one word of a small set.</param>
    /// <param name="parent">The row's <see cref="Parent"/>; without one a new trace begins.</param>
    public static Activity? Resume(string name, string? parent)
    {
        if (ActivityContext.TryParse(parent, null, isRemote: true, out var context)) return Source.StartActivity(name, ActivityKind.Internal, context);

        // A pump's flow may still carry the span of whoever started the hub; this work does not belong to it.
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Internal);
    }
}
