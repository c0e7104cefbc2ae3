using System.Globalization;
using Deskbridge.Sandbox.ConnectWisePsa.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Workflows;

/// <summary>Reads an event condition in the text form that the vendor's screens show (reference 7.3):
/// <c>Signl4Retrieved_c is false and Ticket is in New (not responded) status</c>. Names hold brackets themselves, so a
/// clause is recognised by its pattern first, and only what no clause takes is a bracket or a joining word.</summary>
internal sealed class RuleText
{
    private const int MostTerms = 200;

    private readonly string _text;
    private readonly IReadOnlyList<string> _priorities;
    private readonly IReadOnlyList<string> _fields;
    private int _at;
    private int _terms;

    private RuleText(string text, IEnumerable<string> priorities, IEnumerable<string> fields)
    {
        _text = text;
        _priorities = [.. priorities.OrderByDescending(p => p.Length)];
        _fields = [.. fields.OrderByDescending(f => f.Length)];
    }

    /// <summary>The test of a ticket that a text describes.</summary>
    /// <exception cref="PsaRefusal">A clause is not known; the message quotes it.</exception>
    public static Func<RuleSubject, bool> Parse(string text, IEnumerable<string> priorities, IEnumerable<string> fields)
    {
        var reader = new RuleText(text.Trim(), priorities, fields);
        var test = reader.Or();
        return reader._at == reader._text.Length ? test : throw reader.Unknown();
    }

    private Func<RuleSubject, bool> Or()
    {
        var left = And();
        while (Word("or"))
        {
            var (first, second) = (left, And());
            left = ticket => first(ticket) || second(ticket);
        }

        return left;
    }

    private Func<RuleSubject, bool> And()
    {
        var left = Term();
        while (Word("and"))
        {
            var (first, second) = (left, Term());
            left = ticket => first(ticket) && second(ticket);
        }

        return left;
    }

    private Func<RuleSubject, bool> Term()
    {
        if (++_terms > MostTerms) throw Unknown();
        if (Word("not"))
        {
            var inner = Term();
            return ticket => !inner(ticket);
        }

        if (!Symbol('(')) return Clause();
        var group = Or();
        return Symbol(')') ? group : throw Unknown();
    }

    private Func<RuleSubject, bool> Clause()
    {
        if (Taken("Ticket is in "))
        {
            var status = UpTo(" status");
            return ticket => Same(ticket.Status, status);
        }

        if (Taken("Ticket Actual Age is ")) return Age();
        if (Taken("Ticket is not currently assigned")) return ticket => !ticket.Assigned;
        if (Taken("Ticket has been assigned")) return ticket => ticket.Assigned;
        if (Taken("Ticket has been responded to")) return ticket => ticket.Responded;
        if (!Taken("Priority is ")) return Field();
        return Known(_priorities) is { } priority ? ticket => Same(ticket.Priority, priority) : throw Unknown();
    }

    private Func<RuleSubject, bool> Age()
    {
        var less = Taken("less than ");
        if (!less && !Taken("more than ")) throw Unknown();
        if (!double.TryParse(UpTo(" hours"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours)) throw Unknown();
        return less ? ticket => ticket.AgeHours < hours : ticket => ticket.AgeHours > hours;
    }

    private Func<RuleSubject, bool> Field()
    {
        if (Known(_fields) is not { } caption) throw Unknown();

        // An unset checkbox counts as not ticked.
        if (Taken("is true")) return ticket => Same(ticket.Field(caption), "true");
        if (Taken("is false")) return ticket => !Same(ticket.Field(caption), "true");
        if (!Taken("contains ")) throw Unknown();
        var part = UpToJoin();
        return ticket => ticket.Field(caption)?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;
    }

    // The text before an end word that stands alone: names may hold the same letters inside a longer word.
    private string UpTo(string end)
    {
        for (var from = _at; _text.IndexOf(end, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var found; from = found + 1)
        {
            var after = found + end.Length;
            if (after < _text.Length && !char.IsWhiteSpace(_text[after]) && _text[after] != ')') continue;
            var text = _text[_at..found];
            _at = after;
            return text;
        }

        throw Unknown();
    }

    private string UpToJoin()
    {
        var end = _text.Length;
        foreach (var join in (string[])[" and ", " or ", ")"])
        {
            if (_text.IndexOf(join, _at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found) end = Math.Min(end, found);
        }

        var text = _text[_at..end].Trim().Trim('"');
        _at = end;
        return text.Length > 0 ? text : throw Unknown();
    }

    private string? Known(IReadOnlyList<string> names)
    {
        Skip();
        var name = names.FirstOrDefault(n => string.Compare(_text, _at, n, 0, n.Length, StringComparison.OrdinalIgnoreCase) == 0);
        if (name is not null) _at += name.Length;
        return name;
    }

    private bool Taken(string words)
    {
        Skip();
        if (string.Compare(_text, _at, words, 0, words.Length, StringComparison.OrdinalIgnoreCase) != 0) return false;
        _at += words.Length;
        return true;
    }

    private bool Word(string word)
    {
        Skip();
        var end = _at + word.Length;
        if (end >= _text.Length || string.Compare(_text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0 || _text[end] is not (' ' or '(' or '\n')) return false;
        _at = end;
        return true;
    }

    private bool Symbol(char symbol)
    {
        Skip();
        if (_at >= _text.Length || _text[_at] != symbol) return false;
        _at++;
        return true;
    }

    private void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private PsaRefusal Unknown() => PsaRefusal.Invalid("workflowEvent", "InvalidField", $"The condition has an unknown clause at '{_text[Math.Min(_at, _text.Length)..]}'.", "eventCondition");

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a rule looks at on a ticket.</summary>
internal sealed record RuleSubject(string? Status, string? Priority, double AgeHours, bool Assigned, bool Responded, Func<string, string?> Field);
