namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>Small questions about a place in a rule text; nothing here allocates or throws.</summary>
internal static class RuleCursor
{
    public static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    /// <summary>Whether the letters, digits and underscores at a place are exactly this word; gives its end, else -1.</summary>
    public static int Word(string text, int at, string word)
    {
        var end = at + word.Length;
        return string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
            && end <= text.Length && (end == text.Length || !IsWordCharacter(text[end])) ? end : -1;
    }

    /// <summary>Words separated by blanks; gives the end of the last, else -1.</summary>
    public static int Words(string text, int at, string words)
    {
        foreach (var range in words.AsSpan().Split(' '))
        {
            at = SkipBlanks(text, at);
            at = Word(text, at, words[range]);
            if (at < 0) return -1;
        }
        return at;
    }

    /// <summary>The joining word at a place (<c>and</c> or <c>or</c>, followed by a blank, a bracket or the end), or null.</summary>
    public static string? Joint(string text, int at)
    {
        foreach (var word in (ReadOnlySpan<string>)["and", "or"])
        {
            if (Word(text, at, word) is >= 0 and var end && StandsAlone(text, end)) return word;
        }
        return null;
    }

    /// <summary>Whether <c>not</c> stands at a place.</summary>
    public static bool IsNot(string text, int at) => Word(text, at, "not") is >= 0 and var end && StandsAlone(text, end);

    /// <summary>Whether a clause may end here: at the end, before a closing bracket, or before a joining word.</summary>
    public static bool IsClauseEnd(string text, int at)
    {
        var next = SkipBlanks(text, at);
        if (next == text.Length || text[next] == ')') return true;
        var apart = next > at || (at > 0 && text[at - 1] is '"' or '\'' or ']' or ')');
        return apart && Joint(text, next) is not null;
    }

    /// <summary>Where words that nobody can read end: at the next joining word, closing bracket or end outside of quotes and of brackets of their own.</summary>
    public static int OpaqueEnd(string text, int at)
    {
        var (end, depth) = (at, 0);
        for (var next = at; next < text.Length; next++)
        {
            if (text[next] is '"' or '\'' && !(next > at && IsWordCharacter(text[next - 1])) && text.IndexOf(text[next], next + 1) is > 0 and var closing) next = closing;
            else if (text[next] == '(') depth++;
            else if (text[next] == ')' && depth-- == 0) break;
            else if (depth == 0 && char.IsWhiteSpace(text[next]) && Joint(text, SkipBlanks(text, next)) is not null) break;
            if (!char.IsWhiteSpace(text[next])) end = next + 1;
        }
        return end;
    }

    /// <summary>Whether the brackets in a piece of text match each other.</summary>
    public static bool IsBalanced(string piece)
    {
        var depth = 0;
        foreach (var letter in piece)
        {
            depth += letter switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth < 0) return false;
        }
        return depth == 0;
    }

    /// <summary>Whether a piece of text holds <c>and</c> or <c>or</c> as a word, which could be taken for a joint.</summary>
    public static bool HoldsJoint(string piece) => HoldsWord(piece, "and") || HoldsWord(piece, "or");

    /// <summary>Whether a piece of text holds a word, in any letter case.</summary>
    public static bool HoldsWord(string piece, string word)
    {
        for (var at = 0; at + word.Length <= piece.Length; at++)
        {
            if ((at == 0 || !IsWordCharacter(piece[at - 1])) && Word(piece, at, word) >= 0) return true;
        }
        return false;
    }

    /// <summary>A letter, a digit or an underscore.</summary>
    public static bool IsWordCharacter(char letter) => char.IsLetterOrDigit(letter) || letter == '_';

    private static bool StandsAlone(string text, int end) => end == text.Length || char.IsWhiteSpace(text[end]) || text[end] == '(';
}
