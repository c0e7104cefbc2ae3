using System.Text.Json;

namespace Deskbridge.Sandbox.Carriers.Teams;

/// <summary>
/// Whether the workflow "Send webhook alerts to a channel" could post a message (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors, "Send
/// Adaptive Cards using an incoming webhook"; the card: adaptivecards.io/explorer and its schema, versions 1.0 to 1.5, which Teams shows).
/// </summary>
internal static class AdaptiveCard
{
    private const string CardType = "application/vnd.microsoft.card.adaptive";

    private static readonly string[] TextSizes = ["default", "small", "medium", "large", "extraLarge"];
    private static readonly string[] TextWeights = ["default", "lighter", "bolder"];
    private static readonly string[] TextColors = ["default", "dark", "light", "accent", "good", "warning", "attention"];
    private static readonly string[] Spacings = ["none", "small", "default", "medium", "large", "extraLarge", "padding"];
    private static readonly string[] OfElements = ["type", "id", "spacing", "separator", "isVisible", "height", "fallback", "requires"];
    private static readonly string[] OfText = ["text", "color", "fontType", "isSubtle", "size", "weight"];

    /// <summary>Why the run of the workflow fails; null when it posts.</summary>
    public static string? Problem(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("attachments", out var attachments) || attachments.ValueKind != JsonValueKind.Array)
            return "ExpressionEvaluationFailed. The execution of template action 'Send_each_adaptive_card' failed: the result of the evaluation of 'foreach' expression '@triggerOutputs()?['body']?['attachments']' is of type 'Null'. The result must be a valid array.";
        if (attachments.GetArrayLength() == 0) return "The message has no attachment, so there is nothing to post.";
        return attachments.EnumerateArray().Select(Attachment).FirstOrDefault(problem => problem is not null);
    }

    private static string? Attachment(JsonElement attachment)
    {
        if (!Has(attachment, "contentType", out var type) || !type.ValueEquals(CardType)) return $"BadRequest: contentType must be '{CardType}'. MessageCards are not supported.";
        return Has(attachment, "content", out var card) && card.ValueKind == JsonValueKind.Object ? Card(card) : "BadRequest: Property 'content' must be an Adaptive Card.";
    }

    private static string? Card(JsonElement card)
    {
        if (!Is(card, "type", "AdaptiveCard")) return "Property 'type' must be 'AdaptiveCard'.";
        if (!Has(card, "version", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() is not ("1.0" or "1.1" or "1.2" or "1.3" or "1.4" or "1.5"))
            return "Property 'version' must be one of 1.0 to 1.5, which Teams shows.";
        if (Stranger(card, "$schema", "type", "version", "body", "actions", "msteams", "fallbackText", "speak", "lang", "backgroundImage", "minHeight", "verticalContentAlignment", "selectAction", "refresh", "authentication", "rtl") is { } stranger) return stranger;
        return Each(card, "body", Element) ?? Each(card, "actions", Action);
    }

    private static string? Element(JsonElement element) => TypeOf(element) switch
    {
        "TextBlock" => Members(element, [.. OfText, "wrap", "maxLines", "horizontalAlignment", "style"]) ?? Required(element, "text") ?? Look(element),
        "RichTextBlock" => Members(element, ["inlines", "horizontalAlignment"]) ?? Required(element, "inlines", JsonValueKind.Array) ?? Look(element) ?? Each(element, "inlines", Inline),
        "FactSet" => Members(element, ["facts"]) ?? Required(element, "facts", JsonValueKind.Array) ?? Each(element, "facts", fact => Required(fact, "title") ?? Required(fact, "value")),
        "Container" => Members(element, ["items", "selectAction", "style", "verticalContentAlignment", "bleed", "backgroundImage", "minHeight", "rtl"]) ?? Each(element, "items", Element),
        "ColumnSet" => Members(element, ["columns", "selectAction", "style", "bleed", "minHeight", "horizontalAlignment"]) ?? Each(element, "columns", column => Each(column, "items", Element)),
        "ActionSet" => Members(element, ["actions"]) ?? Each(element, "actions", Action),
        "Image" => Required(element, "url"),
        "Table" => null,
        var type => $"Element type '{type}' is not supported.",
    };

    private static string? Inline(JsonElement inline) => inline.ValueKind == JsonValueKind.String ? null
        : TypeOf(inline) != "TextRun" ? $"Inline type '{TypeOf(inline)}' is not supported."
        : Stranger(inline, ["type", .. OfText, "italic", "strikethrough", "highlight", "underline", "selectAction"]) ?? Required(inline, "text") ?? Look(inline);

    private static string? Action(JsonElement action) => TypeOf(action) switch
    {
        "Action.OpenUrl" when Has(action, "url", out var url) && url.ValueKind == JsonValueKind.String && Uri.TryCreate(url.GetString(), UriKind.Absolute, out _) =>
            Stranger(action, "type", "url", "title", "iconUrl", "id", "style", "fallback", "tooltip", "isEnabled", "mode", "requires"),
        "Action.OpenUrl" => "Property 'url' must be an absolute address.",
        "Action.ShowCard" or "Action.ToggleVisibility" => null,
        var type => $"Action type '{type}' is not supported in a card that a webhook posts.",
    };

    private static string? Look(JsonElement element) =>
        OneOf(element, "size", TextSizes) ?? OneOf(element, "weight", TextWeights) ?? OneOf(element, "color", TextColors) ?? OneOf(element, "spacing", Spacings);

    private static string? OneOf(JsonElement element, string name, string[] words) =>
        Has(element, name, out var value) && !(value.ValueKind == JsonValueKind.String && words.Contains(value.GetString(), StringComparer.OrdinalIgnoreCase)) ? $"Property '{name}' has a value that is not allowed." : null;

    private static string? Members(JsonElement element, string[] more) => Stranger(element, [.. OfElements, .. more]);

    private static string? Stranger(JsonElement element, params string[] known) => element.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !known.Contains(name)) is { } name
        ? $"Property '{name}' is not known here." : null;

    private static string? Required(JsonElement element, string name, JsonValueKind kind = JsonValueKind.String) =>
        Has(element, name, out var value) && value.ValueKind == kind ? null : $"Property '{name}' is required.";

    private static string? Each(JsonElement owner, string name, Func<JsonElement, string?> check) =>
        !Has(owner, name, out var list) ? null
        : list.ValueKind != JsonValueKind.Array ? $"Property '{name}' must be an array."
        : list.EnumerateArray().Select(check).FirstOrDefault(problem => problem is not null);

    private static bool Is(JsonElement owner, string name, string word) => Has(owner, name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(word);

    private static string TypeOf(JsonElement element) => Has(element, "type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "";

    private static bool Has(JsonElement owner, string name, out JsonElement value)
    {
        value = default;
        return owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out value);
    }
}
