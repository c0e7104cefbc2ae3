using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Testing;

/// <summary>Rule books of the fake PSA as text.</summary>
internal sealed record FakeRuleBook(
    IReadOnlyList<InboundEvent> Inbound, IReadOnlyList<TicketAction> OnAcknowledge, IReadOnlyList<TicketAction> OnClose, IReadOnlyList<RuleProblem> Problems, double AgeHours)
{
    public static RuleBook Write(FakePsa psa)
    {
        foreach (var rule in psa.Rules) psa.KnownConditions[rule.Condition] = rule;
        var missing = psa.RulesExist ? [] : new[] { new RuleProblem("Trigger", "The rule 'Trigger' does not exist. Install creates it.", Blocks: true) };
        var book = new FakeRuleBook(
            psa.RulesExist ? [.. psa.Rules.Select(rule => new InboundEvent(rule.Id, rule.Kind, rule.Kind == InboundEventKind.Raise ? "Trigger" : "Update", rule.Condition))] : [],
            [.. psa.OnAcknowledge], [.. psa.OnClose], [.. missing, .. psa.RuleProblems], psa.AgeWindow.TotalHours);
        return Parse(Json.Write(book));
    }

    public static RuleBook Parse(string body)
    {
        var book = Json.Read<FakeRuleBook>(body);
        return new RuleBook
        {
            Inbound = book.Inbound,
            OnAcknowledge = book.OnAcknowledge,
            OnClose = book.OnClose,
            Problems = book.Problems,
            AgeWindow = TimeSpan.FromHours(book.AgeHours),
            Body = body,
        };
    }
}
