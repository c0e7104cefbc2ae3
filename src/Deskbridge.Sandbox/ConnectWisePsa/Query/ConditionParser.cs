using System.Globalization;
using Deskbridge.Sandbox.ConnectWisePsa.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Query;

/// <summary>Parses conditions (reference 2.2): <c>and</c> binds tighter than <c>or</c>, keywords in any case.</summary>
internal sealed class ConditionParser
{
    private const int Deepest = 100;
    private const int MostTokens = 8_000;

    private static readonly HashSet<string> Symbols = ["=", "!=", "<", "<=", ">", ">="];

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private ConditionParser(string text)
    {
        _tokens = Tokens.Read(text);
        if (_tokens.Count > MostTokens) throw PsaRefusal.BadRequest("The conditions are too long.");
    }

    private Token Current => _tokens[_at];

    /// <summary>The condition of a text, or null for an empty one.</summary>
    public static Condition? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var parser = new ConditionParser(text);
        var condition = parser.Or();
        return parser.Current.Kind == TokenKind.End ? condition : throw parser.Unexpected();
    }

    private Condition Or()
    {
        var left = And();
        while (Take("or")) left = new OrCondition(left, And());
        return left;
    }

    private Condition And()
    {
        var left = Term();
        while (Take("and")) left = new AndCondition(left, Term());
        return left;
    }

    private Condition Term()
    {
        if (++_depth > Deepest) throw PsaRefusal.BadRequest("The conditions are nested too deeply.");
        try
        {
            if (Take("not")) return new NotCondition(Term());
            if (!Take("(")) return Predicate();
            var inner = Or();
            return Take(")") ? inner : throw Unexpected();
        }
        finally
        {
            _depth--;
        }
    }

    private Condition Predicate()
    {
        if (Current.Kind != TokenKind.Word) throw Unexpected();
        var path = _tokens[_at++].Text;
        if (Current.Kind == TokenKind.Symbol && Symbols.Contains(Current.Text))
        {
            var op = _tokens[_at++].Text;
            return new Comparison(path, op, [Value()]);
        }

        var negated = Take("not");
        Condition condition = Take("in") ? new Comparison(path, "in", List())
            : Take("contains") ? new Comparison(path, "contains", [Value()])
            : Take("like") ? new Comparison(path, "like", [Value()])
            : throw Unexpected();
        return negated ? new NotCondition(condition) : condition;
    }

    private List<Literal> List()
    {
        if (!Take("(")) throw Unexpected();
        var values = new List<Literal> { Value() };
        while (Take(",")) values.Add(Value());
        return Take(")") ? values : throw Unexpected();
    }

    private Literal Value()
    {
        var token = _tokens[_at];
        if (token.Kind is TokenKind.Symbol or TokenKind.End) throw Unexpected();
        _at++;
        return token.Kind switch
        {
            TokenKind.Text => new Literal(LiteralKind.Text, token.Text),
            TokenKind.Date => new Literal(LiteralKind.Date, token.Text),
            _ when token.Is("null") => new Literal(LiteralKind.Null, ""),
            _ when bool.TryParse(token.Text, out _) => new Literal(LiteralKind.Flag, token.Text),
            _ when decimal.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => new Literal(LiteralKind.Number, token.Text),
            _ => throw PsaRefusal.BadRequest($"The conditions have '{token.Text}' where a value is expected; texts need quotes."),
        };
    }

    private bool Take(string word)
    {
        if (!Current.Is(word)) return false;
        _at++;
        return true;
    }

    private PsaRefusal Unexpected() => PsaRefusal.BadRequest(
        Current.Kind == TokenKind.End ? "The conditions end too early." : $"The conditions have an unexpected '{Current.Text}'.");
}
