using System.Diagnostics.Metrics;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Operations;

/// <summary>
/// What stands in the hub's queues now, as gauges. Instruments are asked without waiting, so they answer from the last sample; whoever is
/// about to read them has a new one taken first.
/// </summary>
internal sealed class QueueGauges
{
    private readonly HubStore _store;
    private readonly CallBudgets _budgets;
    private readonly PumpWatch _pumps;
    private readonly TimeProvider _clock;
    private Sample _last = Sample.Empty;

    public QueueGauges(HubStore store, CallBudgets budgets, PumpWatch pumps, HubMetrics metrics, TimeProvider clock)
    {
        (_store, _budgets, _pumps, _clock) = (store, budgets, pumps, clock);
        void Gauge(string name, string? unit, string description, Func<Sample, IEnumerable<Measurement<double>>> read) =>
            metrics.Meter.CreateObservableGauge(name, () => read(_last), unit, description);

        Gauge("deskbridge.alerts.current", null, "Alerts that are not closed, by status; unattended ones are open and could page nobody.", s => s.Alerts);
        Gauge("deskbridge.wakes", null, "Tickets that need a look, now or later.", s => s.Wakes);
        Gauge("deskbridge.wake.oldest", "s", "How long the oldest ticket that needs a look now has waited.", s => s.OldestWake);
        Gauge("deskbridge.effects.current", null, "Writes not settled, refused or given up, by state.", s => s.Effects);
        Gauge("deskbridge.effect.oldest", "s", "How long the oldest write that is not settled has waited.", s => s.OldestEffect);
        Gauge("deskbridge.pages", null, "Pages that are due or under way.", s => s.Pages);
        Gauge("deskbridge.page.oldest", "s", "How long the page that is most overdue has waited.", s => s.OldestPage);
        Gauge("deskbridge.connection.info", null, "Always 1; tells the name, kind and state of a connection.", s => s.Info);
        Gauge("deskbridge.connection.lag", "s", "How long ago an active connection was last read to the end.", s => s.Lag);
        Gauge("deskbridge.connection.breaker", null, "1 while a failing connection is left alone.", s => s.Breaker);
        Gauge("deskbridge.budget.limit", null, "Calls that each connection may make in a minute.", s => s.Limit);
        Gauge("deskbridge.budget.used", null, "Calls of the last minute, by purpose.", s => s.Used);
        Gauge("deskbridge.budget.waiting", null, "Calls held back by the budget, by purpose.", s => s.Waiting);
        Gauge("deskbridge.pump.idle", "s", "How long ago a loop of the hub was heard of.", _ => Pumps());
    }

    /// <summary>Takes a sample.</summary>
    public async Task RefreshAsync(CancellationToken cancel) => _last = await _store.ReadAsync(db => SampleAsync(db, _clock.GetUtcNow(), cancel), cancel);

