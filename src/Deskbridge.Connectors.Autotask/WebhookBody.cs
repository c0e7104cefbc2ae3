using System.Security.Cryptography;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

/// <summary>A delivery of a webhook (reference 5.3). It says that a record changed; the record is read.</summary>
internal static class WebhookBody
{
    /// <summary>What a genuine body says.</summary>
    public static CallbackVerdict Read(ReadOnlyMemory<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonTexts.Open(body.ToArray());
        }
        catch (JsonException)
        {
            return new CallbackVerdict.Refused("The body is not an Autotask callback.");
        }

        using (document)
        {
            var told = document.RootElement;
            if (AutotaskMap.Text(told, "Id") is not { Length: > 0 } id || AutotaskMap.Text(told, "Action") is not { } action) return new CallbackVerdict.Refused("The body is not an Autotask callback.");
            // The guid is the webhook's and not the event's; the body is all that tells two deliveries apart for certain.
            var key = Convert.ToHexStringLower(SHA256.HashData(body.Span));
            return new CallbackVerdict.Accepted(key, TypeOf(AutotaskMap.Text(told, "EntityType")), id, ActionOf(action), AutotaskMap.Instant(AutotaskMap.Text(told, "EventTime")));
        }
    }

    private static string TypeOf(string? entity) => entity?.ToUpperInvariant() switch
    {
        "TICKET" or "TICKETS" => RecordTypes.Ticket,
        null => "",
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
