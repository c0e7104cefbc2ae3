using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Query;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Workflows;

/// <summary>The clauses of a rule: those that the vendor's pictures show, the like for fields of other types and for other tables, and
/// a comparison in the language of <c>conditions</c> (reference 7.3: all but the pictures' own words is inferred, and stands here only).</summary>
internal sealed class RuleClauses(RuleReader reader, RuleTable table)
{
    private readonly string[] _captions = [.. table.Fields.Keys.OrderByDescending(f => f.Length)];

    /// <summary>The test of the clause that comes next.</summary>
    public Func<JsonObject, bool> Read()
    {
        if (reader.Taken(table.Noun + " is in "))
        {
            var status = reader.UpTo(" status");
            return record => Same(Text(record, "status/name"), status);
        }

        if (reader.Taken(table.Noun + " Actual Age is ")) return Age();
        if (table.IsTickets && Assignment() is { } assigned) return assigned;
        if (table.Priorities.Count > 0 && reader.Taken("Priority is "))
            return reader.Known(table.Priorities) is { } priority ? record => Same(Text(record, "priority/name"), priority) : throw reader.Unknown();
        return reader.Known(_captions) is { } caption ? Field(caption, table.Fields[caption]) : Comparison();
    }

    private Func<JsonObject, bool>? Assignment() =>
        reader.Taken("Ticket is not currently assigned") ? ticket => !Assigned(ticket)
        : reader.Taken("Ticket has been assigned") ? Assigned
        : reader.Taken("Ticket has been responded to") ? ticket => ticket["dateResponded"] is not null
        : null;

    private Func<JsonObject, bool> Age()
    {
        var less = reader.Taken("less than ");
        if (!less && !reader.Taken("more than ")) throw reader.Unknown();
        if (!double.TryParse(reader.UpTo(" hours"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours)) throw reader.Unknown();
        return less ? record => Hours(record) < hours : record => Hours(record) > hours;
    }

    private Func<JsonObject, bool> Field(string caption, string type)
    {
        // An unset checkbox counts as not ticked.
        if (reader.Taken("is true")) return record => Same(Value(record, caption), "true");
        if (reader.Taken("is false")) return record => !Same(Value(record, caption), "true");
        if (reader.Taken("contains "))
        {
            var part = reader.UpToJoin();
            return record => Value(record, caption)?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;
        }

        if (!reader.Taken("is ")) throw reader.Unknown();
        int[] wanted = reader.Taken("less than ") || reader.Taken("before ") ? [-1] : reader.Taken("more than ") || reader.Taken("after ") ? [1] : [0];
        var compare = Comparer(type, reader.UpToJoin());
        return record => Value(record, caption) is { Length: > 0 } value && wanted.Contains(Math.Sign(compare(value)));
    }

    // How a field's value stands to the one in the rule: as numbers, days or words.
    private static Func<string, int> Comparer(string type, string text)
    {
        switch (type)
        {
            case "Number" or "Percent" or "Currency":
                if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) throw RuleReader.Unknown(text);
                return value => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var own) ? own.CompareTo(number) : -1;
            case "Date":
                if (Json.Instant(text) is not { } day) throw RuleReader.Unknown(text);
                return value => (Json.Instant(value) ?? DateTimeOffset.MinValue).Date.CompareTo(day.Date);
            default:
                return value => string.Compare(value, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private Func<JsonObject, bool> Comparison()
    {
        var text = reader.Comparison();
        try
        {
            var filter = new Filter(table.Resource.Model, text, null, null);
            if (string.IsNullOrWhiteSpace(text)) throw RuleReader.Unknown(text);
            return record => Matches(filter, record, text);
        }
        catch (PsaRefusal)
        {
            throw RuleReader.Unknown(text);
        }
    }

    private static bool Matches(Filter filter, JsonObject record, string text)
    {
        try
        {
            return filter.Matches(record);
        }
        catch (PsaRefusal)
        {
            throw RuleReader.Unknown(text);
        }
    }

    private double Hours(JsonObject record) => (table.Now - (Json.Instant(Json.At(record, "_info/dateEntered")) ?? table.Now)).TotalHours;

    private static bool Assigned(JsonObject ticket) => ticket["owner"] is not null || ticket["resources"] is not null;

    private static string? Text(JsonObject record, string path) => Json.Text(Json.At(record, path));

    private static string? Value(JsonObject record, string caption) =>
        Json.Text((record["customFields"] as JsonArray ?? []).FirstOrDefault(f => Json.Text(f!["caption"]) == caption)?["value"]);

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

