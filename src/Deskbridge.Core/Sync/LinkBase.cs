using Deskbridge.Connectors;

namespace Deskbridge.Core.Sync;

/// <summary>
/// The merge base of a link: what both sides last agreed on. Changes only together with an equal observation or a
/// confirmed effect (invariant I4). Kept as one JSON document because it is always read and written whole.
/// </summary>
internal sealed record LinkBase
{
    /// <summary>The fields whose last agreed value is kept.</summary>
    public static IReadOnlyList<string> Watched { get; } =
    [
        TicketFields.Status, TicketFields.Priority, TicketFields.Owner, TicketFields.Board, TicketFields.Company, TicketFields.MergedInto, TicketFields.Closed,
        TicketFields.MarkerRetrieved, TicketFields.MarkerStatus, TicketFields.MarkerUser,
    ];

    /// <summary>Neutral field name to last agreed value.</summary>
    public IReadOnlyDictionary<string, string?> Fields { get; init; } = new Dictionary<string, string?>();

    /// <summary>Last verdict of the ticket part of each inbound event, by <see cref="KeyOf"/>; no entry means: none yet.</summary>
    public IReadOnlyDictionary<string, bool> Verdicts { get; init; } = new Dictionary<string, bool>();

    /// <summary>Remote id of the event that raised the present alert; null when no event did, or that was not kept.</summary>
    public string? RaisedBy { get; init; }

    /// <summary>What an un-acknowledge puts back; null when the hub wrote nothing for the acknowledge.</summary>
    public Undo? UndoAcknowledge { get; init; }

    /// <summary>What a re-open puts back; null when the hub wrote nothing for the close.</summary>
    public Undo? UndoClose { get; init; }

    /// <summary>The owner the hub set last, so that it may be replaced; null when a person set it.</summary>
    public string? OwnerWeSet { get; init; }

    /// <summary>The fields' values when the present transition was planned first; planning again measures from here.</summary>
    public IReadOnlyDictionary<string, string?> AtTransition { get; init; } = new Dictionary<string, string?>();

    /// <summary>Fields of the present transition that were written; they are never asserted again, whatever somebody does to them (engine.md §6.3).</summary>
    public IReadOnlyList<string> Reached { get; init; } = [];

    /// <summary>What is still to be undone once a write is confirmed: a field that was put back, or set anew, is not.</summary>
    public LinkBase AfterWrite(FieldWrite write) => this with
    {
        UndoAcknowledge = UndoAcknowledge?.Where((field, written) => !write.Set.TryGetValue(field, out var now) || now == written),
        UndoClose = UndoClose?.Where((field, written) => !write.Set.TryGetValue(field, out var now) || now == written),
        OwnerWeSet = !write.Set.TryGetValue(TicketFields.Owner, out var owner) ? OwnerWeSet : write.AssignsOwner ? owner : null,
        Reached = [.. Reached.Union(write.Set.Keys.Where(field => !TicketFields.IsMarker(field)))],
    };

    /// <summary>What the verdict of an event is kept under.</summary>
    public static string KeyOf(InboundEvent inbound) => $"{inbound.Kind}:{inbound.Id}";

    /// <summary>The last verdict of an event; of an older release's base, the one of its kind.</summary>
    public bool? Verdict(InboundEvent inbound) =>
        Verdicts.TryGetValue(KeyOf(inbound), out var verdict) || Verdicts.TryGetValue($"{inbound.Kind}", out verdict) ? verdict : null;

    /// <summary>Whether any event of a kind held; null when none of them has a verdict.</summary>
    public bool? Verdict(InboundEventKind kind)
    {
        var known = Verdicts.Where(verdict => IsOf(kind, verdict.Key)).ToList();
        return known.Count == 0 ? null : known.Exists(verdict => verdict.Value);
    }

    /// <summary>Whether a key of <see cref="Verdicts"/> is about a kind of event.</summary>
    public static bool IsOf(InboundEventKind kind, string key) => key.Split(':', 2)[0] == $"{kind}";

    /// <summary>The base that agrees with an observation.</summary>
    public LinkBase Observed(RemoteTicket ticket) => this with { Fields = Watched.ToDictionary(field => field, field => ticket[field]) };
}

/// <summary>Status and owner before and after a transition that the hub wrote.</summary>
/// <param name="Before">Neutral field name to value before.</param>
/// <param name="BeforeNames">The same by name, for people.</param>
/// <param name="Written">Neutral field name to value the hub wrote.</param>
/// <param name="ClosedBefore">Whether the ticket was closed before.</param>
internal sealed record Undo(
    IReadOnlyDictionary<string, string?> Before,
    IReadOnlyDictionary<string, string> BeforeNames,
    IReadOnlyDictionary<string, string?> Written,
    bool ClosedBefore)
{
    /// <summary>The part of it whose fields satisfy a test; null when nothing is left.</summary>
    /// <param name="keep">Given the field and the value the hub wrote.</param>
    public Undo? Where(Func<string, string?, bool> keep)
    {
        var fields = Written.Where(set => keep(set.Key, set.Value)).Select(set => set.Key).ToList();
        if (fields.Count == 0) return null;
        return this with
        {
            Before = fields.ToDictionary(field => field, field => Before.GetValueOrDefault(field)),
            BeforeNames = fields.ToDictionary(field => field, field => BeforeNames.GetValueOrDefault(field) ?? ""),
            Written = fields.ToDictionary(field => field, field => Written[field]),
        };
    }

    /// <summary>An earlier undo goes on for the fields that a later one says nothing about.</summary>
    /// <param name="earlier">Null for none.</param>
    /// <param name="later">Null for none.</param>
    public static Undo? Join(Undo? earlier, Undo? later)
    {
        if (earlier is null || later is null) return later ?? earlier;
        // What the later one overwrote was ours: what was there before us is what is put back.
        var ours = later.Written.Keys.Where(field => earlier.Written.TryGetValue(field, out var written) && later.Before.GetValueOrDefault(field) == written).ToHashSet(StringComparer.Ordinal);
        return new Undo(
            Over(earlier.Before, Without(later.Before)),
            Over(earlier.BeforeNames, Without(later.BeforeNames)),
            Over(earlier.Written, later.Written),
            later.Written.ContainsKey(TicketFields.Status) ? later.ClosedBefore : earlier.ClosedBefore);

        Dictionary<string, T> Without<T>(IReadOnlyDictionary<string, T> values) => values.Where(pair => !ours.Contains(pair.Key)).ToDictionary();

        static Dictionary<string, T> Over<T>(IReadOnlyDictionary<string, T> below, IReadOnlyDictionary<string, T> above) =>
            above.Concat(below.Where(pair => !above.ContainsKey(pair.Key))).ToDictionary();
    }
}
