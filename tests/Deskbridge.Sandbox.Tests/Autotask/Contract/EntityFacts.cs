using System.Globalization;

namespace Deskbridge.Sandbox.Tests.Autotask.Contract;

/// <summary>The vendor's entities as facts, a line each in entities.txt: name, name in the older API (- for none), what can be written (C create,
/// U update, D delete, - nothing), <c>under</c> when only below a parent, <c>udf</c>, the parent's collection with the child's name, and the fields:
/// * required, ! read only, ~ not queryable, (n) the longest text, ^ picklist with its parent field, @ reference.</summary>
internal sealed record EntityFacts(string Name, string LegacyName, string Writes, bool Under, bool Udf, string? Parent, IReadOnlyList<FieldFacts> Fields)
{
    public static IReadOnlyList<EntityFacts> All { get; } = [.. Lines().Select(Read)];

    public static EntityFacts Of(string name) => All.First(e => e.Name == name);

    /// <summary>The address of the entity below a parent, with a blank for the parent's number.</summary>
    public string? Below => Parent?.Split('/') is [var collection, var child] ? $"/{collection}/{{id}}/{child}" : null;

    /// <summary>The field that names the parent.</summary>
    public FieldFacts? ParentField => Parent is null ? null
        : Fields.FirstOrDefault(f => f.Target == Parent.Split('/')[0]) ?? Fields.First(f => f.Name == "parentID");

    /// <summary>Everything the vendor serves of it.</summary>
    public IEnumerable<string> Operations()
    {
        foreach (var method in (string[])["GET", "POST"])
        {
            foreach (var way in (string[])["query", "query/count", "query/next", "query/previous"]) yield return $"{method} /{Name}/{way}";
        }

        foreach (var way in (string[])["{id}", "entityInformation", "entityInformation/fields", "entityInformation/userDefinedFields"]) yield return $"GET /{Name}/{way}";
        string[] places = [.. Under ? Array.Empty<string>() : ["/" + Name], .. Below is { } below ? [below] : Array.Empty<string>()];
        foreach (var place in places)
        {
            if (Writes.Contains('C', StringComparison.Ordinal)) yield return $"POST {place}";
            if (Writes.Contains('D', StringComparison.Ordinal)) yield return $"DELETE {place}/{{id}}";
            if (!Writes.Contains('U', StringComparison.Ordinal)) continue;
            yield return $"PATCH {place}";
            yield return $"PUT {place}";
        }

        if (Below is null) yield break;
        yield return $"GET {Below}";
        yield return $"GET {Below}/{{id}}";
    }

    private static EntityFacts Read(string line)
    {
        var (head, fields) = line.Split(": ", 2) is [var h, var f] ? (h.Split(' '), f) : throw new FormatException(line);
        var read = fields.Split("; ").Select(FieldFacts.Read).ToList();
        if (!read.Exists(r => r.Name == "id")) read.Add(FieldFacts.Read("id*! long"));
        return new EntityFacts(head[0], head[1], head[2], head.Contains("under", StringComparer.Ordinal), head.Contains("udf", StringComparer.Ordinal), head.FirstOrDefault(w => w.Contains('/', StringComparison.Ordinal)), read);
    }

    private static IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(typeof(EntityFacts).Assembly.GetManifestResourceStream("autotask.entities.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0) yield return line;
        }
    }
}

internal sealed record FieldFacts(string Name, string Type, int Length, bool Required, bool ReadOnly, bool Queryable, bool Picklist, string? PicklistParent, string? Target)
{
    public static FieldFacts Read(string entry)
    {
        var words = entry.Split(' ');
        var name = words[0].TrimEnd('*', '!', '~');
        var marks = words[0][name.Length..];
        var type = words[1].Split('(', ')');
        var picklist = words.FirstOrDefault(w => w[0] == '^');
        var kind = type[0] switch { "int" => "integer", "num" => "decimal", "bool" => "boolean", "time" => "datetime", "long" => "long", _ => "string" };
        return new FieldFacts(name, kind, type.Length > 1 ? int.Parse(type[1], CultureInfo.InvariantCulture) : 0, marks.Contains('*', StringComparison.Ordinal), marks.Contains('!', StringComparison.Ordinal),
            !marks.Contains('~', StringComparison.Ordinal), picklist is not null, picklist is { Length: > 1 } ? picklist[1..] : null, words.FirstOrDefault(w => w[0] == '@')?[1..]);
    }
}
