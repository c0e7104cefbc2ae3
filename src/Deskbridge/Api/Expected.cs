using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Deskbridge.Api;

/// <summary>What a value must look like, in words for whoever sent another one.</summary>
internal static class Expected
{
    /// <summary>What values of this type look like; null when there is no short word for it.</summary>
    public static string? Words(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum) return OneOf([.. Enum.GetNames(plain).Select(JsonNamingPolicy.CamelCase.ConvertName)]);
        if (plain == typeof(string)) return "a text";
        if (plain == typeof(bool)) return "true or false";
        if (plain == typeof(int) || plain == typeof(long)) return "a whole number";
        if (plain == typeof(Guid)) return "an id such as 0193d0a0-7b52-7000-8000-2f6b6ad7c3a1";
        if (plain == typeof(DateTimeOffset)) return "an instant such as 2026-11-22T03:00:00Z";
        return null;
    }

    /// <summary>The same as a sentence, which leads to the description of the API where there is no short word.</summary>
    public static string Sentence(Type? type) => type is not null && Words(type) is { } words ? $"It takes {words}." : "/openapi/v1.json says what it takes.";

    /// <summary>The words that are allowed, as a list for a sentence.</summary>
    public static string OneOf(IReadOnlyList<string> words) => "one of " + string.Join(", ", words);

    /// <summary>The type of the member at a JSON path such as <c>$.items[0].kind</c>, in a body of the given type; null when the path leads nowhere.</summary>
    public static Type? At(this JsonSerializerOptions json, Type body, string path)
    {
        var at = body;
        foreach (var part in path.TrimStart('$').Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            var contract = json.GetTypeInfo(Nullable.GetUnderlyingType(at) ?? at);
            var next = contract.Kind == JsonTypeInfoKind.Object
                ? contract.Properties.FirstOrDefault(member => member.Name.Equals(part, StringComparison.OrdinalIgnoreCase))?.PropertyType
                : contract.ElementType;
            if (next is null) return null;
            at = next;
        }

        return at;
    }
}
