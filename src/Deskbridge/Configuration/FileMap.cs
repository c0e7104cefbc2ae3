using System.Globalization;

namespace Deskbridge.Configuration;

/// <summary>
/// One map of the file being read: gives its values by name and tells what is wrong with them. A name that nobody asked for is a problem
/// too, for a slip of the pen must not pass for a setting.
/// </summary>
/// <param name="map">The map.</param>
/// <param name="place">What it is about, for messages.</param>
/// <param name="references">Where references lead.</param>
/// <param name="problems">Told of what is wrong.</param>
/// <param name="inFile">It is the file itself, whose parts need no further name.</param>
internal sealed class FileMap(YamlMap map, string place, References references, List<FileProblem> problems, bool inFile = false)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Where the map begins.</summary>
    public int Line => map.Line;

    /// <summary>What the map is about, for messages.</summary>
    public string Place { get; set; } = place;

    /// <summary>Every name in it, in their order.</summary>
    public IEnumerable<string> Keys => map.Entries.Select(entry => entry.Key);

    /// <summary>The line of a name, whatever its case; the map's own when it is not there.</summary>
    public int LineOf(string? key) => map.Entries.FirstOrDefault(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase))?.Line ?? map.Line;

    /// <summary>Tells of a problem with one of its values.</summary>
    public void Tell(string? key, string message) => problems.Add(new FileProblem(LineOf(key), $"{Place}: {message}"));

    /// <summary>A text that may come from the environment; null when the name is not there. A reference without a value is for the caller to judge.</summary>
    public Written? Raw(string key) => Find(key) switch
    {
        null => null,
        YamlText text => references.Resolve(text.Text, text.Line),
        _ => Wrong<Written>(key, "must be a text"),
    };

    /// <summary>A text; a reference without a value is a problem.</summary>
    public string? Text(string key)
    {
        if (Raw(key) is not { } written) return null;
        if (written.Missing is { } missing) Tell(key, $"{key}: {missing}.");
        return written.Text;
    }

    /// <summary>A text that must be there.</summary>
    public string Required(string key)
    {
        if (Text(key) is { } text) return text;
        if (Find(key) is null) Tell(null, $"{key} is missing.");
        return "";
    }

    public int? Number(string key)
    {
        if (Text(key) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        Tell(key, $"{key} is '{text}' and must be a whole number.");
        return null;
    }

    public bool? Flag(string key)
    {
        if (Text(key) is not { } text) return null;
        if (bool.TryParse(text, out var flag)) return flag;
        Tell(key, $"{key} is '{text}' and must be true or false.");
        return null;
    }

    /// <summary>One of the names of an enum.</summary>
    public T? Choice<T>(string key)
        where T : struct, Enum
    {
        if (Text(key) is not { } text) return null;
        if (Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<T>(text, ignoreCase: true);
        Tell(key, $"{key} is '{text}' and must be one of {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}.");
        return null;
    }

    /// <summary>A list of texts; null when the name is not there.</summary>
    public IReadOnlyList<Written>? Texts(string key)
    {
        if (Find(key) is not { } node) return null;
        if (node is YamlText { Text: "" }) return [];
        if (node is not YamlList list || !list.Items.All(item => item is YamlText)) return Wrong<IReadOnlyList<Written>>(key, "must be a list of texts");
        return [.. list.Items.Cast<YamlText>().Select(item => references.Resolve(item.Text, item.Line))];
    }

    /// <summary>A map; null when the name is not there.</summary>
    public FileMap? Map(string key) => Find(key) switch
    {
        null or YamlText { Text: "" } => null,
        YamlMap inner => new FileMap(inner, inFile ? key : $"{Place}, {key}", references, problems),
        _ => Wrong<FileMap>(key, "must hold names and values"),
    };

    /// <summary>A list of maps; empty when the name is not there.</summary>
    public IReadOnlyList<FileMap> Maps(string key)
    {
        var node = Find(key);
        if (node is null or YamlText { Text: "" }) return [];
        if (node is not YamlList list || !list.Items.All(item => item is YamlMap)) return Wrong<IReadOnlyList<FileMap>>(key, "must be a list, each item with names and values") ?? [];
        return [.. list.Items.Cast<YamlMap>().Select(item => new FileMap(item, key, references, problems))];
    }

    /// <summary>Whether a name holds a list.</summary>
    public bool IsList(string key) => Find(key) is YamlList;

    /// <summary>Tells of every name that was never asked for.</summary>
    public void EndHere()
    {
        foreach (var entry in map.Entries.Where(entry => !_known.Contains(entry.Key)))
            Tell(entry.Key, $"There is no '{entry.Key}' here. Known are {string.Join(", ", _known)}.");
    }

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
    }

    private T? Wrong<T>(string key, string must)
        where T : class
    {
        Tell(key, $"{key} {must}.");
        return null;
    }
}
