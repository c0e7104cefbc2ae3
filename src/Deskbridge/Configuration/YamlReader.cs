using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Deskbridge.Configuration;

/// <summary>
/// Reads YAML into nodes that know their lines. Of YAML it takes maps, lists and texts; anchors, aliases and tags are refused, for a
/// configuration needs none and they are how small files grow huge.
/// </summary>
internal static class YamlReader
{
    public const int LongestFile = 1024 * 1024;
    private const int DeepestNesting = 8;

    /// <summary>Reads one document. An empty text is an empty map.</summary>
    /// <exception cref="NotYamlException">It cannot be read; the message says where and why.</exception>
    public static YamlNode Read(string text)
    {
        if (text.Length > LongestFile) throw new NotYamlException(1, $"The file is longer than {LongestFile / 1024} kB. A configuration is far smaller; is it the right file?");
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return new YamlMap([], 1);
            parser.Consume<DocumentStart>();
            var node = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out var end) ? node : throw new NotYamlException(LineOf(parser.Current ?? end), "A second document begins here. Keep everything in one.");
        }
        catch (YamlException failure)
        {
            throw new NotYamlException((int)failure.Start.Line, $"This is not YAML: {failure.Message}");
        }
    }

    private static YamlNode Node(Parser parser, int depth)
    {
        if (depth > DeepestNesting) throw new NotYamlException(LineOf(parser.Current), $"The file is nested deeper than {DeepestNesting} levels; no part of a configuration is.");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias) throw new NotYamlException(LineOf(parser.Current), "Anchors and aliases (&name, *name) are not read. Write the value out.");
        if (parser.TryConsume<Scalar>(out var scalar)) return new YamlText(IsNull(scalar) ? "" : scalar.Value, LineOf(scalar));
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(parser, depth + 1));
            return new YamlList(items, LineOf(list));
        }

        var map = parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key)) throw new NotYamlException(LineOf(parser.Current), "A name is expected here, such as \"people\".");
            if (entries.Exists(entry => entry.Key == key.Value)) throw new NotYamlException(LineOf(key), $"\"{key.Value}\" stands here twice. Keep one.");
            entries.Add(new YamlEntry(key.Value, Node(parser, depth + 1), LineOf(key)));
        }

        return new YamlMap(entries, LineOf(map));
    }

    private static bool IsNull(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "null" or "~";

    private static int LineOf(ParsingEvent? at) => (int)(at?.Start.Line ?? 1);
}
