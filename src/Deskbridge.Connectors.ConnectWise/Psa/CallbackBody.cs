using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>A callback's body (reference 8.3). Some senders write <c>CompanyID</c> for <c>CompanyId</c>, so names are read without letter case.</summary>
internal sealed record CallbackBody(string? MessageId, string? CompanyId, string Type, string Id, string Action, string? KeyUrl, string? Entity)
{
    /// <summary>Reads a body; null when it is not a callback at all.</summary>
    public static CallbackBody? Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return null; // anybody may post here, and the parser lets through what no text can be made of
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text(root, "ID") is { } id && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && Text(root, "Type") is { Length: > 0 } type && Text(root, "Action") is { Length: > 0 } action
                ? new(Text(root, "MessageId"), Text(root, "CompanyId"), type.ToLowerInvariant(), id, action.ToLowerInvariant(),
                    Text(Member(root, "Metadata"), "key_url"), Text(root, "Entity"))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the callback says, once its signature held.</summary>
    public CallbackVerdict.Accepted Accepted(ReadOnlyMemory<byte> raw)
    {
        var (recordType, updated) = InEntity();
        var isServiceTicket = Type == "ticket" && recordType is null or "ServiceTicket";
        var key = string.IsNullOrWhiteSpace(MessageId) ? Convert.ToHexStringLower(SHA256.HashData(raw.Span)) : MessageId;
        return new(key, isServiceTicket ? RecordTypes.Ticket : Type == "ticket" ? "project-ticket" : Type, Id, Action, updated);
    }

    private (string? RecordType, DateTimeOffset? UpdatedAt) InEntity()
    {
        if (string.IsNullOrEmpty(Entity))
        {
            return default; // a deleted record comes without one
        }

        try
        {
            using var document = JsonDocument.Parse(Entity);
            var root = document.RootElement;
            return (PsaMap.Text(root, "recordType"), PsaMap.Instant(PsaMap.Text(PsaMap.Member(root, "_info"), "lastUpdated")));
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static JsonElement Member(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object
        ? parent.EnumerateObject().FirstOrDefault(member => member.NameEquals(name) || member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value
        : default;

    private static string? Text(JsonElement parent, string name) => Member(parent, name) switch
    {
        { ValueKind: JsonValueKind.String } text => JsonTexts.Of(text),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };
}
