using System.Globalization;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Query;

/// <summary>One condition of a filter on one value. A record without a value is found by notExist alone, as in SQL; texts compare without case.</summary>
internal sealed class Comparison
{
    public static readonly string[] Operators =
        ["eq", "noteq", "gt", "gte", "lt", "lte", "beginswith", "endswith", "contains", "exist", "notexist", "in", "notin"];

    private readonly Func<object?, bool> _holds;

    public Comparison(string operation, Field field, IReadOnlyList<object?> values, bool byDay)
    {
        object? Narrow(object? value) => byDay && value is DateTimeOffset instant ? new DateTimeOffset(instant.UtcDateTime.Date, TimeSpan.Zero) : value;
        var wanted = values.Select(Narrow).ToList();
        var first = wanted.Count > 0 ? wanted[0] : null;
        if (operation is "beginswith" or "endswith" or "contains" && (field.Type != FieldType.Text || field.Picklist))
            throw new Refusal(500, $"The operator {operation} is not valid for field {field.Name}.");
        Func<object, bool> test = operation switch
        {
            "eq" or "in" => v => wanted.Exists(w => w is not null && Compare(v, w) == 0),
            "noteq" or "notin" => v => !wanted.Exists(w => w is not null && Compare(v, w) == 0),
            "gt" => v => first is not null && Compare(v, first) > 0,
            "gte" => v => first is not null && Compare(v, first) >= 0,
            "lt" => v => first is not null && Compare(v, first) < 0,
            "lte" => v => first is not null && Compare(v, first) <= 0,
            "beginswith" => v => Text(v).StartsWith(Text(first), StringComparison.OrdinalIgnoreCase),
            "endswith" => v => Text(v).EndsWith(Text(first), StringComparison.OrdinalIgnoreCase),
            "contains" => v => Text(v).Contains(Text(first), StringComparison.OrdinalIgnoreCase),
            _ => _ => operation == "exist",
        };
        var none = operation == "notexist" || (operation == "eq" && first is null);
        _holds = value => Read(Narrow(value), field) is { } found ? test(found) && !(operation == "eq" && first is null) : none;
    }

    public bool Holds(object? value) => _holds(value);

    // User-defined fields are kept as texts, whatever they hold.
    private static object? Read(object? value, Field field) => (value, field.Type) switch
    {
        (string text, FieldType.Decimal) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        (string text, FieldType.Instant) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null,
        _ => value,
    };

    private static int Compare(object one, object other) => (one, other) switch
    {
        (string left, string right) => string.Compare(left, right, StringComparison.OrdinalIgnoreCase),
        (bool left, bool right) => left.CompareTo(right),
        (DateTimeOffset left, DateTimeOffset right) => left.CompareTo(right),
        _ => Convert.ToDecimal(one, CultureInfo.InvariantCulture).CompareTo(Convert.ToDecimal(other, CultureInfo.InvariantCulture)),
    };

    private static string Text(object? value) => value as string ?? "";
}
