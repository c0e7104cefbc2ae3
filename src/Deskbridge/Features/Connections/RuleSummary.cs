using Deskbridge.Connectors;

namespace Deskbridge.Features.Connections;

/// <summary>What tells an event from others of its kind: its condition without the clauses that every such event has.</summary>
/// <param name="Text">The clauses of its own; empty when it has none.</param>
/// <param name="Twin">An event of the same kind that says the same; null for none.</param>
internal sealed record RuleSummary(string Text, string? Twin)
{
    /// <summary>The summary of one event among those of its rule.</summary>
    public static RuleSummary Of(IEditsRules editor, RuleEventState one, IReadOnlyList<RuleEventState> all)
    {
        var text = TextOf(editor, one);
        return new(text, all.FirstOrDefault(other => other.Id != one.Id && other.Purpose == one.Purpose && TextOf(editor, other) == text)?.Id);
    }

    private static string TextOf(IEditsRules editor, RuleEventState one) =>
        editor.ReadCondition(one, one.Condition).Tree is { } tree ? Join(tree with { Items = [.. tree.Items.Where(item => item.Locked is null)] }) : one.Condition;

    private static string Join(ConditionNode group) => string.Join(group.Join == "all" ? " and " : " or ", group.Items.Select(Written));

    private static string Written(ConditionNode node) => (node.Not ? "not " : "") + (node.Join == "clause" ? node.Text : $"({Join(node)})");
}
