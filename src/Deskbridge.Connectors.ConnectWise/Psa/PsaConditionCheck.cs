using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Whether a condition may be saved for an event: it can be read, and the clauses that must stay are in it (S53, S55, S61, S62). Pure.</summary>
internal static class PsaConditionCheck
{
    private const string MarkerWhy = "It tells this event from the others, and Deskbridge answers it from what it knows of the ticket.";
    private const string AgeWhy = "It keeps old tickets from paging; the number of hours may be changed.";
    private const string OutboundWhy = "It says at which transition the actions are applied; only the actions can be changed.";

    public static ConditionReading Read(PsaRuleReader reader, PsaRuleVocabulary vocabulary, RuleEventState edited, string condition)
    {
        var before = reader.PartsOf(edited.Condition).Parts ?? reader.PartsAround(edited.Condition);
        var locked = Locked(edited, before);
        var (after, unreadable) = reader.PartsOf(condition);
        var around = after is null ? reader.Around(condition) : null;
        after ??= Kept(before, around);
        if (after is null) return new(condition.Trim(), around is null ? null : Marked(vocabulary, edited, before, around), locked, [unreadable!.Message]);
        var canonical = RuleText.Print(after.Whole);
        var tree = new PsaConditionTree(vocabulary, part => Why(part, edited, after)).Of(after.Whole);
        return new(canonical, tree, locked, [.. Problems(edited, before, after, canonical)]);
    }

    /// <summary>The tree of a text that is still being edited: what is known of it, and which of its clauses are unfinished or unknown.</summary>
    private static ConditionNode Marked(PsaRuleVocabulary vocabulary, RuleEventState edited, RuleParts? before, RuleParts around)
    {
        var there = before is null ? [] : Opaque(before).ToHashSet();
        return new PsaConditionTree(vocabulary, part => Why(part, edited, around), clause => !there.Contains(clause)).Of(around.Whole);
    }

    /// <summary>Clauses that cannot be read here may stay where ConnectWise has them already, and goes by its own test of them; new ones are refused.</summary>
    private static RuleParts? Kept(RuleParts? before, RuleParts? after) =>
        before is not null && after is not null && !Opaque(after).Except(Opaque(before)).Any() ? after : null;

    private static IEnumerable<OpaqueClause> Opaque(RuleParts parts) => RuleText.Clauses(parts.Whole).OfType<OpaqueClause>();

    private static IEnumerable<string> Problems(RuleEventState edited, RuleParts? before, RuleParts after, string canonical)
    {
        if (edited.Purpose == RuleEventPurpose.Reserved)
        {
            yield return "This event is reserved for tickets that come back, and left as it is for other programs that read it. What happens to those tickets is chosen at each event that raises alerts.";
            yield break;
        }

        if (before is null) yield break;
        if (IsOutbound(edited))
        {
            if (canonical != RuleText.Print(before.Whole)) yield return $"The condition \"{edited.Condition}\" must stay as it is. {OutboundWhy}";
            yield break;
        }

        foreach (var gone in before.MarkerClauses.Where(clause => !after.MarkerClauses.Contains(clause)))
            yield return $"The clause \"{RuleText.Print(gone)}\" must stay, joined by \"and\" and outside of every bracket. {MarkerWhy} Put it back.";
        foreach (var added in after.MarkerClauses.Where(clause => !before.MarkerClauses.Contains(clause)))
            yield return $"The clause \"{RuleText.Print(added)}\" tests one of Deskbridge's own fields, which would change what this event is for. Remove it.";
        if (before.FixedAge is { } age && after.FixedAge is null)
            yield return $"The clause \"{RuleText.Print(age)}\" must stay, joined by \"and\" and outside of every bracket. {AgeWhy} Put it back.";
        if (after.FixedAge is { } window && window.Age < TimeSpan.FromHours(1))
            yield return $"\"{RuleText.Print(window)}\" holds for no ticket. Enter at least 1 hour.";
    }

    private static List<LockedClause> Locked(RuleEventState edited, RuleParts? before)
    {
        if (before is null) return [];
        if (IsOutbound(edited)) return [new(edited.Condition, OutboundWhy, null)];
        var locked = before.MarkerClauses.Select(clause => new LockedClause(RuleText.Print(clause), MarkerWhy, null)).ToList();
        if (before.FixedAge is { } age) locked.Add(new(RuleText.Print(age), AgeWhy, (int)age.Age.TotalHours));
        return locked;
    }

    private static string? Why(RuleExpression part, RuleEventState edited, RuleParts after) =>
        IsOutbound(edited) ? OutboundWhy
        : after.MarkerClauses.Contains(part, ReferenceEqualityComparer.Instance) ? MarkerWhy
        : ReferenceEquals(part, after.FixedAge) ? AgeWhy
        : null;

    private static bool IsOutbound(RuleEventState edited) => edited.Purpose is RuleEventPurpose.OnAcknowledge or RuleEventPurpose.OnClose;
}
