using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>A workflow condition as a tree. Immutable; equal when written the same.</summary>
internal abstract record RuleExpression;

/// <summary>Both sides must hold.</summary>
internal sealed record RuleAnd(RuleExpression Left, RuleExpression Right) : RuleExpression;

/// <summary>One side must hold.</summary>
internal sealed record RuleOr(RuleExpression Left, RuleExpression Right) : RuleExpression;

/// <summary>The operand must not hold.</summary>
internal sealed record RuleNot(RuleExpression Operand) : RuleExpression;

/// <summary>A leaf: one testable statement about a ticket.</summary>
internal abstract record RuleClause : RuleExpression;

/// <summary>
/// A clause in the words of the rule screen. <paramref name="Field"/> is the caption of a custom field, else empty;
/// <paramref name="Value"/> the name, text or number, empty when the pattern has no place for one.
/// </summary>
internal sealed record TriggerClause(ClausePattern Pattern, string Field, string Value) : RuleClause
{
    /// <summary>The length of time an age clause names; zero for other clauses.</summary>
    public TimeSpan Age => Pattern.Subject == RuleSubject.Age
        ? TimeSpan.FromTicks((long)(Pattern.Unit.Ticks * decimal.Parse(Value, CultureInfo.InvariantCulture)))
        : TimeSpan.Zero;
}

/// <summary>The operators of the field form (the query language of the REST API).</summary>
internal enum FieldOperator
{
    Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Contains, NotContains, Like, NotLike, In, NotIn,
}

/// <summary>The kinds of value the field form can write.</summary>
internal enum FieldValueKind
{
    Null, Boolean, Number, Date, Text,
}

/// <summary>A value of the field form; <paramref name="Text"/> is its canonical text, unquoted.</summary>
internal readonly record struct FieldValue(FieldValueKind Kind, string Text);

/// <summary>A clause in the field form: <c>board/id in (1, 2)</c>. Only the in-operators have several values.</summary>
internal sealed record FieldClause(string Path, FieldOperator Operator, IReadOnlyList<FieldValue> Values) : RuleClause
{
    /// <inheritdoc/>
    public bool Equals(FieldClause? other) =>
        other is not null && Path == other.Path && Operator == other.Operator && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Operator, Values.Count);
}

/// <summary>A clause that nobody here can read, as it was written. It is never evaluated here: the remote system is asked about the whole condition.</summary>
internal sealed record OpaqueClause(string Text) : RuleClause;
