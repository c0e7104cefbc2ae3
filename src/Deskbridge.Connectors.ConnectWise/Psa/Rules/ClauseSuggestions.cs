namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>Words the refusal of a clause nobody knows: which it is and which patterns it could have meant.</summary>
internal static class ClauseSuggestions
{
    private const int LongestText = 200;

    /// <summary>The unread clause as written: up to the next joining word or the end.</summary>
    public static string TextAt(string text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < LongestText && !(char.IsWhiteSpace(text[end]) && RuleCursor.Joint(text, RuleCursor.SkipBlanks(text, end)) is not null)) end++;
        var clause = text[at..end].TrimEnd();
        while (clause.EndsWith(')') && !RuleCursor.IsBalanced(clause)) clause = clause[..^1].TrimEnd();
        return clause;
    }

    public static string Explain(string clause, int at)
    {
        if (clause.Length == 0) return $"A clause is missing at character {at + 1}. Write one there or remove the word before it.";
        var hint = at == 0 ? "" : " If these words belong to the name before them, check that this name exists; if they belong to a text before them, put that text in double quotes.";
        return $"The clause \"{clause}\" at character {at + 1} is not known. It could have meant: {string.Join("; ", For(clause))}.{hint}";
    }

    /// <summary>The three patterns that share the most words with the clause.</summary>
    private static IEnumerable<string> For(string clause)
    {
        var words = Words(clause);
        return RuleCatalogue.Patterns
            .Where(pattern => pattern.Tail is not ("hour" or "minute" or "day"))
            .Select(pattern => pattern.Template)
            .OrderByDescending(template => Words(template).Count(words.Contains) - (0.1 * Words(template).Count))
            .Take(3);
    }

    private static HashSet<string> Words(string text) =>
        new(text.Split([' ', '{', '}'], StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
}
