using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// Takes ConnectWise's answer about a whole condition apart again: the answer holds marker clauses and the fixed age clause as well, and the
/// hub wants the ticket part alone. Where one of them is false in ConnectWise, a ticket that is not among the matches says nothing.
/// </summary>
internal sealed class PsaAnsweredRule(RuleParts parts, MarkerNames names)
{
    /// <summary>Our clock and theirs differ by up to this, so a ticket that reaches the age window's end about then counts as beyond it.</summary>
    private static readonly TimeSpan AgeSlack = TimeSpan.FromSeconds(5);

    /// <summary>The markers as the ticket shows them, which is what ConnectWise looks at.</summary>
    public static MarkerFacts Shown(TicketFacts facts, MarkerNames names) => new(
        names,
        facts.CustomField(names.Retrieved) is { } retrieved && (retrieved is "1" || retrieved.Equals("true", StringComparison.OrdinalIgnoreCase)),
        facts.CustomField(names.Status) ?? "",
        facts.CustomField(names.User) ?? "");

    public RuleVerdict Evaluate(string id, TicketFacts facts, MarkerFacts markers, RemoteTicket ticket, EventAnswer? answer, DateTimeOffset now)
    {
        var age = RuleText.Evaluate(parts.FixedAge, facts, markers, now);
        var matched = answer?.Matched.ContainsKey(id) == true;
        var why = WhyUnknown(facts, markers, ticket, answer, matched);
        var text = parts.TicketPart is { } part ? RuleText.Print(part) : "(no clause of its own)";
        var said = why ?? $"ConnectWise was asked at {answer!.AskedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC and {(matched ? "matches" : "does not match")} the ticket";
        var own = ReadyRule.Written(age.Trace.Concat(parts.MarkerClauses.SelectMany(clause => RuleText.Evaluate(clause, facts, markers, now).Trace)), decides: false);
        return new(matched && why is null, age.Holds, age.ChangesAt, [new ClauseTrace(text, matched && why is null, said) { IsUnknown = why is not null, Decides = true }, .. own])
        {
            IsUnknown = why is not null,
        };
    }

    private string? WhyUnknown(TicketFacts facts, MarkerFacts markers, RemoteTicket ticket, EventAnswer? answer, bool matched)
    {
        if (answer is null) return "not known yet: ConnectWise is asked at the next poll";
        if (!answer.Knows(ticket)) return "not known yet: the ticket changed about when ConnectWise was asked, or since; it is asked again at the next poll";
        var shown = Shown(facts, names);
        if (NestedMarkers().FirstOrDefault(clause => Holds(clause, facts, shown) != Holds(clause, facts, markers)) is { } differs)
            return $"not known: the clause \"{RuleText.Print(differs)}\" is in a group, and ConnectWise's field differs from what the hub knows";
        if (matched) return null;
        if (parts.MarkerClauses.FirstOrDefault(clause => !Holds(clause, facts, shown)) is { } marker)
            return $"not known: ConnectWise matches no ticket for which \"{RuleText.Print(marker)}\" is false, so its answer says nothing about the other clauses";
        return parts.FixedAge is { } age && !RuleText.Evaluate(age, facts, markers, answer.AskedAt + AgeSlack).Holds
            ? $"not known: the ticket is older than \"{RuleText.Print(age)}\" allows, so ConnectWise's answer says nothing about the other clauses"
            : null;
    }

    private IEnumerable<RuleExpression> NestedMarkers() =>
        parts.TicketPart is { } part ? RuleText.Clauses(part).Where(clause => MarkerTest.Of(clause, names) is not null) : [];

    private static bool Holds(RuleExpression clause, TicketFacts facts, MarkerFacts markers) =>
        RuleText.Evaluate(clause, facts, markers, DateTimeOffset.UnixEpoch).Holds;
}
