namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>What reading a condition gave: the expression, or the first place that could not be read.</summary>
internal sealed record RuleParse
{
    private RuleParse(RuleExpression? expression, UnreadableClause? unreadable) => (Expression, Unreadable) = (expression, unreadable);

    /// <summary>The condition, or null when it could not be read.</summary>
    public RuleExpression? Expression { get; }

    /// <summary>What could not be read, or null when all of it could.</summary>
    public UnreadableClause? Unreadable { get; }

    /// <summary>A condition that was read whole.</summary>
    public static RuleParse Read(RuleExpression expression) => new(expression, null);

    /// <summary>A condition that is refused.</summary>
    public static RuleParse Refused(string text, int position, string message) => new(null, new(text, position, message));
}

/// <summary>
/// The clause that could not be read: its text as written, its place (characters from the start, 0 first) and a message
/// that names the clause and the patterns it could have meant.
/// </summary>
internal sealed record UnreadableClause(string Text, int Position, string Message);
