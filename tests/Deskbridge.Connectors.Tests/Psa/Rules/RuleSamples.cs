using System.Globalization;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Deskbridge.Connectors.Tests.Psa.Rules;

/// <summary>Names, tickets and random conditions the rule tests share.</summary>
internal static class RuleSamples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly MarkerNames Markers = new();
    public static readonly MarkerFacts NoMarkers = new(Markers, false, "", "");

    public static readonly string[] Statuses =
        ["New (not responded)", "In Progress (plan of action)", "Closed (resolved)", "Assigned (responded)", "Waiting and watching", "Pending status", "Do not touch or move"];

    private static readonly string[] Priorities = ["Priority 1 - Emergency Response", "Priority 3 - Normal Response", "Fire and forget (low)"];
    private static readonly string[] Texts = ["Acknowledged", "Resolved", "disk (C:) full", "health and safety", "not this", "true", "5\" disk", "back\\slash"];
    private static readonly string[] Captions = ["Signl4Retrieved_c", "Signl4Status_c", "Signl4User_c", "Tom and Number", "Region_c"];

    public static readonly RuleNames Names = RuleNames.None
        .With(RuleSubject.Status, Statuses)
        .With(RuleSubject.Priority, Priorities)
        .With(RuleSubject.CustomField, Captions);

    private static readonly string[] Fields =
    [
        "status/name = \"New (not responded)\"", "board/id in (1, 2)", "priority/name like \"Priority 1*\"",
        "summary contains \"disk\"", "summary not contains \"back\"", "owner/id = null", "closedFlag = true", "id >= 100.5",
        "lastUpdated > [2026-11-20T08:00:00Z]", "dateEntered <= [2026-11-21T00:00:00Z]", "board/name not in (\"A and B\", \"Service Desk\")",
        "summary != \"x \\\" and (y\"", "source/name not like \"%mail%\"", "Signl4Retrieved_c = false",
    ];

    public static readonly Gen<RuleClause> Clause = Gen.OneOf(
        Gen.Elements(Fields).Select(text => (RuleClause)Read(text)),
        from pattern in Gen.Elements<ClausePattern>(RuleCatalogue.Patterns)
        from caption in Gen.Elements(Captions)
        from text in Gen.Elements(Texts)
        from hours in Gen.Choose(0, 30)
        from name in Gen.Elements(pattern.Subject switch
        {
            RuleSubject.Status => Statuses,
            RuleSubject.Priority => Priorities,
            _ => ["Service Desk", "Acme (north) Ltd", "High", "jdoe"],
        })
        select (RuleClause)new TriggerClause(
            pattern,
            pattern.Subject == RuleSubject.CustomField ? caption : "",
            pattern.Slot switch
            {
                RuleSlot.None => "",
                RuleSlot.Number => hours.ToString(CultureInfo.InvariantCulture),
                RuleSlot.Text => text,
                _ => name,
            }));

    public static readonly Gen<RuleExpression> Expression = Gen.Sized(size => Tree(Math.Min(size, 12)));

    public static readonly Gen<(TicketFacts Facts, MarkerFacts Markers)> Ticket =
        from status in Gen.Elements(Statuses)
        from priority in Gen.Elements(Priorities)
        from summary in Gen.Elements("disk (C:) full on SRV-02", "Health and Safety", "Back up", "")
        from age in Gen.Choose(-60, 40 * 60)
        from owner in Gen.Elements("null", """{ "id": 176, "identifier": "jdoe", "name": "John Doe" }""")
        from closed in Gen.Elements("true", "false")
        from responded in Gen.Elements("null", "\"2026-11-20T08:00:00Z\"")
        from field in Gen.Elements("null", "\"Acknowledged\"", "\"not this\"", "true", "\"Unresolved, Resolved\"")
        from retrieved in Gen.Elements(true, false)
        from word in Gen.Elements("", "Acknowledged", "Resolved")
        select (
            TicketFacts.From(JsonDocument.Parse($$"""
                { "id": 101, "summary": {{JsonSerializer.Serialize(summary)}}, "board": { "id": 1, "name": "Service Desk" },
                  "status": { "id": 16, "name": "{{status}}" }, "priority": { "id": 4, "name": "{{priority}}" }, "owner": {{owner}},
                  "company": { "id": 250, "identifier": "acme", "name": "Acme (north) Ltd" }, "severity": "High",
                  "closedFlag": {{closed}}, "dateResponded": {{responded}},
                  "_info": { "lastUpdated": "2026-11-21T08:00:00Z", "dateEntered": "{{Now.AddMinutes(-age):yyyy-MM-ddTHH:mm:ssZ}}" },
                  "customFields": [ { "id": 1, "caption": "Region_c", "value": {{field}} }, { "id": 2, "caption": "Signl4Status_c", "value": "Resolved" } ] }
                """).RootElement),
            new MarkerFacts(Markers, retrieved, word, "jo@acme.test"));

    public static RuleExpression Read(string text) =>
        RuleText.Parse(text, Names) is { Expression: { } read } ? read : throw new InvalidOperationException($"Unreadable: {text}");

    private static Gen<RuleExpression> Tree(int size)
    {
        var leaf = Clause.Select(clause => (RuleExpression)clause);
        if (size <= 1) return leaf;
        var half = Tree(size / 2);
        return Gen.OneOf(
            leaf,
            half.Select(inner => (RuleExpression)new RuleNot(inner)),
            half.SelectMany(left => half.Select(right => (RuleExpression)new RuleAnd(left, right))),
            half.SelectMany(left => half.Select(right => (RuleExpression)new RuleOr(left, right))));
    }
}
