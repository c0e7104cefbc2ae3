using System.Security.Cryptography;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

/// <summary>A delivery of a webhook (reference 5.3). It says that a record changed; the record is read.</summary>
internal static class WebhookBody
{
    private const string NotOurs = "The body is not an Autotask callback.";

    /// <summary>An event is told a little after the change that it is about, so that the record may carry an earlier instant and be new all the same.</summary>
    private static readonly TimeSpan ToldLater = TimeSpan.FromSeconds(5);

    /// <summary>What a genuine body says.</summary>
    public static CallbackVerdict Read(ReadOnlyMemory<byte> body)
    {
        using var document = Open(body);
        if (document?.RootElement is not { } told || AutotaskMap.Text(told, "Id") is not { Length: > 0 } id || AutotaskMap.Text(told, "Action") is not { } action) return new CallbackVerdict.Refused(NotOurs);
        // The guid is the webhook's and not the event's; the body is all that tells two deliveries apart for certain.
        var key = Convert.ToHexStringLower(SHA256.HashData(body.Span));
        var entity = AutotaskMap.Text(told, "EntityType") ?? "";
        if (IsNote(entity))
        {
            return TicketOf(told) is { } ticket
                ? new CallbackVerdict.Accepted(key, RecordTypes.Ticket, ticket, "note " + ActionOf(action), null) { Beside = true }
                : new CallbackVerdict.Accepted(key, "note", id, ActionOf(action), null); // the next poll finds its ticket
        }

        return new CallbackVerdict.Accepted(key, TypeOf(entity), id, ActionOf(action), AutotaskMap.Instant(AutotaskMap.Text(told, "EventTime")) - ToldLater);
    }

    /// <summary>Whether a body tells of a webhook's end, which comes unsigned: enough to look at the webhooks, and for nothing else.</summary>
    public static bool TellsOfAnEnd(ReadOnlyMemory<byte> body)
    {
        using var document = Open(body);
        return document is not null && string.Equals(AutotaskMap.Text(document.RootElement, "Action"), "Deactivated", StringComparison.OrdinalIgnoreCase);
    }

    private static JsonDocument? Open(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonTexts.Open(body.ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsNote(string entity) => entity.ToUpperInvariant() is "TICKETNOTE" or "TICKETNOTES";

    /// <summary>The ticket of a note stands among the fields that are told each time, under whatever name its label gave.</summary>
    private static string? TicketOf(JsonElement told) => AutotaskMap.Member(told, "Fields") is { ValueKind: JsonValueKind.Object } fields
        ? fields.EnumerateObject().Where(field => field.Name.Contains("ticket", StringComparison.OrdinalIgnoreCase)).Select(field => AutotaskMap.Number(fields, field.Name)).FirstOrDefault(id => id is not null)
            ?.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : null;

    private static string TypeOf(string entity) => entity.ToUpperInvariant() switch
    {
        "TICKET" or "TICKETS" => RecordTypes.Ticket,
        _ => entity.ToLowerInvariant(),
    };

    private static string ActionOf(string action) => action.ToUpperInvariant() switch
    {
        "CREATE" => "added",
        "UPDATE" => "updated",
        "DELETE" => "deleted",
        _ => action.ToLowerInvariant(),
    };
}
