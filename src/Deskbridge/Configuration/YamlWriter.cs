using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Deskbridge.Configuration;

/// <summary>Writes YAML as a person would: plain where that is safe, quoted where it is not, long texts as blocks.</summary>
internal sealed partial class YamlWriter
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    /// <summary>A line of comment, or an empty one.</summary>
    public YamlWriter Comment(int indent, string comment) => Line(indent, $"# {comment}".TrimEnd());

    public YamlWriter Gap()
    {
        _text.Append('\n');
        return this;
    }

    /// <summary>A name whose value follows on deeper lines.</summary>
    public YamlWriter Open(int indent, string key) => Line(indent, $"{key}:");

    /// <summary>The first value of a list's item.</summary>
    public YamlWriter Item(int indent, string key, string value) => Line(indent, $"- {key}: {Quoted(value)}");

    /// <summary>A text; left out when it is empty.</summary>
    public YamlWriter Value(int indent, string key, string? value)
    {
        if (string.IsNullOrEmpty(value)) return this;
        if (!IsBlock(value)) return Line(indent, $"{key}: {Quoted(value)}");
        Line(indent, $"{key}: {(value.EndsWith('\n') ? "|" : "|-")}");
        foreach (var line in value.TrimEnd('\n').Split('\n')) Line(line.Length == 0 ? 0 : indent + 2, line);
        return this;
    }

    /// <summary>A value that is written as it is: a number, true or false, a reference.</summary>
    public YamlWriter Bare(int indent, string key, string value) => Line(indent, $"{key}: {value}");

    public YamlWriter Number(int indent, string key, int value) => Bare(indent, key, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A list on one line.</summary>
    public YamlWriter List(int indent, string key, IEnumerable<string> values) => Line(indent, $"{key}: [{string.Join(", ", values.Select(Quoted))}]");

    private YamlWriter Line(int indent, string line)
    {
        _text.Append(' ', indent).Append(line).Append('\n');
        return this;
    }

    private static bool IsBlock(string value) =>
        value.Contains('\n', StringComparison.Ordinal) && !value.StartsWith(' ') && !value.StartsWith('\n') && !value.EndsWith("\n\n", StringComparison.Ordinal)
        && value.Length > 1 && value.All(c => c == '\n' || (!char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\u2028' or '\u2029' or '\uFEFF'))) && !TrailingSpace().IsMatch(value);

    /// <summary>Plain when nothing in it means anything to YAML; otherwise in double quotes.</summary>
    private static string Quoted(string value)
    {
        if (Plain().IsMatch(value) && !Word().IsMatch(value)) return value;
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[\p{L}\p{N}/_][\p{L}\p{N} ./_@+():;-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Plain();

    /// <summary>What YAML would take for something else than a text, or end early.</summary>
    [GeneratedRegex(@"^(true|false|null|yes|no|on|off|[\d._+:-]+|0x.*|\d.*e[+-]?\d+)$|: |:$|[ ]$|;", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"[ \t]$", RegexOptions.Multiline, 1000)]
    private static partial Regex TrailingSpace();
}
