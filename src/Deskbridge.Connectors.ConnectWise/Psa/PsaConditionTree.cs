using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>A condition as an editor shows it: chains of one joint are one group. Pure.</summary>
/// <param name="vocabulary">What an editor offers.</param>
/// <param name="why">Why a part must stay; null when it may go.</param>
/// <param name="isNew">Whether a clause that cannot be read was not there before; null when all that cannot be read may stay.</param>
internal sealed class PsaConditionTree(PsaRuleVocabulary vocabulary, Func<RuleExpression, string?> why, Predicate<OpaqueClause>? isNew = null)
{
    private const string Unfinished = "Its value is missing.";
    private const string Unknown = "ConnectWise has no such clause.";

    /// <summary>The tree; its root is always a group.</summary>
    public ConditionNode Of(RuleExpression expression) =>
        Node(expression, root: true) is { Join: not "clause", Not: false } group ? group : new() { Join = "all", Items = [Node(expression, root: true)] };

    private ConditionNode Node(RuleExpression part, bool root = false)
    {
        var (inner, not) = (part, false);
        while (inner is RuleNot negated) (inner, not) = (negated.Operand, !not);
        return inner switch
        {
            RuleAnd => new() { Join = "all", Not = not, Items = [.. Chain<RuleAnd>(inner, and => (and.Left, and.Right)).Select(item => Node(item))] },
            RuleOr => new() { Join = "any", Not = not, Items = [.. Chain<RuleOr>(inner, or => (or.Left, or.Right)).Select(item => Node(item))] },
            _ => Clause((RuleClause)inner) with { Not = not, Locked = why(part) },
        };
    }

    private ConditionNode Clause(RuleClause clause)
    {
        var node = new ConditionNode { Join = "clause", Text = RuleText.Print(clause) };
        if (clause is OpaqueClause unread)
        {
            var begun = vocabulary.FindBegun(unread.Text);
            if (begun is { } way) node = node with { Field = way.Field, Pattern = way.Pattern };
            return isNew?.Invoke(unread) == true ? node with { Problem = begun is null ? Unknown : Unfinished } : node;
        }

        return vocabulary.Find(clause) is var (field, pattern, value) ? node with { Field = field, Pattern = pattern, Value = value } : node;
    }

    /// <summary>The parts that one joint strings together, without recursion: a chain may be long.</summary>
    private static List<RuleExpression> Chain<T>(RuleExpression expression, Func<T, (RuleExpression Left, RuleExpression Right)> sides)
        where T : RuleExpression
    {
        var found = new List<RuleExpression>();
        var pending = new Stack<RuleExpression>([expression]);
        while (pending.TryPop(out var next))
        {
            if (next is T joined)
            {
                var (left, right) = sides(joined);
                pending.Push(right);
                pending.Push(left);
            }
            else
            {
                found.Add(next);
            }
        }

        return found;
    }
}
