using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// Builds the text of <c>conditions=</c> (reference: developer guide, "PSA API requests", query parameters).
/// Only whole predicates are joined, always by <c>and</c>, so no brackets are needed.
/// </summary>
internal sealed class Conditions
{
    private readonly List<string> _predicates = [];

    /// <summary>Text compare, quoted and escaped.</summary>
    public Conditions Equal(string path, string value) => Add($"{path}={Quote(value)}");

    public Conditions Equal(string path, long value) => Add(string.Create(CultureInfo.InvariantCulture, $"{path}={value}"));

    public Conditions Equal(string path, bool value) => Add($"{path}={(value ? "true" : "false")}");

    /// <summary>Substring match; wildcards mean nothing in it.</summary>
    public Conditions Contains(string path, string value) => Add($"{path} contains {Quote(value)}");

    /// <summary>At or after an instant, rounded down to the whole seconds that ConnectWise keeps.</summary>
    public Conditions AtOrAfter(string path, DateTimeOffset instant) => Add($"{path}>=[{Instant(instant)}]");

    public Conditions Above(string path, long value) => Add(string.Create(CultureInfo.InvariantCulture, $"{path}>{value}"));

    public Conditions In(string path, IEnumerable<long> values) => Add($"{path} in ({string.Join(',', values)})");

    public override string ToString() => string.Join(" and ", _predicates);

    /// <summary>
    /// Double quotes with a backslash before quotes and backslashes, as one client does. Line breaks, which the query cannot hold,
    /// become blanks.
    /// </summary>
    internal static string Quote(string value) =>
        '"' + value.ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    internal static string Instant(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private Conditions Add(string predicate)
    {
        _predicates.Add(predicate);
        return this;
    }
}
