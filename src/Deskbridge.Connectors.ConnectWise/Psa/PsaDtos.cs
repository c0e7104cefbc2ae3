using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Deskbridge.Connectors.ConnectWise.Psa;

// Wire shapes as the OpenAPI file names them. ConnectWise leaves null members out or sends them as null, so every member may be null.

internal sealed record CompanyInfoDto(string? CompanyName, string? Codebase, string? CompanyID, string? SiteUrl, [property: JsonConverter(typeof(LooseBoolConverter))] bool? IsCloud);

internal sealed record ErrorDto(string? Code, string? Error, string? Message, IReadOnlyList<ErrorItemDto>? Errors);

internal sealed record ErrorItemDto(string? Code, string? Message, string? Resource, string? Field);

internal sealed record ReferenceDto(int? Id = null, string? Name = null, string? Identifier = null);

internal sealed record InfoDto(string? LastUpdated, string? DateEntered, string? UpdatedBy);

internal sealed record SystemInfoDto(string? Version, bool? IsCloud);

internal sealed record SecurityRowDto(
    string? ModuleName, string? ModuleIdentifier, string? ModuleFunctionName, string? AddLevel, string? EditLevel, string? DeleteLevel, string? InquireLevel,
    bool? CustomFlag = null);

internal sealed record CustomizeItemDto(string? CustomizeIdentifier, string? ItemIdentifier);

internal sealed record NoteDto
{
    public int? Id { get; init; }

    public string? Text { get; init; }

    public bool? DetailDescriptionFlag { get; init; }

    public bool? InternalAnalysisFlag { get; init; }

    public bool? ResolutionFlag { get; init; }

    public ReferenceDto? Member { get; init; }

    public ReferenceDto? Contact { get; init; }

    public string? DateCreated { get; init; }

    public string? CreatedBy { get; init; }
}

internal sealed record TaskDto(int? Id, string? Notes, string? Summary, bool? ClosedFlag, int? Priority, string? Resolution, ReferenceDto? Member);

internal sealed record CompanyDto(
    int? Id, string? Name, string? Identifier, string? AddressLine1, string? AddressLine2, string? City, string? State, string? Zip,
    ReferenceDto? Country, string? PhoneNumber, string? Website, ReferenceDto? Status);

internal sealed record SiteDto(
    int? Id, string? Name, string? AddressLine1, string? AddressLine2, string? City, ReferenceDto? StateReference, string? Zip, ReferenceDto? Country,
    string? PhoneNumber, string? PhoneNumberExt);

internal sealed record DocumentDto(int? Id, string? Title, string? FileName, long? Size, string? Owner, bool? UrlFlag);

internal sealed record ContactDto(int? Id, string? FirstName, string? LastName, string? Title, ReferenceDto? Site);

internal sealed record CommunicationDto(int? Id, ReferenceDto? Type, string? Value, string? Extension, bool? DefaultFlag, string? CommunicationType);

internal sealed record ConfigurationDto(int? Id, string? DeviceIdentifier, string? Name);

internal sealed record MemberDto(int? Id, string? Identifier, string? FirstName, string? LastName, string? OfficeEmail, bool? InactiveFlag);

internal sealed record BoardDto(int? Id, string? Name, bool? Inactive, bool? InactiveFlag, bool? ProjectFlag, ReferenceDto? Location = null, ReferenceDto? Department = null);

internal sealed record BoardStatusDto(int? Id, string? Name, int? SortOrder, bool? Inactive, bool? InactiveFlag, bool? ClosedStatus);

internal sealed record ScheduleEntryDto
{
    public int? Id { get; init; }

    public int? ObjectId { get; init; }

    public ReferenceDto? Type { get; init; }

    public ReferenceDto? Member { get; init; }

    public ReferenceDto? Status { get; init; }

    public bool? DoneFlag { get; init; }

    public string? DateStart { get; init; }

    public string? DateEnd { get; init; }

    public decimal? Hours { get; init; }

    public bool? AcknowledgedFlag { get; init; }

    public bool? AllowScheduleConflictsFlag { get; init; }
}

internal sealed record CallbackDto
{
    public int? Id { get; init; }

    public string? Description { get; init; }

    public string? Url { get; init; }

    public int? ObjectId { get; init; }

    public string? Type { get; init; }

    public string? Level { get; init; }

    public bool? InactiveFlag { get; init; }
}

internal sealed record CallbackKeyDto([property: JsonPropertyName("signing_key")] string? SigningKey);

internal sealed record FieldDto
{
    public int? Id { get; init; }

