using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections;

/// <summary>One field of the settings form.</summary>
/// <param name="Name">The option's property name: what is posted.</param>
/// <param name="Label">Label.</param>
/// <param name="Help">One sentence under the field; null for none.</param>
/// <param name="Group">Heading.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Required">Must be filled in.</param>
/// <param name="Advanced">Shown only under "More settings".</param>
/// <param name="Placeholder">Example in the empty field.</param>
/// <param name="Choices">For choice kinds.</param>
/// <param name="Values">Present value: none, one, or one per ticked choice. Always empty for a secret.</param>
/// <param name="IsSet">For a secret: whether one is stored.</param>
/// <param name="Fingerprint">For a stored secret: six digits that tell two secrets apart and say nothing else.</param>
/// <param name="SentTo">For a stored secret: label of the setting with the address it is sent to; another server there asks for it again.</param>
public sealed record FormField(
    string Name,
    string Label,
    string? Help,
    string Group,
    SettingKind Kind,
    bool Required,
    bool Advanced,
    string? Placeholder,
    IReadOnlyList<SettingChoice> Choices,
    IReadOnlyList<string> Values,
    bool IsSet,
    string? Fingerprint,
    string? SentTo)
{
    /// <summary>The event of the connection's rules whose condition it is, and in whose editor it is easier to change; null for others.</summary>
    public string? RuleEvent { get; init; }

    /// <summary>The one value of a field that has at most one; empty when unset.</summary>
    public string Value => Values.Count > 0 ? Values[0] : "";
}

/// <summary>Draws the settings form from an options type, and applies what comes back.</summary>
internal static class ConnectionForm
{
    /// <summary>The fields with their present values; secrets never leave.</summary>
    public static IReadOnlyList<FormField> Draw(object options)
    {
        var properties = SettingProperty.Of(options.GetType());
        return [.. properties.Select(property =>
        {
            var values = property.Read(options);
            var secret = property.Kind == SettingKind.Secret;
            var setting = property.Setting;
            return new FormField(
                property.Name, setting.Label, setting.Help, setting.Group, property.Kind, setting.Required, setting.Advanced, setting.Placeholder,
                property.Choices,
                secret ? [] : values,
                secret && values.Count > 0,
                secret && values.Count > 0 ? Fingerprint(property.Name, values[0]) : null,
                secret && values.Count > 0 ? property.GoesTo(options)?.Setting.Label : null)
            {
                RuleEvent = setting.RuleEvent,
            };
        })];
    }

    /// <summary>
    /// Applies a posted form. A field that was not posted is an unticked box; an empty secret keeps the stored one.
    /// </summary>
    /// <returns>Problems per field; keys that are no setting are named.</returns>
    public static IReadOnlyList<SettingProblem> Apply(object options, IReadOnlyDictionary<string, string[]> posted)
    {
        var values = posted.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var property in SettingProperty.Of(options.GetType()))
        {
            if (property.Kind is SettingKind.Bool or SettingKind.Choices) values.TryAdd(property.Name, []);
        }

        return Apply(options, values);
    }

    /// <summary>Applies a JSON object, as the API takes it: only the members that are there change anything.</summary>
    public static IReadOnlyList<SettingProblem> Apply(object options, JsonObject settings)
    {
        var problems = new List<SettingProblem>();
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, node) in settings)
        {
            if (Texts(node) is { } texts) values[name] = texts;
            else problems.Add(new(name, $"'{name}' must be a text, a number, true, false, null or a list of texts."));
        }

        return [.. problems, .. Apply(options, values)];
    }

    /// <summary>The settings as the API shows them: a secret is only said to be set.</summary>
    public static JsonObject ToJson(object options)
    {
        var json = new JsonObject();
        foreach (var field in Draw(options))
        {
            json[JsonNamingPolicy.CamelCase.ConvertName(field.Name)] = field.Kind switch
            {
                SettingKind.Secret => new JsonObject { ["isSet"] = field.IsSet, ["fingerprint"] = field.Fingerprint },
                SettingKind.Bool => JsonValue.Create(field.Value == "true"),
                SettingKind.Number => JsonValue.Create(int.Parse(field.Value, System.Globalization.CultureInfo.InvariantCulture)),
                SettingKind.Choices or SettingKind.BoardStatuses or SettingKind.EventReturns => new JsonArray([.. field.Values.Select(value => (JsonNode)JsonValue.Create(value))]),
                _ => JsonValue.Create(field.Value),
            };
        }

        return json;
    }

    private static List<SettingProblem> Apply(object options, Dictionary<string, IReadOnlyList<string>> values)
    {
        var problems = new List<SettingProblem>();
        var properties = SettingProperty.Of(options.GetType()).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, texts) in values)
        {
            if (!properties.TryGetValue(name, out var property))
            {
                problems.Add(new(name, $"There is no setting '{name}'. The settings are {string.Join(", ", properties.Keys)}."));
            }
            else if (property.Kind == SettingKind.Secret && texts.All(string.IsNullOrEmpty))
            {
                continue;
            }
            else if (property.Write(options, texts) is { } problem)
            {
                problems.Add(new(property.Name, $"{property.Setting.Label}: {problem}"));
            }
        }

        foreach (var property in properties.Values.Where(property => property.Setting.Required && property.Read(options).Count == 0))
        {
            if (problems.TrueForAll(problem => problem.Setting != property.Name)) problems.Add(new(property.Name, $"{property.Setting.Label} must be filled in."));
        }

        return problems;
    }

    private static IReadOnlyList<string>? Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list when list.All(item => item is JsonValue) => [.. list.Select(item => Text((JsonValue)item!))],
        JsonValue value => [Text(value)],
        _ => null,
    };

    private static string Text(JsonValue value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static string Fingerprint(string name, string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{secret}")))[..6];
}
