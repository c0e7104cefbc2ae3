namespace Deskbridge.Configuration;

/// <summary>A piece of a YAML file and the line it begins on.</summary>
internal abstract record YamlNode(int Line);

internal sealed record YamlText(string Text, int Line) : YamlNode(Line);

internal sealed record YamlList(IReadOnlyList<YamlNode> Items, int Line) : YamlNode(Line);

internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, int Line) : YamlNode(Line);

/// <summary>One <c>key: value</c>.</summary>
internal sealed record YamlEntry(string Key, YamlNode Value, int Line);

/// <summary>Something in the file that cannot be used, or deserves a look.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Message">What it is, why it is wrong, and what to write instead.</param>
internal sealed record FileProblem(int Line, string Message);

/// <summary>The text is not YAML, or more of YAML than such a file needs.</summary>
internal sealed class NotYamlException(int line, string message) : Exception(message)
{
    public FileProblem Problem { get; } = new(line, message);
}
