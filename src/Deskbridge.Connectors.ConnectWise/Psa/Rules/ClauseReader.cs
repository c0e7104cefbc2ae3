using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>A way to read the clause that begins at some place, and where it ends.</summary>
internal readonly record struct ClauseReading(RuleClause Clause, int End);

/// <summary>
/// Reads one clause. Names hold blanks, brackets and joining words, so a place can have several readings; they are given
/// best first: listed names, then names with matching brackets, each shortest first, then the field form. A name with
/// unmatched brackets is read only when it is listed, for it could as well hide the end of a group.
/// </summary>
internal sealed class ClauseReader(string text, RuleNames names)
{
    /// <summary>The longest name or text a clause may hold, in characters; the longest name ConnectWise stores has 100.</summary>
    internal const int LongestValue = 200;
    private const int MostAge = 1_000_000;
    private const int MostDecimals = 4;
    private const int LongestNumber = 12;

    /// <summary>All readings at a place, best first.</summary>
    public IReadOnlyList<ClauseReading> ReadAt(int at)
    {
        var found = new List<(int Rank, ClauseReading Reading)>();
        var captions = CaptionsAt(at).ToList();
        foreach (var pattern in RuleCatalogue.Patterns)
        {
            if (pattern.Subject != RuleSubject.CustomField) Match(pattern, "", at, found);
            else foreach (var (field, end) in captions.Where(caption => Fits(names.KindOf(caption.Field), pattern.Test))) Match(pattern, field, end, found);
        }
        found.AddRange(FieldReader.ReadAt(text, at, names).Where(reading => RuleCursor.IsClauseEnd(text, reading.End)).Select(reading => (1, reading)));
        return [.. found.OrderBy(f => f.Rank).Select(f => f.Reading)];
    }

    private IEnumerable<(string Field, int End)> CaptionsAt(int at)
    {
        foreach (var caption in names.Captions)
        {
            if (RuleCursor.Words(text, at, caption) is >= 0 and var end) yield return (caption, end);
        }
        var stop = at;
        while (stop < text.Length && RuleCursor.IsWordCharacter(text[stop])) stop++;
        var word = text[at..stop];
        if (word.Length > 2 && word.EndsWith("_c", StringComparison.OrdinalIgnoreCase) && !names.Knows(RuleSubject.CustomField, word))
        {
            yield return (word, stop);
        }
    }

    /// <summary>Numbers and dates are compared in the field form; the rule screen's words for them are not known.</summary>
    internal static bool Fits(CustomFieldKind kind, RuleTest test) => kind switch
    {
        CustomFieldKind.Any => true,
        CustomFieldKind.Checkbox => test is RuleTest.IsTrue or RuleTest.IsFalse,
        CustomFieldKind.Text => test is RuleTest.Contains or RuleTest.DoesNotContain or RuleTest.Is or RuleTest.IsNot,
        _ => false,
    };

    private void Match(ClausePattern pattern, string field, int at, List<(int, ClauseReading)> found)
    {
        var end = RuleCursor.Words(text, at, pattern.Lead);
        if (end < 0) return;
        if (pattern.Slot == RuleSlot.None)
        {
            if (RuleCursor.IsClauseEnd(text, end)) found.Add((0, new(new TriggerClause(pattern, field, ""), end)));
            return;
        }
        var start = RuleCursor.SkipBlanks(text, end);
        if (start == text.Length || (start == end && text[start] is not ('"' or '\''))) return;
        if (pattern.Slot == RuleSlot.Number) MatchNumber(pattern, start, found);
        else if (!MatchQuoted(pattern, field, start, found)) MatchPlain(pattern, field, start, found);
    }

