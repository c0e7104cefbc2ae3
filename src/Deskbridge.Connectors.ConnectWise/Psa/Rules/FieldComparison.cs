using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// Answers a clause of the field form. Text is compared without letter case. A value that is missing or null equals only
/// <c>null</c> and is never less or greater than anything; each negative operator is the exact opposite of its positive one.
/// In a <c>like</c> pattern <c>*</c> and <c>%</c> stand for any text and <c>[[]</c> for an opening bracket.
/// </summary>
internal static class FieldComparison
{
    public static (bool Holds, string Actual) For(FieldClause clause, TicketFacts facts, MarkerFacts markers)
    {
        var actual = markers.For(clause.Path) ?? facts.AtPath(clause.Path) ?? facts.CustomField(clause.Path);
        var first = clause.Values[0];
        var holds = clause.Operator switch
        {
            FieldOperator.Equal => Same(actual, first),
            FieldOperator.NotEqual => !Same(actual, first),
            FieldOperator.Less => Order(actual, first) < 0,
            FieldOperator.LessOrEqual => Order(actual, first) <= 0,
            FieldOperator.Greater => Order(actual, first) > 0,
            FieldOperator.GreaterOrEqual => Order(actual, first) >= 0,
            FieldOperator.Contains => Holds(actual, first),
            FieldOperator.NotContains => !Holds(actual, first),
            FieldOperator.Like => IsLike(actual, first),
            FieldOperator.NotLike => !IsLike(actual, first),
            FieldOperator.In => clause.Values.Any(value => Same(actual, value)),
            _ => !clause.Values.Any(value => Same(actual, value)),
        };
        return (holds, actual ?? "(null)");
    }

    private static bool Same(string? actual, FieldValue value) =>
        value.Kind == FieldValueKind.Null ? actual is null : Order(actual, value) == 0;

    private static bool Holds(string? actual, FieldValue value) =>
        actual?.Contains(value.Text, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Negative, zero or positive as the actual value stands before, at or after the given one; null when they cannot be compared.</summary>
    private static int? Order(string? actual, FieldValue value)
    {
        if (actual is null || value.Kind == FieldValueKind.Null) return null;
        switch (value.Kind)
        {
            case FieldValueKind.Number:
                return decimal.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? number.CompareTo(decimal.Parse(value.Text, CultureInfo.InvariantCulture))
                    : null;
            case FieldValueKind.Date:
                return FieldReader.TryDate(actual, out var date) && FieldReader.TryDate(value.Text, out var given)
                    ? date.CompareTo(given)
                    : null;
            default:
                return string.Compare(actual, value.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static bool IsLike(string? actual, FieldValue value) => actual is not null && Matches(actual, Pattern(value.Text));

    /// <summary>The pattern as characters, null standing for any text.</summary>
    private static List<char?> Pattern(string like)
    {
        var pattern = new List<char?>();
        for (var i = 0; i < like.Length; i++)
        {
            var escaped = string.CompareOrdinal(like, i, "[[]", 0, 3) == 0;
            pattern.Add(like[i] is '*' or '%' ? null : like[i]);
            if (escaped) i += 2;
        }
        return pattern;
    }

    /// <summary>Goes back only to the latest wildcard, so no pattern takes longer than pattern times text.</summary>
    private static bool Matches(string text, List<char?> pattern)
    {
        var (at, next, wildcard, resume) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (next < pattern.Count && pattern[next] is null)
            {
                (wildcard, resume) = (next++, at);
            }
            else if (next < pattern.Count && char.ToUpperInvariant(pattern[next]!.Value) == char.ToUpperInvariant(text[at]))
            {
                (at, next) = (at + 1, next + 1);
            }
            else if (wildcard >= 0)
            {
                (at, next) = (++resume, wildcard + 1);
            }
            else
            {
                return false;
            }
        }
        return pattern.Skip(next).All(character => character is null);
    }
}