    private static KeyValuePair<string, object?> Label(string name, object value) => new(name, value);

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    private async Task<Sample> SampleAsync(HubDb db, DateTimeOffset now, CancellationToken cancel)
    {
        double Age(DateTimeOffset? since) => since is { } at && at < now ? (now - at).TotalSeconds : 0;

        var alerts = await db.Alerts.Where(a => a.Status != AlertStatus.Closed).GroupBy(a => new { a.Status, a.Unattended })
            .Select(g => new { g.Key.Status, g.Key.Unattended, Count = g.Count() }).ToListAsync(cancel);
        var wakes = await db.Wakes.GroupBy(w => w.ConnectionId)
            .Select(g => new { Id = g.Key, Due = g.Count(w => w.DueAt <= now), All = g.Count(), Oldest = g.Min(w => w.DueAt) }).ToListAsync(cancel);
        EffectState[] told = [.. EffectStates.Unsettled, EffectState.Rejected, EffectState.Dead];
        var effects = await db.Effects.Where(e => told.Contains(e.State)).GroupBy(e => new { e.ConnectionId, e.State })
            .Select(g => new { g.Key.ConnectionId, g.Key.State, Count = g.Count(), Oldest = g.Min(e => e.CreatedAt) }).ToListAsync(cancel);
        var pages = await db.Pages.Where(p => (p.State == PageState.Pending && p.DueAt <= now) || p.State == PageState.Sending).GroupBy(p => p.State)
            .Select(g => new { State = g.Key, Count = g.Count(), Oldest = g.Min(p => p.DueAt) }).ToListAsync(cancel);
        var connections = await (
            from connection in db.Connections
            where connection.State != ConnectionState.Removed
            join health in db.ConnectionHealth on connection.Id equals health.ConnectionId into found
            from health in found.DefaultIfEmpty()
            select new { connection.Id, connection.Name, connection.Kind, connection.State, health.LastReadAt, health.BreakerOpenUntil }).ToListAsync(cancel);
        var active = connections.Where(c => c.State == ConnectionState.Active).ToList();
        var usages = active.ConvertAll(c => (c.Id, Usage: _budgets.Of(c.Id).Usage()));
        var open = effects.Where(e => EffectStates.Unsettled.Contains(e.State)).GroupBy(e => e.ConnectionId);

        return new Sample(
            Alerts: [.. alerts.GroupBy(a => a is { Unattended: true, Status: AlertStatus.Open } ? "unattended" : Word(a.Status)).Select(g => new Measurement<double>(g.Sum(a => a.Count), Label("status", g.Key)))],
            Wakes: [.. wakes.SelectMany(w => new Measurement<double>[] { new(w.Due, Label("connection", w.Id), Label("state", "due")), new(w.All - w.Due, Label("connection", w.Id), Label("state", "later")) })],
            OldestWake: [.. wakes.Select(w => new Measurement<double>(Age(w.Oldest), Label("connection", w.Id)))],
            Effects: [.. effects.Select(e => new Measurement<double>(e.Count, Label("connection", e.ConnectionId), Label("state", Word(e.State))))],
            OldestEffect: [.. open.Select(g => new Measurement<double>(Age(g.Min(e => e.Oldest)), Label("connection", g.Key)))],
            Pages: [.. pages.Select(p => new Measurement<double>(p.Count, Label("state", p.State == PageState.Pending ? "due" : "sending")))],
            OldestPage: [new(Age(pages.Min(p => (DateTimeOffset?)p.Oldest)))],
            Info: [.. connections.Select(c => new Measurement<double>(1, Label("connection", c.Id), Label("name", c.Name), Label("kind", c.Kind), Label("state", Word(c.State))))],
            Lag: [.. active.Where(c => c.LastReadAt != null).Select(c => new Measurement<double>(Age(c.LastReadAt), Label("connection", c.Id)))],
            Breaker: [.. active.Select(c => new Measurement<double>(c.BreakerOpenUntil > now ? 1 : 0, Label("connection", c.Id)))],
            Limit: [.. active.Select(c => new Measurement<double>(_budgets.CallsPerMinute, Label("connection", c.Id)))],
            Used: [.. usages.SelectMany(u => u.Usage.Classes.Select(k => new Measurement<double>(k.LastMinute, Label("connection", u.Id), Label("purpose", Word(k.Class)))))],
            Waiting: [.. usages.SelectMany(u => u.Usage.Classes.Select(k => new Measurement<double>(k.Waiting, Label("connection", u.Id), Label("purpose", Word(k.Class)))))]);
    }

    private IEnumerable<Measurement<double>> Pumps() => _pumps.States().Select(pump => new Measurement<double>(pump.SinceBeat.TotalSeconds, Label("pump", Word(pump.Pump))));

    private sealed record Sample(
        Measurement<double>[] Alerts, Measurement<double>[] Wakes, Measurement<double>[] OldestWake, Measurement<double>[] Effects, Measurement<double>[] OldestEffect,
        Measurement<double>[] Pages, Measurement<double>[] OldestPage, Measurement<double>[] Info, Measurement<double>[] Lag, Measurement<double>[] Breaker,
        Measurement<double>[] Limit, Measurement<double>[] Used, Measurement<double>[] Waiting)
    {
        public static Sample Empty { get; } = new([], [], [], [], [], [], [], [], [], [], [], [], []);
    }
}
