using System.Globalization;

namespace Deskbridge.Sandbox.Autotask.Schema;

internal enum FieldType
{
    Integer,
    Long,
    Decimal,
    Flag,
    Instant,
    Text,

    /// <summary>Base64 of a file; only the read of one record returns it.</summary>
    Data,
}

/// <summary>One field of an entity: what it holds, and what callers may do with it.</summary>
internal sealed record Field
{
    public required string Name { get; init; }

    public required FieldType Type { get; init; }

    /// <summary>Longest text in characters, or null for no limit.</summary>
    public int? Limit { get; init; }

    public bool Required { get; init; }

    /// <summary>Ignored in bodies; together with <see cref="Required"/> it is given once, at creation or by the parent's address.</summary>
    public bool ReadOnly { get; init; }

    public bool Queryable { get; init; } = true;

    public bool Picklist { get; init; }

    /// <summary>The picklist field whose value decides which values of this one are offered.</summary>
    public string? PicklistParent { get; init; }

    /// <summary>The collection that the field refers to, served here or not.</summary>
    public string? Target { get; init; }

    public bool IsNumber => Type is FieldType.Integer or FieldType.Long or FieldType.Decimal;

    /// <summary>The name of the type in field metadata.</summary>
    public string DataType => Type switch
    {
        FieldType.Integer => "integer",
        FieldType.Long => "long",
        FieldType.Decimal => "decimal",
        FieldType.Flag => "boolean",
        FieldType.Instant => "datetime",
        _ => "string",
    };

    /// <summary>Reads one entry, such as <c>status* int ^</c>, <c>title str(255)</c> or <c>roleID! int @Roles</c>
    /// (* required, ! read only, ~ not queryable, ^ picklist with its parent field, @ reference).</summary>
    public static Field Read(string entry)
    {
        var words = entry.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var name = words[0].TrimEnd('*', '!', '~');
        var marks = words[0][name.Length..];
        var type = words[1].Split('(', ')');
        var picklist = words.FirstOrDefault(w => w[0] == '^');
        return new Field
        {
            Name = name,
            Type = TypeOf(type[0]),
            Limit = type.Length > 1 ? int.Parse(type[1], CultureInfo.InvariantCulture) : null,
            Required = marks.Contains('*', StringComparison.Ordinal),
            ReadOnly = marks.Contains('!', StringComparison.Ordinal),
            Queryable = !marks.Contains('~', StringComparison.Ordinal),
            Picklist = picklist is not null,
            PicklistParent = picklist is { Length: > 1 } ? picklist[1..] : null,
            Target = words.FirstOrDefault(w => w[0] == '@')?[1..],
        };
    }

    private static FieldType TypeOf(string name) => name switch
    {
        "int" => FieldType.Integer,
        "long" => FieldType.Long,
        "num" => FieldType.Decimal,
        "bool" => FieldType.Flag,
        "time" => FieldType.Instant,
        "str" => FieldType.Text,
        "data" => FieldType.Data,
        _ => throw new InvalidOperationException($"Unknown field type '{name}'."),
    };
}