    public int? PodId { get; init; }

    public string? PodDescription { get; init; }

    public string? ScreenId { get; init; }

    public string? Caption { get; init; }

    public int? SequenceNumber { get; init; }

    public string? HelpText { get; init; }

    public string? FieldTypeIdentifier { get; init; }

    public string? EntryTypeIdentifier { get; init; }

    /// <summary>What a field of the entry type List or Option can hold.</summary>
    public IReadOnlyList<FieldOptionDto>? Options { get; init; }

    public bool? RequiredFlag { get; init; }

    public bool? DisplayOnScreenFlag { get; init; }

    public bool? ReadOnlyFlag { get; init; }

    public bool? ListViewFlag { get; init; }

    public bool? AddAllLocations { get; init; }

    public bool? AddAllBusinessUnits { get; init; }
}

internal sealed record FieldOptionDto
{
    public string? OptionValue { get; init; }

    public bool? InactiveFlag { get; init; }

    public int? SortOrder { get; init; }
}

internal sealed record WorkflowDto
{
    public int? Id { get; init; }

    public string? Name { get; init; }

    public ReferenceDto? TableType { get; init; }

    public bool? ActivateFlag { get; init; }
}

internal sealed record WorkflowEventDto
{
    public int? Id { get; init; }

    public string? EventCondition { get; init; }

    public string? ExecutionTime { get; init; }

    public int? FrequencyOfExecution { get; init; }

    public string? FrequencyUnit { get; init; }

    [JsonPropertyName("_info")]
    public InfoDto? Info { get; init; }
}

internal sealed record WorkflowActionDto
{
    public int? Id { get; init; }

    public ReferenceDto? NotifyType { get; init; }

    public ReferenceDto? BoardStatus { get; init; }

    public ReferenceDto? ServicePriority { get; init; }

    public ReferenceDto? Board { get; init; }

    public ReferenceDto? ServiceType { get; init; }

    public ReferenceDto? ServiceSubType { get; init; }

    public ReferenceDto? ServiceItem { get; init; }

    public ReferenceDto? SpecificTeamTo { get; init; }

    public ReferenceDto? SpecificMemberTo { get; init; }

    /// <summary>Required of "Assign Resource" (reference 7.2).</summary>
    public string? Subject { get; init; }

    public bool? UpdateOwnerFlag { get; init; }

    public string? Notes { get; init; }

    public bool? DetailNotesFlag { get; init; }

    public bool? InternalNotesFlag { get; init; }
}

internal sealed record PatchOperationDto(string Op, string Path, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonNode? Value = null);

/// <summary>The vendor's sample shows <c>IsCloud</c> as the text "True", recordings show a boolean.</summary>
internal sealed class LooseBoolConverter : JsonConverter<bool?>
{
    public override bool? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String when bool.TryParse(reader.GetString(), out var value) => value,
        _ => null,
    };

    public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options) => writer.WriteBooleanValue(value ?? false);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CompanyInfoDto))]
[JsonSerializable(typeof(ErrorDto))]
[JsonSerializable(typeof(InfoDto))]
[JsonSerializable(typeof(SystemInfoDto))]
[JsonSerializable(typeof(SecurityRowDto))]
[JsonSerializable(typeof(NoteDto))]
[JsonSerializable(typeof(TaskDto))]
[JsonSerializable(typeof(CompanyDto))]
[JsonSerializable(typeof(SiteDto))]
[JsonSerializable(typeof(DocumentDto))]
[JsonSerializable(typeof(ContactDto))]
[JsonSerializable(typeof(CommunicationDto))]
[JsonSerializable(typeof(ConfigurationDto))]
[JsonSerializable(typeof(MemberDto))]
[JsonSerializable(typeof(CustomizeItemDto))]
[JsonSerializable(typeof(BoardDto))]
[JsonSerializable(typeof(BoardStatusDto))]
[JsonSerializable(typeof(ScheduleEntryDto))]
[JsonSerializable(typeof(CallbackDto))]
[JsonSerializable(typeof(CallbackKeyDto))]
[JsonSerializable(typeof(FieldDto))]
[JsonSerializable(typeof(WorkflowDto))]
[JsonSerializable(typeof(WorkflowEventDto))]
[JsonSerializable(typeof(WorkflowActionDto))]
[JsonSerializable(typeof(ReferenceDto))]
[JsonSerializable(typeof(IReadOnlyList<PatchOperationDto>))]
internal sealed partial class PsaJson : JsonSerializerContext;
