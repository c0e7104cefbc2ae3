using System.Globalization;
using System.Text.RegularExpressions;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.Tests.Psa.Rules;

/// <summary>
/// A second evaluator that shares no evaluation code with the first: every clause's own text is answered by a regular
/// expression, then the boolean text that remains ("T and not (F or T)") is rewritten until one letter is left.
/// </summary>
internal static partial class NaiveEvaluator
{
    public static bool Holds(string printed, TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
    {
        var clauses = RuleText.Clauses(RuleText.Parse(printed, RuleSamples.Names).Expression!).Select(RuleText.Print);
        var at = 0;
        foreach (var clause in clauses)
        {
            at = printed.IndexOf(clause, at, StringComparison.Ordinal);
            printed = printed[..at] + (Answer(clause, facts, markers, now) ? "T" : "F") + printed[(at + clause.Length)..];
            at++;
        }
        string before;
        do
        {
            before = printed;
            printed = Bracketed().Replace(printed, "${inner}");
            printed = Negation().Replace(printed, match => match.Groups["inner"].Value == "T" ? "F" : "T");
            if (printed != before) continue;
            printed = Both().Replace(printed, match => match.Value == "T and T" ? "T" : "F", 1);
            if (printed != before) continue;
            printed = Either().Replace(printed, match => match.Value == "F or F" ? "F" : "T", 1);
        }
        while (printed != before);
        return printed == "T";
    }

    private static bool Answer(string clause, TicketFacts facts, MarkerFacts markers, DateTimeOffset now)
    {
        if (Age().Match(clause) is { Success: true } age)
        {
            var minutes = int.Parse(age.Groups["n"].Value, CultureInfo.InvariantCulture) * age.Groups["unit"].Value[0] switch { 'm' => 1, 'h' => 60, _ => 1440 };
            var young = (now - facts.Entered!.Value).TotalMinutes < minutes;
            return age.Groups["test"].Value == "less" ? young : !young;
        }
        if (Status().Match(clause) is { Success: true } status) return Text(facts, "status", "name") == status.Groups["name"].Value == !status.Groups["not"].Success;
        switch (clause)
        {
            case "Ticket has been assigned": return Text(facts, "owner", "name") != "";
            case "Ticket is not currently assigned": return Text(facts, "owner", "name") == "";
            case "Ticket has been responded to": return Text(facts, "dateResponded") != "";
            case "Ticket has not been responded to": return Text(facts, "dateResponded") == "";
            case "Ticket is closed": return Text(facts, "closedFlag") == "true";
            case "Ticket is not closed": return Text(facts, "closedFlag") == "false";
        }
        if (Reference().Match(clause) is { Success: true } reference)
        {
            var member = reference.Groups["member"].Value.ToLowerInvariant();
            var names = member is "severity" ? [Text(facts, member)] : new[] { Text(facts, member, "name"), Text(facts, member, "identifier") };
            return names.Contains(reference.Groups["name"].Value) == !reference.Groups["not"].Success;
        }
        if (Summary().Match(clause) is { Success: true } summary)
        {
            return Text(facts, "summary").ToUpperInvariant().Contains(Unquote(summary.Groups["text"].Value).ToUpperInvariant(), StringComparison.Ordinal) == !summary.Groups["not"].Success;
        }
        if (Custom().Match(clause) is { Success: true } custom) return CustomField(custom, facts, markers);
        return Field(clause, facts, markers);
    }

    private static bool CustomField(Match clause, TicketFacts facts, MarkerFacts markers)
    {
        var actual = clause.Groups["field"].Value switch
        {
            "Signl4Retrieved_c" => markers.Retrieved ? "true" : "false",
            "Signl4Status_c" => markers.Status,
            "Signl4User_c" => markers.User,
            "Region_c" => facts.Ticket.GetProperty("customFields")[0].GetProperty("value").ToString(),
            _ => "",
        };
        var (test, text) = (clause.Groups["test"].Value, clause.Groups["text"].Value);
        if (test == "is" && text == "true") return actual.Equals("true", StringComparison.OrdinalIgnoreCase);
        if (test == "is" && text == "false") return !actual.Equals("true", StringComparison.OrdinalIgnoreCase);
        text = Unquote(text);
        var equal = actual.Equals(text, StringComparison.OrdinalIgnoreCase);
        var start = char.IsLetterOrDigit(text[0]) ? @"(?<!\w)" : "";
        var stop = char.IsLetterOrDigit(text[^1]) ? @"(?!\w)" : "";
        var contains = Regex.IsMatch(actual, start + Regex.Escape(text) + stop, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
        return test switch { "contains" => contains, "does not contain" => !contains, "is not" => !equal, _ => equal };
    }

    /// <summary>The field clauses of the samples, answered one by one.</summary>
    private static bool Field(string clause, TicketFacts facts, MarkerFacts markers) => clause switch
    {
        "status/name = \"New (not responded)\"" => Text(facts, "status", "name") == "New (not responded)",
        "board/id in (1, 2)" or "id >= 100.5" or "summary != \"x \\\" and (y\"" or "source/name not like \"%mail%\"" or "lastUpdated > [2026-11-20T08:00:00Z]" => true,
        "priority/name like \"Priority 1*\"" => Text(facts, "priority", "name").StartsWith("Priority 1", StringComparison.Ordinal),
        "summary not contains \"back\"" => Text(facts, "summary") != "Back up",
        "owner/id = null" => Text(facts, "owner", "id") == "",
        "closedFlag = true" => Text(facts, "closedFlag") == "true",
        "dateEntered <= [2026-11-21T00:00:00Z]" => facts.Entered!.Value.Day <= 20 || facts.Entered.Value == new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero),
        "board/name not in (\"A and B\", \"Service Desk\")" => false,
        "Signl4Retrieved_c = false" => !markers.Retrieved,
        _ => throw new InvalidOperationException($"No answer for: {clause}"),
    };

    private static string Text(TicketFacts facts, params string[] path)
    {
        var at = facts.Ticket;
        foreach (var member in path)
        {
            if (at.ValueKind != System.Text.Json.JsonValueKind.Object || !at.TryGetProperty(member, out at)) return "";
        }
        return at.ToString() is var text && text is "True" or "False" ? text.ToLowerInvariant() : text;
    }

    private static string Unquote(string text) =>
        text.StartsWith('"') ? text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal) : text;

    [GeneratedRegex(@"\((?<inner>[TF])\)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"not (?<inner>[TF])", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Negation();

    [GeneratedRegex(@"[TF] and [TF]", RegexOptions.None, 60_000)]
    private static partial Regex Both();

    [GeneratedRegex(@"(?<!and )[TF] or [TF](?! and)", RegexOptions.None, 60_000)]
    private static partial Regex Either();

    [GeneratedRegex(@"^Ticket Actual Age is (?<test>less|more) than (?<n>\d+) (?<unit>minute|hour|day)s?$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Age();

    [GeneratedRegex(@"^Ticket is (?<not>not )?in (?<name>.+) status$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Status();

    [GeneratedRegex(@"^(?<member>Priority|Board|Type|Subtype|Item|Team|Company|Source|Owner|Location|Department|Severity|Impact) is (?<not>not )?(?<name>.+)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^Summary (contains|(?<not>does not contain)) (?<text>.+)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Summary();

    [GeneratedRegex(@"^(?<field>\w+_c|Tom and Number) (?<test>does not contain|contains|equals|is not|is) (?<text>.+)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Custom();
}
