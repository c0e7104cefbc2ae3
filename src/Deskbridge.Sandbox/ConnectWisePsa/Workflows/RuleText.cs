using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Workflows;

/// <summary>Reads an event condition in the text form that the vendor's screens show (reference 7.3):
/// <c>Signl4Retrieved_c is false and Ticket is in New (not responded) status</c>. Names hold brackets themselves, so a
/// clause is recognised by its pattern first, and only what no clause takes is a bracket or a joining word.</summary>
internal sealed class RuleText
{
    private const int MostTerms = 200;

    private readonly RuleReader _reader;
    private readonly RuleClauses _clauses;
    private int _terms;

    private RuleText(string text, RuleTable table)
    {
        _reader = new RuleReader(text);
        _clauses = new RuleClauses(_reader, table);
    }

    /// <summary>The test of a record's view that a text describes.</summary>
    /// <exception cref="PsaRefusal">A clause is not known; the message quotes it.</exception>
    public static Func<JsonObject, bool> Parse(string text, RuleTable table)
    {
        var rule = new RuleText(text, table);
        var test = rule.Or();
        return rule._reader.AtEnd ? test : throw rule._reader.Unknown();
    }

    private Func<JsonObject, bool> Or()
    {
        var left = And();
        while (_reader.Word("or"))
        {
            var (first, second) = (left, And());
            left = record => first(record) || second(record);
        }

        return left;
    }

    private Func<JsonObject, bool> And()
    {
        var left = Term();
        while (_reader.Word("and"))
        {
            var (first, second) = (left, Term());
            left = record => first(record) && second(record);
        }

        return left;
    }

    private Func<JsonObject, bool> Term()
    {
        if (++_terms > MostTerms) throw _reader.Unknown();
        if (_reader.Word("not"))
        {
            var inner = Term();
            return record => !inner(record);
        }

        if (!_reader.Symbol('(')) return _clauses.Read();
        var group = Or();
        return _reader.Symbol(')') ? group : throw _reader.Unknown();
    }
}
