namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>A part of a compiled condition.</summary>
internal abstract class RuleNode
{
    /// <summary>Compiles an expression; a chain of equal joints becomes one node, so that a long rule is no deep one.</summary>
    public static RuleNode Of(RuleExpression expression) => expression switch
    {
        RuleAnd and => new AllNode(Chain<RuleAnd>(and, static pair => (pair.Left, pair.Right))),
        RuleOr or => new AnyNode(Chain<RuleOr>(or, static pair => (pair.Left, pair.Right))),
        RuleNot not => new NotNode(Of(not.Operand)),
        RuleClause clause => ClauseNode.Of(clause),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "An unknown kind of expression."),
    };

    /// <summary>Whether the part holds.</summary>
    public abstract bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now);

    /// <summary>Adds the part's clauses to the trace and answers whether it holds.</summary>
    public abstract bool Explain(in Explaining to, bool negated);

    private static RuleNode[] Chain<T>(T last, Func<T, (RuleExpression Left, RuleExpression Right)> sides)
        where T : RuleExpression
    {
        var parts = new List<RuleNode>();
        RuleExpression next = last;
        while (next is T pair)
        {
            var (left, right) = sides(pair);
            parts.Add(Of(right));
            next = left;
        }
        parts.Add(Of(next));
        parts.Reverse();
        return [.. parts];
    }

    /// <summary>What an explanation is made of.</summary>
    internal readonly record struct Explaining(TicketFacts Facts, MarkerFacts Markers, DateTimeOffset Now, List<ClauseResult> Trace)
    {
        /// <summary>Within the parts of a group, not at the top.</summary>
        public bool IsInside { get; init; }

        /// <summary>Explains joined parts. With the neutral outcome all of them count; else only those that made it so.</summary>
        public bool Join(RuleNode[] parts, bool neutral, bool negated)
        {
            var from = new int[parts.Length + 1];
            var gave = new bool[parts.Length];
            var outcome = neutral;
            from[0] = Trace.Count;
            var inner = this with { IsInside = true };
            for (var i = 0; i < parts.Length; i++)
            {
                gave[i] = parts[i].Explain(inner, negated);
                from[i + 1] = Trace.Count;
                if (gave[i] != neutral) outcome = !neutral;
            }
            Gather(from[0], any: neutral == negated, outcome != negated);
            if (outcome == neutral) return outcome;
            for (var i = 0; i < parts.Length; i++)
            {
                if (gave[i] != neutral) continue;
                for (var at = from[i]; at < from[i + 1]; at++) Trace[at] = Trace[at] with { Decided = false };
            }
            return outcome;
        }

        /// <summary>Puts the clauses from a place on into a group; those that must all hold for the whole condition need none.</summary>
        private void Gather(int from, bool any, bool holds)
        {
            if (!IsInside && !any) return;
            var group = new ClauseGroup(from, any, holds);
            for (var at = from; at < Trace.Count; at++) Trace[at] = Trace[at] with { Within = [group, .. Trace[at].Within] };
        }
    }

    private sealed class AllNode(RuleNode[] parts) : RuleNode
    {
        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
        {
            foreach (var part in parts)
            {
                if (!part.Holds(facts, markers, now)) return false;
            }
            return true;
        }

        public override bool Explain(in Explaining to, bool negated) => to.Join(parts, neutral: true, negated);
    }

    private sealed class AnyNode(RuleNode[] parts) : RuleNode
    {
        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
        {
            foreach (var part in parts)
            {
                if (part.Holds(facts, markers, now)) return true;
            }
            return false;
        }

        public override bool Explain(in Explaining to, bool negated) => to.Join(parts, neutral: false, negated);
    }

    private sealed class NotNode(RuleNode part) : RuleNode
    {
        public override bool Holds(TicketFacts facts, MarkerFacts markers, DateTimeOffset now) => !part.Holds(facts, markers, now);

        public override bool Explain(in Explaining to, bool negated) => !part.Explain(to, !negated);
    }
}
