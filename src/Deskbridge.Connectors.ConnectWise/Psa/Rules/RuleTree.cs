namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>Builds the expression from tokens that are known to be well formed; <c>and</c> binds tighter than <c>or</c>.</summary>
internal sealed class RuleTree(IReadOnlyList<RuleScan.Step> tokens)
{
    private int _next;

    public RuleExpression Build()
    {
        var left = Conjunction();
        while (Takes(RuleToken.Or)) left = new RuleOr(left, Conjunction());
        return left;
    }

    private RuleExpression Conjunction()
    {
        var left = Operand();
        while (Takes(RuleToken.And)) left = new RuleAnd(left, Operand());
        return left;
    }

    private RuleExpression Operand()
    {
        if (Takes(RuleToken.Not)) return new RuleNot(Operand());
        if (!Takes(RuleToken.Open)) return tokens[_next++].Clause!;
        var inner = Build();
        _next++;
        return inner;
    }

    private bool Takes(RuleToken token)
    {
        if (_next == tokens.Count || tokens[_next].Token != token) return false;
        _next++;
        return true;
    }
}
