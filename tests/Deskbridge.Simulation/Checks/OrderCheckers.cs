using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Checks;

/// <summary>What may come after what, and who may cause it.</summary>
internal static class OrderCheckers
{
    public static IEnumerable<string> ConfirmedInOrder(Evidence all)
    {
        foreach (var lane in all.Effects.Where(effect => effect.State == EffectState.Confirmed)
            .GroupBy(effect => (effect.LinkId, Kind: effect.Kind == EffectKind.Field ? EffectKind.Transition : effect.Kind)))
        {
            var ordered = lane.OrderBy(effect => effect.Seq).ToList();
            foreach (var (earlier, later) in ordered.Zip(ordered.Skip(1)))
                if (earlier.SettledAt > later.SettledAt) yield return $"{later.IdemKey} was confirmed before {earlier.IdemKey}";
        }
    }

    /// <summary>What somebody overtakes three times in a row is not planned a fourth time: from then on only the marker is written (engine.md §4).</summary>
    public static IEnumerable<string> NobodyIsFoughtForLong(Evidence all)
    {
        foreach (var transition in all.Effects.Where(effect => effect.Kind is EffectKind.Transition or EffectKind.Field).GroupBy(effect => (effect.LinkId, Transition: TransitionOf(effect.IdemKey))))
        {
            var (most, overtaken) = (0, new HashSet<string>(StringComparer.Ordinal));
            foreach (var effect in transition.OrderBy(effect => effect.Seq))
            {
                if (effect.State == EffectState.Confirmed) overtaken.Clear();
                if (effect is not { State: EffectState.Superseded, Attempts: 0, Error: { } why } || why.StartsWith("Overtaken", StringComparison.Ordinal)) continue;
                if (Json.Read<FieldWrite>(effect.Payload).Set.Keys.All(TicketFields.IsMarker)) continue;
                overtaken.Add(effect.IdemKey.Split(':')[2]);
                most = Math.Max(most, overtaken.Count);
            }

            if (most > 3) yield return $"transition {transition.Key.Transition} of link {transition.Key.LinkId} was overtaken {most} times in a row and the hub did not give in";
        }
    }

    /// <summary>Status and owner are written only for what a person did in the hub, and a closed ticket is opened only when that was a re-open.</summary>
    public static IEnumerable<string> OnlyPersonsActOnTickets(Evidence all)
    {
        foreach (var pair in all.Pairs)
        {
            SimulatedTicket? served = null;
            foreach (var entry in pair.Log)
            {
                if (entry is { Kind: EntryKind.Served, Guards: true }) served = entry.After;
                if (entry is not { Kind: EntryKind.Written, Effect: { } effect }) continue;
                if (entry.Set.Keys.Any(field => !TicketFields.IsMarker(field)) && !PersonMade(pair, effect.Key))
                    yield return $"{pair}: {effect.Key} wrote {string.Join(", ", entry.Set.Keys)} though no person in the hub did that";
                if (entry.Before!.Closed && !entry.After!.Closed && served?.Closed == true && !AskedToReopen(pair, effect.Key))
                    yield return $"{pair}: {effect.Key} opened the closed ticket";
            }
        }
    }

    /// <summary>No minute has more calls than the budget and its burst of a tenth.</summary>
    public static IEnumerable<string> CallsStayWithinTheBudget(Evidence all)
    {
        var most = (int)(all.World.CallsPerMinute * 1.1) + 1;
        foreach (var (psa, _) in all.World.Remotes)
        {
            for (var i = most; i < psa.CallTimes.Count; i++)
            {
                if (psa.CallTimes[i] - psa.CallTimes[i - most] >= TimeSpan.FromMinutes(1)) continue;
                yield return $"{psa.Kind} got more than {most} calls in the minute before {psa.CallTimes[i]:HH:mm:ss}";
                break;
            }
        }
    }

    private static bool PersonMade(Pair pair, string key) => pair.Acts.Any(act => act.Transition == TransitionOf(key));

    /// <summary>A re-open is a person's word until the alert is closed again; a later transition may be the one that carries it out.</summary>
    private static bool AskedToReopen(Pair pair, string key)
    {
        var until = TransitionOf(key);
        var asked = pair.Acts.LastOrDefault(act => act.WasReopen && act.Transition <= until);
        return asked is not null && !pair.Changes.Any(change => change.To == AlertStatus.Closed && change.Transition > asked.Transition && change.Transition <= until);
    }

    /// <summary>Keys read <c>link:tN:...</c>, N being the transition.</summary>
    public static int TransitionOf(string key) =>
        int.Parse(key.Split(':')[1].AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
}
