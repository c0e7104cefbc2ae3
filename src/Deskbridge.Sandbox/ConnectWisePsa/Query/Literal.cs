using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Query;

internal enum LiteralKind
{
    Text,
    Number,
    Flag,
    Date,
    Null,
}

/// <summary>A value in a condition. Comparing it with a member of another kind converts it, and fails as the vendor's server does.</summary>
internal sealed record Literal(LiteralKind Kind, string Text)
{
    private readonly DateTimeOffset _date = Kind == LiteralKind.Date
        ? Json.Instant(Text) ?? throw PsaRefusal.BadRequest($"'{Text}' is not a date and time.")
        : default;

    // Read once, not for every record.
    private readonly decimal? _number = decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string TextOf(JsonNode node) => Json.Text(node) ?? "";

    /// <summary>Less than, equal to or greater than zero as the record's value stands to this literal.</summary>
    public int CompareTo(string path, JsonNode value)
    {
        if (value is not JsonValue)
            throw PsaRefusal.BadRequest($"The member {path} cannot be compared with a value.");
        return value.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => Flag(value),
            JsonValueKind.Number => Number(value),
            _ when Kind == LiteralKind.Date => Date(value),
            _ => TextOrDate(value),
        };
    }

    private int Flag(JsonNode value)
    {
        bool? flag = bool.TryParse(Text, out var parsed) ? parsed : Text switch { "1" => true, "0" => false, _ => null };
        return Json.Flag(value).CompareTo(flag ?? throw PsaRefusal.Fault("String was not recognized as a valid Boolean."));
    }

    private int Number(JsonNode value) => Json.Number(value).CompareTo(_number ?? throw PsaRefusal.Fault("Input string was not in a correct format."));

    private int Date(JsonNode value) => Json.Instant(value) is { } instant
        ? instant.CompareTo(_date)
        : throw PsaRefusal.Fault("String was not recognized as a valid DateTime.");

    private int TextOrDate(JsonNode value)
    {
        var text = TextOf(value);
        return LooksLikeStamp(text) && Json.Instant(Text) is { } wanted && Json.Instant(text) is { } instant
            ? instant.CompareTo(wanted)
            : string.Compare(text, Text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a text is an instant as the vendor writes it.</summary>
    public static bool LooksLikeStamp(string text) => text.Length == 20 && text[4] == '-' && text[10] == 'T' && text[19] == 'Z';
}
