using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// Reads and writes a clause in the field form, the query language of the REST API:
/// <c>path op value</c>, <c>path [not] contains|like "text"</c>, <c>path [not] in (a, b)</c>.
/// </summary>
internal static class FieldReader
{
    private static readonly (string Sign, FieldOperator Operator)[] Signs =
    [
        ("!=", FieldOperator.NotEqual), ("<=", FieldOperator.LessOrEqual), (">=", FieldOperator.GreaterOrEqual),
        ("=", FieldOperator.Equal), ("<", FieldOperator.Less), (">", FieldOperator.Greater),
        ("not contains", FieldOperator.NotContains), ("not like", FieldOperator.NotLike), ("not in", FieldOperator.NotIn),
        ("contains", FieldOperator.Contains), ("like", FieldOperator.Like), ("in", FieldOperator.In),
    ];

    /// <summary>The clauses that can begin here: about a member of the ticket, or about a custom field, whose caption may have several words.</summary>
    public static IEnumerable<ClauseReading> ReadAt(string text, int at, RuleNames names)
    {
        var end = at;
        if (Path(text, ref end) is { } path && IsKnown(path, names) && After(text, path, end) is { } reading) yield return reading;
        foreach (var caption in names.Captions.Where(caption => !RuleCatalogue.TicketMembers.Contains(caption)))
        {
            if (RuleCursor.Words(text, at, caption) is >= 0 and var stop && After(text, caption, stop) is { } about && Fits(names.KindOf(caption), about.Clause)) yield return about;
        }
    }

    private static ClauseReading? After(string text, string path, int at)
    {
        if (Sign(text, ref at) is not { } sign) return null;
        if (sign is FieldOperator.In or FieldOperator.NotIn)
        {
            return List(text, ref at) is { } values ? new(new FieldClause(path, sign, values), at) : null;
        }
        at = RuleCursor.SkipBlanks(text, at);
        if (Value(text, ref at) is not { } value) return null;
        return IsAboutWords(sign) && value.Kind != FieldValueKind.Text ? null : new(new FieldClause(path, sign, [value]), at);
    }

    private static bool IsAboutWords(FieldOperator sign) => sign is FieldOperator.Contains or FieldOperator.NotContains or FieldOperator.Like or FieldOperator.NotLike;

    private static bool Fits(CustomFieldKind kind, RuleClause clause)
    {
        var about = (FieldClause)clause;
        FieldValueKind? holds = kind switch
        {
            CustomFieldKind.Text => FieldValueKind.Text,
            CustomFieldKind.Checkbox => FieldValueKind.Boolean,
            CustomFieldKind.Number => FieldValueKind.Number,
            CustomFieldKind.Date => FieldValueKind.Date,
            _ => null,
        };
        return holds is null || (about.Values.All(value => value.Kind == holds || value.Kind == FieldValueKind.Null) && (holds == FieldValueKind.Text || !IsAboutWords(about.Operator)));
    }

    public static string Write(FieldClause clause)
    {
        var sign = Signs.First(s => s.Operator == clause.Operator).Sign;
        var values = string.Join(", ", clause.Values.Select(Write));
        return clause.Operator is FieldOperator.In or FieldOperator.NotIn ? $"{clause.Path} {sign} ({values})" : $"{clause.Path} {sign} {values}";
    }

    private static string Write(FieldValue value) => value.Kind switch
    {
        FieldValueKind.Text => QuotedText.Write(value.Text),
        FieldValueKind.Date => $"[{value.Text}]",
        _ => value.Text,
    };

    /// <summary>A misspelt member would make a clause that is silently false for ever, so only known ones are read.</summary>
    private static bool IsKnown(string path, RuleNames names)
    {
        var parts = path.Split('/');
        if (parts.Length == 1 && path.EndsWith("_c", StringComparison.OrdinalIgnoreCase) && !names.Knows(RuleSubject.CustomField, path)) return true;
        return RuleCatalogue.TicketMembers.Contains(parts[0]) && parts.Skip(1).All(RuleCatalogue.ReferenceMembers.Contains);
    }

    private static string? Path(string text, ref int at)
    {
        var stop = at;
        while (stop < text.Length && (RuleCursor.IsWordCharacter(text[stop]) || (text[stop] == '/' && stop > at && text[stop - 1] != '/'))) stop++;
        if (stop == at || text[stop - 1] == '/' || char.IsDigit(text[at])) return null;
        var path = text[at..stop];
        at = stop;
        return path;
    }

    private static FieldOperator? Sign(string text, ref int at)
    {
        var start = RuleCursor.SkipBlanks(text, at);
        foreach (var (sign, found) in Signs)
        {
            var end = char.IsLetter(sign[0])
                ? RuleCursor.Words(text, start, sign)
                : string.CompareOrdinal(text, start, sign, 0, sign.Length) == 0 ? start + sign.Length : -1;
            if (end < 0) continue;
            at = end;
            return found;
        }
        return null;
    }

    private static List<FieldValue>? List(string text, ref int at)
    {
        at = RuleCursor.SkipBlanks(text, at);
        if (at >= text.Length || text[at] != '(') return null;
        var values = new List<FieldValue>();
        do
        {
            at = RuleCursor.SkipBlanks(text, at + 1);
            if (Value(text, ref at) is not { } value) return null;
            values.Add(value);
            at = RuleCursor.SkipBlanks(text, at);
        }
        while (at < text.Length && text[at] == ',');
        if (at >= text.Length || text[at] != ')') return null;
        at++;
        return values;
    }

    private static FieldValue? Value(string text, ref int at)
    {
        if (at >= text.Length) return null;
        if (text[at] is '"' or '\'') return QuotedText.Read(text, ref at) is { } quoted ? new(FieldValueKind.Text, quoted) : null;
        if (text[at] == '[') return Date(text, ref at);
        foreach (var (word, kind) in (ReadOnlySpan<(string, FieldValueKind)>)
            [("true", FieldValueKind.Boolean), ("false", FieldValueKind.Boolean), ("null", FieldValueKind.Null)])
        {
            if (RuleCursor.Word(text, at, word) is not (>= 0 and var end)) continue;
            at = end;
            return new(kind, word);
        }
        var stop = at;
        while (stop < text.Length && (char.IsAsciiDigit(text[stop]) || text[stop] is '.' or '-')) stop++;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text.AsSpan(at, stop - at), Style, CultureInfo.InvariantCulture, out var number)) return null;
        at = stop;
        return new(FieldValueKind.Number, number.ToString(CultureInfo.InvariantCulture));
    }

    private static FieldValue? Date(string text, ref int at)
    {
        var close = text.IndexOf(']', at);
        if (close < 0 || close - at > 64 || !TryDate(text[(at + 1)..close], out var date)) return null;
        at = close + 1;
        return new(FieldValueKind.Date, date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }

    /// <summary>A date and time as the vendor or its clients write it; without an offset it is UTC.</summary>
    internal static bool TryDate(string? text, out DateTimeOffset date) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out date);
}
