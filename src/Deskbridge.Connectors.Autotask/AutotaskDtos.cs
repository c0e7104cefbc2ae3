using System.Text.Json.Serialization;

namespace Deskbridge.Connectors.Autotask;

/// <summary>Answer of zoneInformation.</summary>
internal sealed record ZoneDto(string? ZoneName, string? Url, string? WebUrl);

/// <summary>Answer of ThresholdInformation; the whole database's calls.</summary>
internal sealed record ThresholdDto(int ExternalRequestThreshold, int RequestThresholdTimeframe, int CurrentTimeframeRequestCount);

/// <summary>Body of everything that failed: texts, or the framework's own message.</summary>
internal sealed record ErrorDto(IReadOnlyList<string?>? Errors, string? Message);

/// <summary>Answer of every write.</summary>
internal sealed record ItemIdDto([property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long? ItemId);

/// <summary>Answer of entityInformation/fields and entityInformation/userDefinedFields.</summary>
internal sealed record FieldListDto(IReadOnlyList<FieldDto>? Fields);

/// <summary>A field; own fields say <c>type</c> instead of <c>dataType</c>.</summary>
internal sealed record FieldDto(string? Name, string? Label, string? DataType, string? Type, bool? IsQueryable, bool? IsPickList, IReadOnlyList<PicklistValueDto>? PicklistValues);

/// <summary>A picklist value: text here, a number in the record.</summary>
internal sealed record PicklistValueDto(string? Value, string? Label, bool? IsActive, bool? IsDefaultValue);

/// <summary>Answer of entityInformation.</summary>
internal sealed record EntityInfoDto(EntityRightsDto? Info);

/// <summary>What the calling user may do: 0 nothing, 1 everything, 2 some rows.</summary>
internal sealed record EntityRightsDto(string? Name, int? UserAccessForCreate, int? UserAccessForQuery, int? UserAccessForUpdate);

/// <summary>A ticket note; <c>TicketID</c> is left out where the path names the ticket.</summary>
internal sealed record NoteDto
{
    public long? Id { get; init; }

    public long? TicketID { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public int? NoteType { get; init; }

    public int? Publish { get; init; }

    public long? CreatorResourceID { get; init; }

    public long? CreatedByContactID { get; init; }

    public string? CreateDateTime { get; init; }
}

/// <summary>A row of the log of deleted tickets.</summary>
internal sealed record DeletedTicketDto(long? Id, long? TicketID, string? DeletedDateTime, long? DeletedByResourceID);

/// <summary>A resource.</summary>
internal sealed record ResourceDto(long? Id, string? FirstName, string? LastName, string? Email, string? UserName, bool? IsActive, long? DefaultServiceDeskRoleID);

/// <summary>A role that a resource holds, with the queue or department it holds it in.</summary>
internal sealed record ResourceRoleDto(long? Id, long? ResourceID, long? RoleID, long? QueueID, bool? IsActive, bool? IsDefault);

/// <summary>A company.</summary>
internal sealed record CompanyDto(long? Id, string? CompanyName, string? Phone, string? Address1, string? Address2, string? City, string? State, string? PostalCode, string? WebAddress);

/// <summary>A contact.</summary>
internal sealed record ContactDto(long? Id, string? FirstName, string? LastName, string? EmailAddress, string? Phone, string? MobilePhone, string? AlternatePhone);

/// <summary>A configuration item.</summary>
internal sealed record ConfigurationItemDto(
    long? Id, string? ReferenceTitle, string? ReferenceNumber, string? SerialNumber, string? Location, string? RmmDeviceAuditHostname, string? RmmDeviceAuditIPAddress, string? RmmDeviceAuditOperatingSystem);

/// <summary>A further configuration item of a ticket.</summary>
internal sealed record AdditionalItemDto(long? TicketID, long? ConfigurationItemID);

/// <summary>A further resource of a ticket, with the role it has there.</summary>
internal sealed record SecondaryResourceDto(long? TicketID, long? ResourceID, long? RoleID);

/// <summary>An attachment of a ticket, its notes or its time entries; its bytes are never among them.</summary>
internal sealed record AttachmentDto(long? Id, long? TicketID, long? ParentID, string? Title, string? FullPath, decimal? FileSize, string? ContentType);

/// <summary>A ticket webhook.</summary>
internal sealed record WebhookDto
{
    public long? Id { get; init; }

    public string? Name { get; init; }

    public string? WebhookUrl { get; init; }

    public string? DeactivationUrl { get; init; }

    public string? SecretKey { get; init; }

    public bool? IsActive { get; init; }

    public bool? IsReady { get; init; }

    public bool? IsSubscribedToCreateEvents { get; init; }

    public bool? IsSubscribedToUpdateEvents { get; init; }

    public bool? IsSubscribedToDeleteEvents { get; init; }

    public bool? SendThresholdExceededNotification { get; init; }

    public string? WebhookGUID { get; init; }
}

/// <summary>A field whose change a webhook tells.</summary>
internal sealed record WebhookFieldDto(long? Id, long? WebhookID, long? FieldID, bool? IsSubscribedField, bool? IsDisplayAlwaysField);

/// <summary>A resource whose changes a webhook does not tell.</summary>
internal sealed record ExcludedResourceDto(long WebhookID, long ResourceID);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ZoneDto))]
[JsonSerializable(typeof(ThresholdDto))]
[JsonSerializable(typeof(ErrorDto))]
[JsonSerializable(typeof(ItemIdDto))]
[JsonSerializable(typeof(FieldListDto))]
[JsonSerializable(typeof(EntityInfoDto))]
[JsonSerializable(typeof(NoteDto))]
[JsonSerializable(typeof(DeletedTicketDto))]
[JsonSerializable(typeof(ResourceDto))]
[JsonSerializable(typeof(ResourceRoleDto))]
[JsonSerializable(typeof(CompanyDto))]
[JsonSerializable(typeof(ContactDto))]
[JsonSerializable(typeof(ConfigurationItemDto))]
[JsonSerializable(typeof(AdditionalItemDto))]
[JsonSerializable(typeof(SecondaryResourceDto))]
[JsonSerializable(typeof(AttachmentDto))]
[JsonSerializable(typeof(WebhookDto))]
[JsonSerializable(typeof(WebhookFieldDto))]
[JsonSerializable(typeof(ExcludedResourceDto))]
internal sealed partial class AutotaskJson : JsonSerializerContext;
