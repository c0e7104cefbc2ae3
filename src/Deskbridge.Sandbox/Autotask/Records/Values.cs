using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Records;

/// <summary>Values of fields between JSON and records, as forgiving as the vendor's reader: numbers may come as text.</summary>
internal static class Values
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Reads what a field can hold.</summary>
    /// <returns>False when it cannot hold this.</returns>
    public static bool TryRead(Field field, JsonNode? node, out object? value)
    {
        value = null;
        if (node is null) return true;
        if (node is not JsonValue) return false;
        var text = node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
        if (text.Length == 0 && field.Type is not (FieldType.Text or FieldType.Data)) return true;
        value = field.Type switch
        {
            FieldType.Integer => Whole(text) is >= int.MinValue and <= int.MaxValue and var small ? small : null,
            FieldType.Long => Whole(text),
            FieldType.Decimal => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            FieldType.Flag => text.ToLowerInvariant() switch { "true" or "1" => true, "false" or "0" => false, _ => null },
            FieldType.Instant => node.GetValueKind() == JsonValueKind.String && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var instant) ? Milliseconds(instant) : null,
            _ => text,
        };
        return value is not null;
    }

    /// <summary>A value as a body shows it.</summary>
    public static JsonNode? Write(object? value, bool designator = true) => value switch
    {
        null => null,
        long number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        DateTimeOffset instant => JsonValue.Create(Stamp(instant, designator)),
        _ => JsonValue.Create((string)value),
    };

    /// <summary>UTC with milliseconds; the designator is in dispute between sources (reference 4).</summary>
    public static string Stamp(DateTimeOffset instant, bool designator = true) =>
        instant.UtcDateTime.ToString(designator ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static DateTimeOffset Milliseconds(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

    public static string Text(object? value) => value switch
    {
        null => "",
        DateTimeOffset instant => Stamp(instant),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>A record as one line of the journal keeps it.</summary>
    public static JsonObject Keep(Record record) => new(record.Names.Select(n => KeyValuePair.Create(n, Write(record[n]))));

    /// <summary>Takes a record back from the journal.</summary>
    public static Record Restore(Entity entity, JsonObject kept)
    {
        var record = new Record();
        foreach (var (name, node) in kept)
        {
            if (name[0] == '#') record[name] = node!.GetValue<string>();
            else if (entity.Find(name) is { } field && TryRead(field, node, out var value)) record[name] = value;
        }

        return record;
    }

    private static long? Whole(string text) => text switch
    {
        "true" => 1L,
        "false" => 0L,
        _ => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.Truncate(number) == number && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null,
    };
}