    private void MatchNumber(ClausePattern pattern, int start, List<(int, ClauseReading)> found)
    {
        var stop = start;
        while (stop < text.Length && (char.IsAsciiDigit(text[stop]) || (text[stop] == '.' && stop > start))) stop++;
        if (stop - start > LongestNumber || !decimal.TryParse(text.AsSpan(start, stop - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return;
        if (value != decimal.Round(value, MostDecimals)) return;
        var end = RuleCursor.Words(text, stop, pattern.Tail);
        if (value > MostAge || end < 0 || !RuleCursor.IsClauseEnd(text, end)) return;
        found.Add((0, new(new TriggerClause(pattern, "", value.ToString("0.####", CultureInfo.InvariantCulture)), end)));
    }

    private bool MatchQuoted(ClausePattern pattern, string field, int start, List<(int, ClauseReading)> found)
    {
        var stop = start;
        if (QuotedText.Read(text, ref stop) is not { } value) return false;
        var end = EndAfter(pattern, stop);
        var fits = pattern.Slot == RuleSlot.Text ? value.Length > 0 : RuleNames.Tidy(value) == value && IsPlain(value);
        if (end < 0 || !fits || value.Length > LongestValue) return false;
        found.Add((0, new(new TriggerClause(pattern, field, value), end)));
        return true;
    }

    private void MatchPlain(ClausePattern pattern, string field, int start, List<(int, ClauseReading)> found)
    {
        var last = Math.Min(text.Length, start + LongestValue);
        for (var stop = start + 1; stop <= last; stop++)
        {
            if (stop < text.Length && RuleCursor.IsWordCharacter(text[stop]) && RuleCursor.IsWordCharacter(text[stop - 1])) continue;
            if (char.IsWhiteSpace(text[stop - 1])) continue;
            var end = EndAfter(pattern, stop);
            if (end < 0) continue;
            var value = RuleNames.Tidy(text[start..stop]);
            if (RankOf(pattern, value) is { } rank) found.Add((rank, new(new TriggerClause(pattern, field, value), end)));
        }
    }

    /// <summary>Where the clause ends when its value stops here, or -1 when it cannot stop here.</summary>
    private int EndAfter(ClausePattern pattern, int stop)
    {
        var end = stop;
        if (pattern.Tail.Length > 0)
        {
            if (stop < text.Length && !char.IsWhiteSpace(text[stop])) return -1;
            end = RuleCursor.Words(text, stop, pattern.Tail);
        }
        return end >= 0 && RuleCursor.IsClauseEnd(text, end) ? end : -1;
    }

    private int? RankOf(ClausePattern pattern, string value)
    {
        if (pattern.Slot == RuleSlot.Text) return IsPlain(value) ? 1 : null;
        if (names.Knows(pattern.Subject, value)) return 0;
        if (RuleCursor.IsNot(value, 0) || RuleCursor.Joint(value, 0) is not null || EndsInJoint(value)) return null;
        if (RuleCursor.HoldsJoint(value) && (names.Lists(pattern.Subject) || HoldsTest(value))) return null;
        return RuleCursor.IsBalanced(value) ? 1 : null;
    }

    /// <summary>Behind a joining word that is rather a clause about a field nobody knows, as when the list of fields cannot be read: as a part of the name it would be false for ever, in silence.</summary>
    private static bool HoldsTest(string value) =>
        value.AsSpan().ContainsAny('=', '<', '>') || Array.Exists(["is", "contains", "contain", "equals"], word => RuleCursor.HoldsWord(value, word));

    private static bool EndsInJoint(string value) =>
        value.EndsWith(" and", StringComparison.OrdinalIgnoreCase) || value.EndsWith(" or", StringComparison.OrdinalIgnoreCase)
        || value.EndsWith(" not", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether free text can stand without quotes and still be read as itself. Free text has no list to check it
    /// against, so a joining word in it must be quoted: reading past one would hide a clause nobody understood.
    /// </summary>
    internal static bool IsPlain(string value) =>
        value.Length > 0 && RuleNames.Tidy(value) == value && value[0] is not ('"' or '\'') && RuleCursor.IsBalanced(value)
        && !RuleCursor.HoldsJoint(value) && !RuleCursor.HoldsWord(value, "not")
        && !value.Equals("true", StringComparison.OrdinalIgnoreCase) && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
}
