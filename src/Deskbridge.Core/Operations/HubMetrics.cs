using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Deskbridge.Core.Operations;

/// <summary>
/// What the hub counts and measures about itself. Labels are few and small: connections by id, kinds and states by their words; never a text
/// of a ticket, a name of a person or an address.
/// </summary>
public sealed class HubMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Deskbridge";

    private const int VisibleKept = 20_000;

    private static readonly InstrumentAdvice<double> Waits = new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600] };
    private static readonly InstrumentAdvice<double> Calls = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };
    private static readonly InstrumentAdvice<double> Commits = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] };

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _visible = new();
    private readonly Counter<long> _alerts;
    private readonly Histogram<double> _paged;
    private readonly Histogram<double> _acknowledged;
    private readonly Counter<long> _tickets;
    private readonly Counter<long> _effects;
    private readonly Counter<long> _pageAttempts;
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _callDuration;
    private readonly Counter<long> _callbacks;
    private readonly Histogram<double> _writerWait;
    private readonly Histogram<double> _transaction;
    private readonly Counter<long> _jobs;
    private readonly Histogram<double> _jobDuration;
    private readonly Counter<long> _heartbeats;

    /// <summary>Makes the instruments.</summary>
    public HubMetrics()
    {
        _alerts = Meter.CreateCounter<long>("deskbridge.alerts", null, "State changes of alerts, by event.");
        _paged = Meter.CreateHistogram("deskbridge.alert.paged", "s", "From the change in the remote system (its clock corrected) that raised an alert to the first page that was accepted.", null, Waits);
        _acknowledged = Meter.CreateHistogram("deskbridge.alert.acknowledged", "s", "From the raise of an alert to its first acknowledgement.", null, Waits);
        _tickets = Meter.CreateCounter<long>("deskbridge.tickets", null, "Tickets looked at because something woke them, by result.");
        _effects = Meter.CreateCounter<long>("deskbridge.effects", null, "Writes to remote systems that reached a state.");
        _pageAttempts = Meter.CreateCounter<long>("deskbridge.page.attempts", null, "Attempts to page somebody, by channel and outcome.");
        _calls = Meter.CreateCounter<long>("deskbridge.remote.calls", null, "Calls to remote systems, by purpose and HTTP status; status none means that no answer came.");
        _callDuration = Meter.CreateHistogram("deskbridge.remote.call.duration", "s", "Duration of calls to remote systems.", null, Calls);
        _callbacks = Meter.CreateCounter<long>("deskbridge.callbacks", null, "Callbacks received, by result.");
        _writerWait = Meter.CreateHistogram("deskbridge.transaction.wait", "s", "Time that write transactions waited for their turn.", null, Commits);
        _transaction = Meter.CreateHistogram("deskbridge.transaction.duration", "s", "Duration of write transactions, their durable commit included.", null, Commits);
        _jobs = Meter.CreateCounter<long>("deskbridge.jobs", null, "Runs of recurring work, by task and result.");
        _heartbeats = Meter.CreateCounter<long>("deskbridge.heartbeat.calls", null, "Heartbeats to the outside address: called, failed, or withheld because something is broken.");
        _jobDuration = Meter.CreateHistogram("deskbridge.job.duration", "s", "Duration of recurring work.", null, Waits);
    }

    /// <summary>This hub's meter; a process may hold several hubs, each with its own.</summary>
    internal Meter Meter { get; } = new(MeterName);

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    internal void Alert(string what) => _alerts.Add(1, new KeyValuePair<string, object?>("event", what));

    /// <summary>An alert was raised about something that could be seen since this instant, on the hub's clock.</summary>
    internal void AlertVisible(Guid alertId, DateTimeOffset since)
    {
        if (_visible.Count >= VisibleKept) _visible.Clear();
        _visible[alertId] = since;
    }

    /// <summary>A page of an alert was accepted. The first one of an alert that this process raised tells how long that took.</summary>
    internal void PageAccepted(Guid alertId, DateTimeOffset now)
    {
        if (_visible.TryRemove(alertId, out var since)) _paged.Record(Seconds(now - since));
    }

    internal void AlertAcknowledged(TimeSpan afterRaise) => _acknowledged.Record(Seconds(afterRaise));

    internal void Ticket(string result) => _tickets.Add(1, new KeyValuePair<string, object?>("result", result));

    internal void Effect(Guid connection, string kind, string state) => _effects.Add(1, new("connection", connection), new("kind", kind), new("state", state));

    internal void PageAttempt(string channel, string outcome) => _pageAttempts.Add(1, new("channel", channel), new("outcome", outcome));

    internal void Call(Guid connection, string purpose, int? status, TimeSpan took)
    {
        _calls.Add(1, new("connection", connection), new("purpose", purpose), new("status", status ?? (object)"none"));
        _callDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("connection", connection));
    }

    internal void Callback(Guid? connection, string result) => _callbacks.Add(1, new("connection", connection ?? (object)"unknown"), new("result", result));

    internal void Transaction(TimeSpan waited, TimeSpan took)
    {
        _writerWait.Record(waited.TotalSeconds);
        _transaction.Record(took.TotalSeconds);
    }

    internal void Job(string task, bool failed, TimeSpan took)
    {
        _jobs.Add(1, new("task", task), new("result", failed ? "failed" : "done"));
        _jobDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("task", task));
    }

    internal void Heartbeat(string result) => _heartbeats.Add(1, new KeyValuePair<string, object?>("result", result));

    /// <summary>Two clocks were involved: what comes out negative took no time that they could tell.</summary>
    private static double Seconds(TimeSpan span) => Math.Max(0, span.TotalSeconds);
}
