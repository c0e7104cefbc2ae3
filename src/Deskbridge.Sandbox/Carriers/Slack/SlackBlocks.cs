using System.Text.Json;

namespace Deskbridge.Sandbox.Carriers.Slack;

/// <summary>
/// Whether Slack would take a message's blocks (docs.slack.dev/reference/block-kit: Blocks, Block elements, Composition objects). Only what a webhook's
/// message may hold; a member that the reference does not name is refused, as there.
/// </summary>
internal static class SlackBlocks
{
    private const int MostBlocks = 50;
    private const int LongestOfAll = 13_200; // undocumented: slackapi/bolt-js#2509

    /// <summary>What is wrong, as the Web API's <c>errors</c> say it; null when nothing is. A webhook says only <c>invalid_blocks</c>.</summary>
    public static string? Problem(JsonElement blocks)
    {
        if (blocks.ValueKind != JsonValueKind.Array) return "must be an array [json-pointer:/blocks]";
        if (blocks.GetArrayLength() > MostBlocks) return $"no more than {MostBlocks} items allowed [json-pointer:/blocks]";
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, block) in blocks.EnumerateArray().Index())
        {
            if (Block(block, ids) is { } problem) return $"{problem} [json-pointer:/blocks/{index}]";
        }

        return null;
    }

    /// <summary>Whether all blocks together are too long.</summary>
    public static bool AreTooLong(JsonElement blocks) => blocks.GetRawText().Length > LongestOfAll;

    private static string? Block(JsonElement block, HashSet<string> ids)
    {
        if (block.ValueKind != JsonValueKind.Object) return "must be an object";
        if (block.TryGetProperty("block_id", out var id) && (id.ValueKind != JsonValueKind.String || id.GetString()!.Length > 255 || !ids.Add(id.GetString()!))) return "invalid block_id";
        return TypeOf(block) switch
        {
            "header" => Unknown(block, "text") ?? Text(block, "text", 150, plainOnly: true),
            "section" => Section(block),
            "context" => Unknown(block, "elements") ?? Many(block, "elements", 10, element => TypeOf(element) == "image" ? Image(element) : TextObject(element, 3000, plainOnly: false)),
            "actions" => Unknown(block, "elements") ?? Many(block, "elements", 25, Button),
            "divider" => Unknown(block),
            "image" => Image(block),
            "" => "missing required field: type",
            var type => $"unsupported type: {type}",
        };
    }

    private static string? Section(JsonElement block)
    {
        if (Unknown(block, "text", "fields", "accessory", "expand") is { } unknown) return unknown;
        var (text, fields) = (block.TryGetProperty("text", out _), block.TryGetProperty("fields", out _));
        if (!text && !fields) return "must define either `fields` or `text`";
        if (text && Text(block, "text", 3000, plainOnly: false) is { } wrong) return wrong;
        if (fields && Many(block, "fields", 10, field => TextObject(field, 2000, plainOnly: false)) is { } bad) return bad;
        return block.TryGetProperty("accessory", out var accessory) ? TypeOf(accessory) == "image" ? Image(accessory) : Button(accessory) : null;
    }

    private static string? Button(JsonElement button)
    {
        if (TypeOf(button) != "button") return $"unsupported element: {TypeOf(button)}";
        if (Unknown(button, "text", "action_id", "url", "value", "style", "confirm", "accessibility_label") is { } unknown) return unknown;
        if (Longer(button, "url", 3000) || Longer(button, "value", 2000) || Longer(button, "action_id", 255)) return "must be shorter";
        if (button.TryGetProperty("url", out var url) && !IsWeb(url)) return "invalid url";
        if (button.TryGetProperty("style", out var style) && !(style.ValueEquals("primary") || style.ValueEquals("danger"))) return "invalid style";
        return Text(button, "text", 75, plainOnly: true);
    }

    private static string? Image(JsonElement image) =>
        Unknown(image, "image_url", "slack_file", "alt_text", "title")
        ?? (!image.TryGetProperty("alt_text", out _) ? "missing required field: alt_text" : image.TryGetProperty("image_url", out var url) && !IsWeb(url) ? "invalid image url" : null);

    private static string? Text(JsonElement owner, string name, int most, bool plainOnly) =>
        owner.TryGetProperty(name, out var text) ? TextObject(text, most, plainOnly) : $"missing required field: {name}";

    private static string? TextObject(JsonElement text, int most, bool plainOnly)
    {
        if (text.ValueKind != JsonValueKind.Object) return "must be a text object";
        var type = TypeOf(text);
        if (type != "plain_text" && (plainOnly || type != "mrkdwn")) return $"unsupported text type: {type}";
        if ((type == "plain_text" ? Unknown(text, "text", "emoji") : Unknown(text, "text", "verbatim")) is { } unknown) return unknown;
        if (!text.TryGetProperty("text", out var value) || value.ValueKind != JsonValueKind.String) return "missing required field: text";
        return value.GetString()!.Length switch
        {
            0 => "must be more than 0 characters",
            var length when length > most => $"must be less than {most + 1} characters",
            _ => null,
        };
    }

    private static string? Many(JsonElement owner, string name, int most, Func<JsonElement, string?> check)
    {
        if (!owner.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) return $"missing required field: {name}";
        return list.GetArrayLength() > most ? $"no more than {most} items allowed" : list.EnumerateArray().Select(check).FirstOrDefault(problem => problem is not null);
    }

    private static string? Unknown(JsonElement owner, params string[] known) =>
        owner.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => name is not ("type" or "block_id") && !known.Contains(name)) is { } stranger ? $"invalid additional property: {stranger}" : null;

    private static bool Longer(JsonElement owner, string name, int most) => owner.TryGetProperty(name, out var value) && (value.ValueKind != JsonValueKind.String || value.GetString()!.Length > most);

    private static bool IsWeb(JsonElement url) => url.ValueKind == JsonValueKind.String && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";

    private static string TypeOf(JsonElement element) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "";
}
