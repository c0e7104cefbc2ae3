using Deskbridge.Sandbox.ConnectWisePsa.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Workflows;

/// <summary>The place reached in the text of an event condition, and what may be taken from there. Keywords count in any case.</summary>
internal sealed class RuleReader(string text)
{
    private readonly string _text = text.Trim();
    private int _at;

    public bool AtEnd => _at == _text.Length;

    /// <summary>The text before an end word that stands alone: names may hold the same letters inside a longer word.</summary>
    public string UpTo(string end)
    {
        for (var from = _at; _text.IndexOf(end, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var found; from = found + 1)
        {
            var after = found + end.Length;
            if (after < _text.Length && !char.IsWhiteSpace(_text[after]) && _text[after] != ')') continue;
            var taken = _text[_at..found];
            _at = after;
            return taken;
        }

        throw Unknown();
    }

    /// <summary>The text before the next joining word or closing bracket.</summary>
    public string UpToJoin()
    {
        var end = _text.Length;
        foreach (var join in (string[])[" and ", " or ", ")"])
        {
            if (_text.IndexOf(join, _at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found) end = Math.Min(end, found);
        }

        var taken = _text[_at..end].Trim().Trim('"');
        _at = end;
        return taken.Length > 0 ? taken : throw Unknown();
    }

    /// <summary>The text of a clause of the conditions language: quotes, dates and lists hold what would end it elsewhere.</summary>
    public string Comparison()
    {
        var (end, depth, quote) = (_at, 0, '\0');
        for (; end < _text.Length; end++)
        {
            var c = _text[end];
            if (quote != '\0')
            {
                if (c == '\\') end++;
                else if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'') quote = c;
            else if (c == '(') depth++;
            else if (c == ')' && --depth < 0) break;
            else if (depth == 0 && c == ' ' && (Begins(end, " and ") || Begins(end, " or "))) break;
        }

        end = Math.Min(end, _text.Length);
        var taken = _text[_at..end];
        _at = end;
        return taken;
    }

    /// <summary>The one of some names that comes next; the longest should come first.</summary>
    public string? Known(IEnumerable<string> names)
    {
        Skip();
        var name = names.FirstOrDefault(n => Begins(_at, n));
        if (name is not null) _at += name.Length;
        return name;
    }

    public bool Taken(string words)
    {
        Skip();
        if (!Begins(_at, words)) return false;
        _at += words.Length;
        return true;
    }

    /// <summary>A joining word: something must follow it.</summary>
    public bool Word(string word)
    {
        Skip();
        var end = _at + word.Length;
        if (end >= _text.Length || !Begins(_at, word) || _text[end] is not (' ' or '(' or '\n')) return false;
        _at = end;
        return true;
    }

    public bool Symbol(char symbol)
    {
        Skip();
        if (_at >= _text.Length || _text[_at] != symbol) return false;
        _at++;
        return true;
    }

    public PsaRefusal Unknown() => Unknown(_text[Math.Min(_at, _text.Length)..]);

    public static PsaRefusal Unknown(string clause) => PsaRefusal.Invalid("workflowEvent", "InvalidField", $"The condition has an unknown clause at '{clause}'.", "eventCondition");

    private bool Begins(int at, string words) => string.Compare(_text, at, words, 0, words.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }
}
