using System.Data.Common;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Deskbridge.Simulation.World;

/// <summary>Sees what every transaction commits: what the coverage counts, and what the checkers judge while the story goes on.</summary>
internal sealed class LedgerWatch : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly Dictionary<DbContext, List<RowChange>> _uncommitted = [];

    public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Every committed state change of an alert, in order.</summary>
    public List<AlertChange> AlertChanges { get; } = [];

    /// <summary>Every committed timeline line, in order.</summary>
    public List<AlertEvent> Lines { get; } = [];

    /// <summary>Every committed entry of the connections' event logs, in order.</summary>
    public List<ConnectionEvent> Events { get; } = [];

    /// <summary>The tables as they were committed last.</summary>
    public Shadow Shadow { get; } = new();

    /// <summary>Called with the rows of each transaction, before the shadow takes them.</summary>
    public Action<IReadOnlyList<RowChange>>? Committing { get; set; }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var seen = eventData.Context!.ChangeTracker.Entries().Where(IsWatched).Select(RowChange.Of).OrderBy(change => !change.Gone).ToList(); // a row may be replaced by another with its key
        if (seen.Count > 0)
        {
            if (!_uncommitted.TryGetValue(eventData.Context, out var waiting)) _uncommitted[eventData.Context] = waiting = [];
            waiting.AddRange(seen);
        }

        return ValueTask.FromResult(result);
    }

    /// <summary>Contexts are used again: what an earlier transaction did not commit is forgotten.</summary>
    public ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        _uncommitted.Remove(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is null || !_uncommitted.Remove(eventData.Context, out var changes)) return Task.CompletedTask;
        Committing?.Invoke(changes);
        foreach (var change in changes)
        {
            See(change);
            Shadow.Take(change);
        }

        return Task.CompletedTask;
    }

    public void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;

    private static bool IsWatched(EntityEntry entry) => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted
        && entry.Entity is Effect or EffectAttempt or Alert or AlertEvent or Link or Mirror or Wake or Cursor or Conflict or Connection or ConnectionEvent;

    private static string WordOf(string outcome) => outcome switch
    {
        _ when outcome.StartsWith("Found", StringComparison.Ordinal) => "object found",
        _ when outcome.EndsWith("was not found.", StringComparison.Ordinal) => "ticket not found",
        _ when outcome.StartsWith("Not there", StringComparison.Ordinal) => "object not found",
        _ => outcome[(outcome.LastIndexOf(' ') + 1)..].TrimEnd('.'),
    };

    private void See(RowChange change)
    {
        switch (change.Row)
        {
            case Effect effect:
                var before = Shadow.Effects.GetValueOrDefault(effect.Id)?.State;
                if (before is null) Count($"effect new -> {effect.State}");
                else if (before != effect.State) Count($"effect {before} -> {effect.State}");
                break;
            case EffectAttempt { Action: "probe" } probe:
                Count("probe " + WordOf(probe.Outcome));
                break;
            case Alert { LinkId: { } link } alert:
                var known = Shadow.Alerts.GetValueOrDefault(alert.Id);
                if (known?.Transition == alert.Transition) break;
                AlertChanges.Add(new AlertChange(AlertChanges.Count, alert.Id, link, alert.Transition, known is null, alert.Previous, alert.Status, alert.Origin, alert.ChangedAt, alert.Episode));
                break;
            case ConnectionEvent entry:
                Events.Add(entry);
                break;
            case AlertEvent line:
                Lines.Add(line);
                break;
        }
    }
}

/// <summary>A row as one transaction leaves it.</summary>
internal sealed record RowChange(object Row, bool Gone)
{
    public static RowChange Of(EntityEntry entry) => new(entry.CurrentValues.ToObject(), entry.State == EntityState.Deleted);
}

/// <summary>A state change of an alert; the raise is the first.</summary>
internal sealed record AlertChange(
    int Seq, Guid AlertId, Guid LinkId, int Transition, bool Raised, AlertStatus From, AlertStatus To, TransitionOrigin Origin, DateTimeOffset At, int Episode);
