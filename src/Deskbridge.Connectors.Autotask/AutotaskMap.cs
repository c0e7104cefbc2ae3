using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

/// <summary>Wire records to ours. Pure. Names of members are read without regard to case, as the sources differ (reference 9).</summary>
internal static class AutotaskMap
{
    /// <summary>A ticket without a queue stands on this board: it is held by its resource alone.</summary>
    public static readonly RemoteRef NoQueue = new("none", "no queue");

    /// <summary>The member that is added to a record: what its numbers mean.</summary>
    public const string Words = "$deskbridge";

    /// <summary>A record with its words, as a ticket.</summary>
    public static RemoteTicket ToTicket(JsonElement record, TicketWords words) => Build(record, words, Compose(record, words));

    /// <summary>A ticket from a stored body.</summary>
    public static RemoteTicket Parse(string body)
    {
        var record = JsonElement.Parse(body);
        return Build(record, WordsOf(record), body);
    }

    /// <summary>The words kept in a body.</summary>
    public static TicketWords WordsOf(JsonElement record)
    {
        var kept = Member(record, Words);
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Member(kept, "names") is { ValueKind: JsonValueKind.Object } told)
        {
            foreach (var name in told.EnumerateObject()) names[name.Name] = JsonTexts.Of(name.Value);
        }

        return new TicketWords(names, Member(kept, "closed").ValueKind == JsonValueKind.True);
    }

    public static RemoteNote ToNote(NoteDto note, string? author) => new(
        Id: (note.Id ?? 0).ToString(CultureInfo.InvariantCulture),
        Text: note.Description ?? "",
        Author: author,
        AuthorId: note.CreatorResourceID?.ToString(CultureInfo.InvariantCulture),
        CreatedAt: Instant(note.CreateDateTime) ?? DateTimeOffset.UnixEpoch,
        Flags: note.Publish == 1 ? NoteFlags.Discussion : NoteFlags.Internal);

    public static RemoteMember ToMember(ResourceDto resource) => new(
        (resource.Id ?? 0).ToString(CultureInfo.InvariantCulture),
        resource.UserName ?? "",
        Join(" ", resource.FirstName, resource.LastName) is { Length: > 0 } name ? name : resource.UserName ?? "",
        string.IsNullOrWhiteSpace(resource.Email) ? null : resource.Email.Trim())
    {
        Active = resource.IsActive != false,
    };

    /// <summary>Company, role, contact or resource by its name.</summary>
    public static string NameOf(JsonElement row) => Text(row, "companyName") ?? Text(row, "name") ?? Join(" ", Text(row, "firstName"), Text(row, "lastName"));

    /// <summary>Times are UTC whether or not they say so (reference 4).</summary>
    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    /// <summary>A value for people: an instant with its zone, whether or not Autotask wrote that down, so that pages can show it in the reader's own.</summary>
    public static string Told(string value) =>
        value.Length >= 16 && value[4] == '-' && value[10] == 'T' && Instant(value) is { } at ? at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC" : value;

    public static long Id(JsonElement row) => Number(row, "id") ?? throw new ConnectorUnavailableException("Autotask answered a record without an id.", mayHaveBeenApplied: true);

    /// <summary>A remote id as the number that Autotask means by it.</summary>
    public static long Number(string id) => long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ConnectorRejectedException($"\"{id}\" is not an id of Autotask, which are whole numbers.");

    public static long? Number(JsonElement record, string name) => WholeNumber(Text(record, name));

    public static long? WholeNumber(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string? Text(JsonElement record, string name) => Member(record, name) switch
    {
        { ValueKind: JsonValueKind.String } text => JsonTexts.Of(text),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        { ValueKind: JsonValueKind.True } => "true",
        { ValueKind: JsonValueKind.False } => "false",
        _ => null,
    };

    public static JsonElement Member(JsonElement record, string name)
    {
        if (record.ValueKind != JsonValueKind.Object) return default;
        if (record.TryGetProperty(name, out var member)) return member;
        foreach (var property in record.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        }

        return default;
    }

    public static string Join(string separator, params string?[] parts) =>
        string.Join(separator, parts.Where(part => !string.IsNullOrWhiteSpace(part)).Select(part => part!.Trim()));

    private static RemoteTicket Build(JsonElement record, TicketWords words, string body)
    {
        var entered = Instant(Text(record, "createDate"));
        DateTimeOffset?[] changes = [entered, Instant(Text(record, "lastActivityDate")), Instant(Text(record, "lastTrackedModificationDateTime"))];
        return new()
        {
            Id = Text(record, "id") ?? "0",
            Number = Text(record, "ticketNumber"),
            Title = Text(record, "title") ?? "",
            UpdatedAt = changes.Max() ?? DateTimeOffset.UnixEpoch,
            EnteredAt = entered ?? DateTimeOffset.UnixEpoch,
            UpdatedBy = Reference("lastActivityResourceID")?.Name,
            Closed = words.Closed,
            Status = Reference(TicketSchema.Status),
            Board = Reference(TicketSchema.Queue) ?? NoQueue,
            Priority = Reference(TicketSchema.Priority),
            Owner = Reference("assignedResourceID"),
            Company = Reference("companyID"),
            Contact = Reference("contactID"),
            Type = Reference(TicketSchema.Type),
            CarriesMarkers = false,
            Body = body,
        };

        RemoteRef? Reference(string field) => Text(record, field) is { Length: > 0 } id ? new(id, words.Names.GetValueOrDefault(field) ?? id) : null;
    }

    /// <summary>The record's own text stays as it was sent, whatever it holds; the words come behind its last member.</summary>
    private static string Compose(JsonElement record, TicketWords words)
    {
        var raw = record.GetRawText().AsSpan().TrimEnd();
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("closed", words.Closed);
            writer.WriteStartObject("names");
            foreach (var (field, name) in words.Names) writer.WriteString(field, name);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return $"{raw[..^1]},\"{Words}\":{Encoding.UTF8.GetString(stream.ToArray())}}}";
    }
}
