namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>Words the refusal of a clause nobody knows: which it is and which patterns it could have meant.</summary>
internal static class ClauseSuggestions
{
    private const int LongestText = 200;

    /// <summary>Words of patterns that say nothing of what the clause is about.</summary>
    private static readonly HashSet<string> Common = new(
        ["ticket", "is", "not", "in", "has", "been", "to", "currently", "does", "contain", "contains", "less", "more", "than", "hours", "minutes", "days"], StringComparer.OrdinalIgnoreCase);

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
        var meant = For(clause);
        var guess = meant.Count > 0 ? $"It could have meant: {string.Join("; ", meant)}." : "No clause that is known is like it; the rule editor lists them.";
        return $"The clause \"{clause}\" at character {at + 1} is not known. {guess}{hint}";
    }

    /// <summary>The three patterns that are most like the clause: about the same thing, or a test that a custom field of that name could be put to. None for want of a likeness.</summary>
    private static List<string> For(string clause)
    {
        var words = Words(clause);
        return [.. RuleCatalogue.Patterns
            .Where(pattern => pattern.Tail is not ("hour" or "minute" or "day"))
            .Select(pattern => (pattern.Template, Likeness: Likeness(pattern, words)))
            .Where(pattern => pattern.Likeness >= 1)
            .OrderByDescending(pattern => pattern.Likeness)
            .Select(pattern => pattern.Template)
            .Take(3)];
    }

    private static double Likeness(ClausePattern pattern, string[] words)
    {
        var lead = Words(pattern.Lead);
        if (pattern.Subject == RuleSubject.CustomField)
            return $" {string.Join(' ', words.Skip(1))} ".Contains($" {pattern.Lead} ", StringComparison.OrdinalIgnoreCase) ? 1 + (0.1 * lead.Length) : 0;
        var own = lead.Concat(Words(pattern.Tail)).ToList();
        var shared = own.Count(word => words.Any(written => IsLike(word, written)));
        var about = own.Count(word => !Common.Contains(word) && words.Any(written => IsLike(word, written)));
        return (2 * about) + (IsLike(lead[0], words[0]) ? 1 : 0) + (0.1 * shared) - (0.01 * own.Count);
    }

    /// <summary>The same word, or a slip of it: as long but for a letter, with the same beginning.</summary>
    private static bool IsLike(string word, string written) =>
        word.Equals(written, StringComparison.OrdinalIgnoreCase)
        || (word.Length >= 4 && Math.Abs(word.Length - written.Length) <= 1 && written.StartsWith(word[..3], StringComparison.OrdinalIgnoreCase));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
