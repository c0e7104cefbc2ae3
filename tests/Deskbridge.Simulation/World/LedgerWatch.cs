using System.Data.Common;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Deskbridge.Simulation.World;

/// <summary>Sees every committed change of effects and alerts: what the coverage counts and the checkers need beside the tables.</summary>
internal sealed class LedgerWatch : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly Dictionary<DbContext, List<Action>> _uncommitted = [];

    public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Every committed state change of an alert, in order.</summary>
    public List<AlertChange> AlertChanges { get; } = [];

    /// <summary>Every committed timeline line, in order.</summary>
    public List<AlertEvent> Lines { get; } = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var seen = eventData.Context!.ChangeTracker.Entries().SelectMany(entry => (IEnumerable<Action>)(entry.Entity switch
        {
            Effect effect => See(entry.State, effect, entry.State == EntityState.Modified ? (EffectState)entry.Property(nameof(Effect.State)).OriginalValue! : null),
            Alert alert => See(entry.State, alert, entry.State == EntityState.Modified ? (int)entry.Property(nameof(Alert.Transition)).OriginalValue! : -1),
            EffectAttempt { Action: "probe" } probe when entry.State == EntityState.Added => [() => Count("probe " + WordOf(probe.Outcome))],
            AlertEvent line when entry.State == EntityState.Added => [() => Lines.Add(line)],
            _ => [],
        })).ToList();
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
        if (eventData.Context is not null && _uncommitted.Remove(eventData.Context, out var seen)) seen.ForEach(action => action());
        return Task.CompletedTask;
    }

    public void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;

    private static string WordOf(string outcome) => outcome switch
    {
        _ when outcome.StartsWith("Found", StringComparison.Ordinal) => "object found",
        _ when outcome.StartsWith("Not there", StringComparison.Ordinal) => "object not found",
        _ => outcome[(outcome.LastIndexOf(' ') + 1)..].TrimEnd('.'),
    };

    private IEnumerable<Action> See(EntityState state, Effect effect, EffectState? before)
    {
        var now = effect.State;
        if (state == EntityState.Added) yield return () => Count($"effect new -> {now}");
        else if (state == EntityState.Modified && before != now) yield return () => Count($"effect {before} -> {now}");
    }

    private IEnumerable<Action> See(EntityState state, Alert alert, int before)
    {
        if (alert.LinkId is not { } link || (state != EntityState.Added && (state != EntityState.Modified || before == alert.Transition))) yield break;
        var change = new AlertChange(AlertChanges.Count, alert.Id, link, alert.Transition, state == EntityState.Added, alert.Previous, alert.Status, alert.Origin, alert.ChangedAt, alert.Episode);
        yield return () => AlertChanges.Add(change);
    }
}

/// <summary>A state change of an alert; the raise is the first.</summary>
internal sealed record AlertChange(
    int Seq, Guid AlertId, Guid LinkId, int Transition, bool Raised, AlertStatus From, AlertStatus To, TransitionOrigin Origin, DateTimeOffset At, int Episode);
