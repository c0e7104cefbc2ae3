using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa.Contract;

/// <summary>The vendor's operations and models as facts (release 2025.1 with what later ones added): operations.txt has a line
/// "METHOD path status model" for each operation (2xx and - where the source does not say; the vendor's own file has Calendar for a calendar's count and a list for that of an opportunity's notes, which are slips), models.txt a line "Model: member type; …" for each model, where * marks what a
/// create requires, (n) the longest text, {…} the values allowed, [] a list.</summary>
internal static partial class VendorContract
{
    private static readonly string[] Instants = ["yyyy-MM-ddTHH:mm:ssZ"];

    // Members that a write takes and no answer shows.
    private static readonly HashSet<string> OnlySent = new(StringComparer.Ordinal)
    {
        "initialDescription", "initialInternalAnalysis", "initialResolution", "initialDescriptionFrom", "contactEmailLookup", "portalPassword", "typeIds", "password of Member", "password of ManagedDeviceAccount",
        "fromMemberRecId", "fromMemberTemplateRecId",
        "skipCallback", "processNotifications", "notifyResource", "addMemberToProjectFlag", "ignoreDuplicates", "customerUpdatedFlag of ServiceNote", "customerUpdatedFlag of TicketNote",
        "copySharedDefaultViews", "copyPodLayouts", "copyColumnLayoutsAndFilters", "removeAllContactsFlag", "addAllSubTypesFlag", "removeAllSubTypesFlag", "addAllTypesFlag", "removeAllTypesFlag",
        "addAllLocations of UserDefinedField", "removeAllLocations of UserDefinedField", "addAllLocations of DepartmentLocation", "removeAllLocations of DepartmentLocation",
        "addAllBusinessUnits", "removeAllBusinessUnits", "addAllWorkRoleExclusions", "removeAllWorkRoleExclusions", "addAllWorkTypeExclusions", "removeAllWorkTypeExclusions",
    };

    /// <summary>Operations by "METHOD path", blanks written {} and letters small.</summary>
    public static IReadOnlyDictionary<string, (string Status, string Model)> Operations { get; } = Lines("operations.txt")
        .Select(line => line.Split(' '))
        .GroupBy(parts => Key(parts[0], parts[1]), StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => (g.First()[2], g.First()[3]), StringComparer.Ordinal);

    /// <summary>Members by model, each with its type and whether a create requires it.</summary>
    public static IReadOnlyDictionary<string, Dictionary<string, (string Type, bool Required)>> Models { get; } = Lines("models.txt")
        .Select(line => line.Split(": ", 2))
        .ToDictionary(parts => parts[0], parts => Members(parts[1]), StringComparer.Ordinal);

    public static string Key(string method, string path) => $"{method} {Blank().Replace(path, "{}").TrimStart('/').ToLowerInvariant()}";

    /// <summary>What is wrong with an answer of a model; nothing when it has its shape.</summary>
    public static IEnumerable<string> Faults(string model, JsonNode? node, string at = "")
    {
        if (model.EndsWith("[]", StringComparison.Ordinal))
            return node is JsonArray list ? list.SelectMany(item => Faults(model[..^2], item, at)) : [$"{at} is no list"];
        if (model == "IRestIdentifiedItem") return []; // any record
        if (!Models.TryGetValue(model, out var members)) return Scalar(model, node) ? [] : [$"{at} is no {model}: {node?.ToJsonString()}"];
        return node is JsonObject record ? record.SelectMany(pair => Faults(model, members, pair, at)).Concat(Missing(model, members, record, at)) : [$"{at} is no {model}"];
    }

    /// <summary>A value of a type.</summary>
    public static JsonNode Sample(string type) => type.EndsWith("[]", StringComparison.Ordinal) ? new JsonArray(Sample(type[..^2])) : type.Split('(')[0] switch
    {
        "int" => 1,
        "num" => 1.5m,
        "bool" => true,
        "time" => "2026-11-20T15:00:00Z",
        var choice when choice[0] == '{' => choice[1..^1].Split('|')[0],
        _ => "Z",
    };

    /// <summary>Whether a write takes a member and no answer shows it.</summary>
    public static bool IsOnlySent(string model, string member) => OnlySent.Contains(member) || OnlySent.Contains($"{member} of {model}");

    // What may be null is left out by the vendor; what cannot be is always there: the id, what a create requires, flags and _info.
    private static IEnumerable<string> Missing(string model, Dictionary<string, (string Type, bool Required)> members, JsonObject record, string at) => model.EndsWith("Reference", StringComparison.Ordinal)
        ? members.ContainsKey("id") && !record.ContainsKey("id") ? [$"{at} lacks the id of a {model}"] : []
        : members.Where(m => (m.Value.Required || m.Value.Type == "bool" || m.Key is "id" or "_info") && !IsOnlySent(model, m.Key) && !record.ContainsKey(m.Key)).Select(m => $"{at} lacks {m.Key} of {model}");

    private static IEnumerable<string> Faults(string model, Dictionary<string, (string Type, bool Required)> members, KeyValuePair<string, JsonNode?> pair, string at)
    {
        var (name, value) = pair;
        if (name == "_info") return value is JsonObject info && info.All(p => p.Value?.GetValueKind() == JsonValueKind.String) ? [] : [$"{at}/_info of {model} is no map of texts"];
        if (!members.TryGetValue(name, out var member)) return [$"{at}/{name} is not in {model}"];
        return value is null ? [] : Faults(member.Type, value, $"{at}/{name}");
    }

    private static bool Scalar(string type, JsonNode? node)
    {
        var kind = node?.GetValueKind();
        return type.Split('(')[0] switch
        {
            "int" => kind == JsonValueKind.Number && int.TryParse(node!.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "num" => kind == JsonValueKind.Number,
            "bool" => kind is JsonValueKind.True or JsonValueKind.False,
            "str" => kind == JsonValueKind.String,
            "time" => kind == JsonValueKind.String && DateTimeOffset.TryParseExact((string)node!, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
            "obj" => kind == JsonValueKind.Object,
            var choice when choice[0] == '{' => kind == JsonValueKind.String && choice[1..^1].Split('|').Contains((string)node!, StringComparer.Ordinal),
            _ => true,
        };
    }

    private static Dictionary<string, (string Type, bool Required)> Members(string text) => text.Split("; ")
        .Select(entry => entry.Split(' ', 2))
        .ToDictionary(parts => parts[0].TrimEnd('*'), parts => (parts[1], parts[0].EndsWith('*')), StringComparer.Ordinal);

    private static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(VendorContract).Assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0) yield return line;
        }
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 60_000)]
    private static partial Regex Blank();
}
