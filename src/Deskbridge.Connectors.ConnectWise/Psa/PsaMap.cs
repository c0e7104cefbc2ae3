using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Wire records to ours. Pure. A member that is absent and one that is null mean the same.</summary>
internal static class PsaMap
{
    public static RemoteTicket ToTicket(JsonElement record, MarkerFields markers)
    {
        var info = Member(record, "_info");
        var entered = Instant(Text(info, "dateEntered"));
        var fields = CustomFields(record);
        var values = markers.Find(fields);
        return new()
        {
            Id = Id(record),
            Title = Text(record, "summary") ?? "",
            UpdatedAt = Instant(Text(info, "lastUpdated")) ?? entered ?? DateTimeOffset.UnixEpoch,
            EnteredAt = entered ?? DateTimeOffset.UnixEpoch,
            UpdatedBy = Text(info, "updatedBy"),
            Closed = Member(record, "closedFlag").ValueKind == JsonValueKind.True,
            Status = Reference(record, "status"),
            Board = Reference(record, "board"),
            Priority = Reference(record, "priority"),
            Owner = Reference(record, "owner"),
            Team = Reference(record, "team"),
            Company = Reference(record, "company"),
            Site = Reference(record, "site"),
            Contact = Reference(record, "contact"),
            Type = Reference(record, "type"),
            MergedInto = MergedInto(record),
            SubType = Reference(record, "subType"),
            ServiceItem = Reference(record, "item"),
            MarkerRetrieved = Flag(values.Retrieved),
            MarkerStatus = MarkerText(values.Status),
            MarkerUser = MarkerText(values.User),
            MissingMarkers = values.Missing,
            CustomFields = fields,
            Body = record.GetRawText(),
        };
    }

    /// <summary>The parent's reference calls its name <c>summary</c> as tickets do.</summary>
    private static RemoteRef? MergedInto(JsonElement record) => Reference(record, "mergedParentTicket") is { } parent
        ? parent with { Name = Text(Member(record, "mergedParentTicket"), "summary") ?? parent.Name }
        : null;

    public static RemoteNote ToNote(NoteDto note) => new(
        Id: Number(note.Id),
        Text: note.Text ?? "",
        Author: note.Member?.Name ?? note.Contact?.Name ?? note.CreatedBy,
        AuthorId: note.Member?.Id is { } member ? Number(member) : null,
        CreatedAt: Instant(note.DateCreated) ?? DateTimeOffset.UnixEpoch,
        Flags: (note.InternalAnalysisFlag == true ? NoteFlags.Internal : NoteFlags.None)
            | (note.DetailDescriptionFlag == true ? NoteFlags.Discussion : NoteFlags.None)
            | (note.ResolutionFlag == true ? NoteFlags.Resolution : NoteFlags.None));

    public static RemoteDocument ToDocument(DocumentDto document) => new(Number(document.Id), document.Title ?? "", document.FileName ?? "", document.Size);

    public static RemoteMember ToMember(MemberDto member) => new(
        Number(member.Id),
        member.Identifier ?? "",
        Join(" ", member.FirstName, member.LastName) is { Length: > 0 } name ? name : member.Identifier ?? "",
        string.IsNullOrWhiteSpace(member.OfficeEmail) ? null : member.OfficeEmail.Trim())
    {
        Active = member.InactiveFlag != true,
    };

    public static RemoteScheduleEntry ToScheduleEntry(ScheduleEntryDto entry) =>
        new(Number(entry.Id), Number(entry.Member?.Id), entry.DoneFlag == true)
        {
            Worked = entry.DateStart is not null || entry.DateEnd is not null || entry.Hours > 0 || entry.AcknowledgedFlag == true,
        };

    /// <summary>The neutral name for a field of an error item, which may be a path such as <c>status/name</c>.</summary>
    public static string? NeutralField(string? wire) => wire?.Trim('/').Split('/', '.', '[')[0].ToUpperInvariant() switch
    {
        "STATUS" or "STATUSID" => TicketFields.Status,
        "PRIORITY" => TicketFields.Priority,
        "OWNER" => TicketFields.Owner,
        "BOARD" => TicketFields.Board,
        "TEAM" => TicketFields.Team,
        "TYPE" => TicketFields.Type,
        "SUBTYPE" => TicketFields.SubType,
        "ITEM" => TicketFields.Item,
        "CUSTOMFIELDS" => TicketFields.MarkerStatus, // every marker write carries the state word
        _ => null,
    };

    /// <summary>ConnectWise writes UTC; a value without an offset means UTC too.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    public static string Number(int? id) => id?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>A remote id as the number the PSA means by it.</summary>
    public static int Number(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ConnectorRejectedException($"\"{id}\" is not an id of ConnectWise PSA, which are whole numbers up to 2147483647.");

    public static string Join(string separator, params string?[] parts) =>
        string.Join(separator, parts.Where(part => !string.IsNullOrWhiteSpace(part)).Select(part => part!.Trim()));

    public static JsonElement Member(JsonElement record, string name) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out var member) ? member : default;

    /// <summary>The record itself, or the first of a list: the vendor's file says list, its service sends one record.</summary>
    public static JsonElement First(JsonElement answer) => answer.ValueKind == JsonValueKind.Array ? answer.EnumerateArray().FirstOrDefault() : answer;

    public static string? Text(JsonElement record, string name) => Member(record, name) switch
    {
        { ValueKind: JsonValueKind.String } text => JsonTexts.Of(text),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static string Id(JsonElement record) => Text(record, "id") is { Length: > 0 } id
        ? id
        : throw new ConnectorUnavailableException("ConnectWise answered a ticket without an id.", mayHaveBeenApplied: true);

    private static RemoteRef? Reference(JsonElement record, string name)
    {
        var target = Member(record, name);
        return Text(target, "id") is { Length: > 0 } id ? new(id, Text(target, "name") ?? Text(target, "identifier") ?? id) : null;
    }

    private static List<CustomFieldValue> CustomFields(JsonElement record) => Member(record, "customFields") is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Where(field => Text(field, "id") is not null).Select(field => new CustomFieldValue(
            Text(field, "id")!,
            Text(field, "caption") ?? "",
            Member(field, "value") is { ValueKind: not JsonValueKind.Undefined } value ? value.GetRawText() : "null"))]
        : [];

    private static bool? Flag(string? json) => json?.Trim('"').ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };

    private static string? MarkerText(string? json)
    {
        if (json is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.String => JsonTexts.Of(document.RootElement),
            JsonValueKind.Null => null,
            _ => json,
        };
    }
}
