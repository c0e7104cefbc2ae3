using System.Text.Json;

namespace Deskbridge.Connectors.Autotask.Filters;

/// <summary>Reads a filter as a person wrote it: the whole query body, a list of conditions, or one condition or group.</summary>
internal static class FilterText
{
    private const int Deepest = 20;

    /// <summary>The vendor's bound of 500 conditions joined by "or", taken for all of a filter.</summary>
    private const int MostClauses = 500;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The condition, group or list that a text holds, whatever stands in it; null when it is no JSON.</summary>
    public static JsonElement? Root(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            return Within(document.RootElement).Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Of a whole query its filter.</summary>
    private static JsonElement Within(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && Member(root, "filter") is { ValueKind: JsonValueKind.Array or JsonValueKind.Object } inner ? inner : root;

    /// <summary>Reads a filter.</summary>
    /// <param name="text">What was entered.</param>
    /// <param name="problems">Why it cannot be used, each with what to write instead; empty when it can.</param>
    /// <returns>Null when there are problems.</returns>
    public static FilterNode? Read(string text, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        problems = found;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Lenient);
        }
        catch (JsonException failure)
        {
            found.Add($"The filter is no JSON: {Where(failure)}. Write it like {{\"op\":\"eq\",\"field\":\"priority\",\"value\":\"Critical\"}}.");
            return null;
        }

        using (document)
        {
            var root = Within(document.RootElement);
            var node = root.ValueKind == JsonValueKind.Array ? Group(any: false, root, found, 0) : Node(root, found, 0);
            if (node is not null && node.Clauses().Take(MostClauses + 1).Count() > MostClauses) found.Add($"The filter has more than {MostClauses} conditions, which Autotask refuses. Use \"in\" with a list of values.");
            if (node is not null && !node.Clauses().Any() && found.Count == 0) found.Add("The filter holds no condition, so every ticket would match. Write at least one.");
            return found.Count == 0 ? node : null;
        }
    }

    private static string Where(JsonException failure) => failure.LineNumber is { } line ? $"something is wrong in line {line + 1}, near character {(failure.BytePositionInLine ?? 0) + 1}" : "it cannot be read";

    private static FilterNode? Node(JsonElement json, List<string> problems, int depth)
    {
        if (depth > Deepest)
        {
            problems.Add($"Groups stand more than {Deepest} deep in each other.");
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"A condition is an object such as {{\"op\":\"eq\",\"field\":\"status\",\"value\":1}}, not {Shown(json)}.");
            return null;
        }

        var op = Member(json, "op") is { ValueKind: JsonValueKind.String } named ? JsonTexts.Of(named) : null;
        if (op is null)
        {
            problems.Add($"The condition {Shown(json)} has no \"op\". It is one of {string.Join(", ", FilterOps.Known)}, and, or.");
            return null;
        }

        if (op.Equals("and", StringComparison.OrdinalIgnoreCase) || op.Equals("or", StringComparison.OrdinalIgnoreCase))
        {
            if (Member(json, "items") is { ValueKind: JsonValueKind.Array } items) return Group(op.Equals("or", StringComparison.OrdinalIgnoreCase), items, problems, depth);
            problems.Add($"The group \"{op}\" has no \"items\", a list of conditions.");
            return null;
        }

        return Clause(json, op, problems);
    }

    private static FilterNode.Group Group(bool any, JsonElement items, List<string> problems, int depth)
    {
        if (items.GetArrayLength() == 0) problems.Add($"A group \"{(any ? "or" : "and")}\" is empty. Write its conditions into \"items\", or leave it out.");
        return new(any, [.. items.EnumerateArray().Select(item => Node(item, problems, depth + 1)).OfType<FilterNode>()]);
    }

    private static FilterNode.Clause? Clause(JsonElement json, string op, List<string> problems)
    {
        var known = FilterOps.Known.FirstOrDefault(one => one.Equals(op, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            problems.Add($"Autotask has no operator \"{op}\" and would answer every ticket. The operators are {string.Join(", ", FilterOps.Known)}, and, or.");
            return null;
        }

        if (Member(json, "field") is not { ValueKind: JsonValueKind.String } field || JsonTexts.Of(field).Trim() is not { Length: > 0 } name)
        {
            problems.Add($"The condition {Shown(json)} names no \"field\".");
            return null;
        }

        var value = Member(json, "value");
        var isGiven = value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        if (FilterOps.TakesNothing(known)) isGiven = false;
        else if (!isGiven)
        {
            problems.Add($"The condition on {name} has no \"value\". To find tickets without one use \"notExist\".");
            return null;
        }

        var own = Member(json, "udf").ValueKind == JsonValueKind.True;
        if (FilterOps.TakesList(known) != (isGiven && value.ValueKind == JsonValueKind.Array) && !FilterOps.TakesNothing(known))
        {
            problems.Add(FilterOps.TakesList(known) ? $"\"{known}\" on {name} needs a list: \"value\":[1,2]." : $"\"{known}\" on {name} takes one value, not a list. Use \"in\".");
            return null;
        }

        return new(known, name, own, !isGiven ? [] : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(one => one.Clone())] : [value.Clone()]);
    }

    private static JsonElement Member(JsonElement json, string name) => AutotaskMap.Member(json, name);

    private static string Shown(JsonElement json) => json.GetRawText() is { Length: > 80 } text ? text[..80] + "…" : json.GetRawText();
}
