using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// Answers a clause of the field form. Text is compared without letter case. A value that is missing or null equals only
/// <c>null</c> and is never less or greater than anything; each negative operator is the exact opposite of its positive one.
/// In a <c>like</c> pattern <c>*</c> and <c>%</c> stand for any text and <c>[[]</c> for an opening bracket.
/// </summary>
internal sealed class FieldComparison
{
    private readonly FieldOperator _operator;
    private readonly Operand[] _values;
    private readonly char?[] _pattern;

    /// <summary>Converts the clause's values once.</summary>
    public FieldComparison(FieldClause clause)
    {
        _operator = clause.Operator;
        _values = [.. clause.Values.Select(Operand.Of)];
        _pattern = _operator is FieldOperator.Like or FieldOperator.NotLike ? Pattern(clause.Values[0].Text) : [];
    }

    /// <summary>Whether the clause holds for a value; null is an unset one.</summary>
    public bool Holds(string? actual) => _operator switch
    {
        FieldOperator.Equal => _values[0].Same(actual),
        FieldOperator.NotEqual => !_values[0].Same(actual),
        FieldOperator.Less => _values[0].Order(actual) < 0,
        FieldOperator.LessOrEqual => _values[0].Order(actual) <= 0,
        FieldOperator.Greater => _values[0].Order(actual) > 0,
        FieldOperator.GreaterOrEqual => _values[0].Order(actual) >= 0,
        FieldOperator.Contains => IsPart(actual),
        FieldOperator.NotContains => !IsPart(actual),
        FieldOperator.Like => actual is not null && Matches(actual),
        FieldOperator.NotLike => !(actual is not null && Matches(actual)),
        FieldOperator.In => IsAny(actual),
        _ => !IsAny(actual),
    };

    private bool IsPart(string? actual) => actual?.Contains(_values[0].Text, StringComparison.OrdinalIgnoreCase) == true;

    private bool IsAny(string? actual)
    {
        foreach (var value in _values)
        {
            if (value.Same(actual)) return true;
        }
        return false;
    }

    /// <summary>The pattern as characters, null standing for any text.</summary>
    private static char?[] Pattern(string like)
    {
        var pattern = new List<char?>();
        for (var i = 0; i < like.Length; i++)
        {
            var escaped = string.CompareOrdinal(like, i, "[[]", 0, 3) == 0;
            pattern.Add(like[i] is '*' or '%' ? null : like[i]);
            if (escaped) i += 2;
        }
        return [.. pattern];
    }

    /// <summary>Goes back only to the latest wildcard, so no pattern takes longer than pattern times text.</summary>
    private bool Matches(string text)
    {
        var (at, next, wildcard, resume) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (next < _pattern.Length && _pattern[next] is null)
            {
                (wildcard, resume) = (next++, at);
            }
            else if (next < _pattern.Length && char.ToUpperInvariant(_pattern[next]!.Value) == char.ToUpperInvariant(text[at]))
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
        while (next < _pattern.Length && _pattern[next] is null) next++;
        return next == _pattern.Length;
    }

    /// <summary>A value of the clause, converted.</summary>
    private readonly record struct Operand(FieldValueKind Kind, string Text, decimal Number, DateTimeOffset Date)
    {
        public static Operand Of(FieldValue value) => new(
            value.Kind,
            value.Text,
            value.Kind == FieldValueKind.Number ? decimal.Parse(value.Text, CultureInfo.InvariantCulture) : 0,
            value.Kind == FieldValueKind.Date && FieldReader.TryDate(value.Text, out var date) ? date : default);

        public bool Same(string? actual) => Kind == FieldValueKind.Null ? actual is null : Order(actual) == 0;

        /// <summary>Negative, zero or positive as the actual value stands before, at or after this one; null when they cannot be compared.</summary>
        public int? Order(string? actual)
        {
            if (actual is null || Kind == FieldValueKind.Null) return null;
            return Kind switch
            {
                FieldValueKind.Number => decimal.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.CompareTo(Number) : null,
                FieldValueKind.Date => FieldReader.TryDate(actual, out var date) ? date.CompareTo(Date) : null,
                _ => string.Compare(actual, Text, StringComparison.OrdinalIgnoreCase),
            };
        }
    }
}
