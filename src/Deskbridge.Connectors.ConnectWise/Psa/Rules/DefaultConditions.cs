using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// The conditions the three workflow rules are created with, in the vendor's own order of clauses. The defaults give
/// the texts of its documentation word for word.
/// </summary>
internal sealed record DefaultConditions
{
    private const string Acknowledged = "Acknowledged";
    private const string Resolved = "Resolved";

    /// <summary>The captions of the marker fields.</summary>
    public MarkerNames Markers { get; init; } = new();

    /// <summary>The status whose tickets raise an alert. Default <c>New (not responded)</c>.</summary>
    public string NewStatus { get; init; } = "New (not responded)";

    /// <summary>The status that acknowledges an alert. Default <c>In Progress (plan of action)</c>.</summary>
    public string InProgressStatus { get; init; } = "In Progress (plan of action)";

    /// <summary>The status that closes an alert. Default <c>Closed (resolved)</c>.</summary>
    public string ClosedStatus { get; init; } = "Closed (resolved)";

    /// <summary>Tickets older than this raise no alert, in hours. Default 360.</summary>
    public int AgeWindowHours { get; init; } = 360;

    /// <summary>The events of the rule that selects tickets: the retrieval event, then the two reserved ones.</summary>
    public IReadOnlyList<string> TriggerEvents =>
    [
        Print(Retrieved(false), In(NewStatus), Young),
        Print(Young, In(NewStatus)),
        Print(Retrieved(true), Young),
    ];

    /// <summary>The events of the rule that updates alerts: the closing event, then the acknowledging one.</summary>
    public IReadOnlyList<string> UpdateEvents =>
    [
        Print(In(ClosedStatus), Young, Retrieved(true), new RuleNot(StatusHolds(Resolved))),
        Print(In(InProgressStatus), Young, Retrieved(true), new RuleNot(StatusHolds(Acknowledged))),
    ];

    /// <summary>The events of the rule that updates tickets: on acknowledge, then on close.</summary>
    public IReadOnlyList<string> OutboundEvents => [Print(StatusHolds(Acknowledged)), Print(StatusHolds(Resolved))];

    private TriggerClause Young =>
        Clause(RuleSubject.Age, RuleTest.LessThan, value: AgeWindowHours.ToString(CultureInfo.InvariantCulture));

    private TriggerClause Retrieved(bool yes) =>
        Clause(RuleSubject.CustomField, yes ? RuleTest.IsTrue : RuleTest.IsFalse, Markers.Retrieved);

    private TriggerClause StatusHolds(string word) => Clause(RuleSubject.CustomField, RuleTest.Contains, Markers.Status, word);

    private static TriggerClause In(string status) => Clause(RuleSubject.Status, RuleTest.Is, value: status);

    /// <summary>The first pattern of a subject and test is the one the vendor's screens show (hours, for an age).</summary>
    private static TriggerClause Clause(RuleSubject subject, RuleTest test, string field = "", string value = "") =>
        new(RuleCatalogue.Patterns.First(pattern => pattern.Subject == subject && pattern.Test == test), field, value);

    private static string Print(params IEnumerable<RuleExpression> parts) => RuleText.Print(RuleParts.Join(parts));
}
