namespace Deskbridge.Sandbox.Autotask.Records;

/// <summary>One record: the values of its fields (long, decimal, bool, string, DateTimeOffset) without those that are null.
/// User-defined fields stand beside them under # and the number of their definition. Never changed once it is in the store.</summary>
internal sealed class Record
{
    private readonly Dictionary<string, object> _values;

    public Record() => _values = new(StringComparer.Ordinal);

    private Record(Record other) => _values = new(other._values, StringComparer.Ordinal);

    public long Id => Long("id") ?? 0;

    public IEnumerable<string> Names => _values.Keys;

    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set
        {
            if (value is null) _values.Remove(name);
            else _values[name] = value;
        }
    }

    public static string Udf(long definition) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"#{definition}");

    public long? Long(string name) => this[name] as long?;

    public string? Text(string name) => this[name] as string;

    public bool Flag(string name) => this[name] is true or 1L;

    public DateTimeOffset? Time(string name) => this[name] as DateTimeOffset?;

    public Record Copy() => new(this);

    /// <summary>Names of the fields in which two records differ.</summary>
    public static IReadOnlyList<string> Changed(Record? before, Record? after) => before is null || after is null ? []
        : [.. before.Names.Union(after.Names, StringComparer.Ordinal).Where(n => !Equals(before[n], after[n]))];
}
