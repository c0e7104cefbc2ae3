using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Deskbridge.Connectors.Autotask.Filters;

namespace Deskbridge.Connectors.Autotask;

/// <summary>
/// The settings that decide about tickets, with every name resolved to its number: the text of a rule book. A label that is renamed changes the
/// text, a number stays what it was.
/// </summary>
/// <param name="Raise">The compiled filter with the companies; null when it cannot be used.</param>
/// <param name="Words">Field to value to label, of the values in the filter.</param>
/// <param name="Acknowledging">Statuses that acknowledge.</param>
/// <param name="Closing">Statuses that close.</param>
/// <param name="OnAcknowledge">Status set on acknowledge; null for none.</param>
/// <param name="OnClose">Status set on close; null for none.</param>
/// <param name="AgeHours">Age limit.</param>
/// <param name="Problems">What cannot be used, and why.</param>
internal sealed record RuleSource(
    JsonObject? Raise,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Words,
    IReadOnlyList<RemoteRef> Acknowledging,
    IReadOnlyList<RemoteRef> Closing,
    RemoteRef? OnAcknowledge,
    RemoteRef? OnClose,
    int AgeHours,
    IReadOnlyList<RuleProblem> Problems)
{
    /// <summary>What the rule that raises is called.</summary>
    public const string RaiseRule = "Query Filter";

    /// <summary>What the mapping of statuses is called.</summary>
    public const string StatusRule = "Statuses";

    /// <summary>Event ids.</summary>
    public const string RaiseId = "raise";

    /// <inheritdoc cref="RaiseId"/>
    public const string AcknowledgeId = "acknowledge";

    /// <inheritdoc cref="RaiseId"/>
    public const string CloseId = "close";

    public static RuleSource Parse(string body) => JsonSerializer.Deserialize(body, RuleJson.Default.RuleSource) ?? throw new JsonException("no rules");

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ParseWords(string words) =>
        words.Length == 0 ? new Dictionary<string, IReadOnlyDictionary<string, string>>() : JsonSerializer.Deserialize(words, RuleJson.Default.IReadOnlyDictionaryStringIReadOnlyDictionaryStringString)!;

    /// <summary>As the hub's rule book.</summary>
    public RuleBook ToBook() => new()
    {
        Inbound = [.. Events()],
        OnAcknowledge = OnAcknowledge is { } acknowledged ? [new TicketAction(TicketFields.Status, acknowledged, StatusRule)] : [],
        OnClose = OnClose is { } closed ? [new TicketAction(TicketFields.Status, closed, StatusRule)] : [],
        Problems = Problems,
        AgeWindow = TimeSpan.FromHours(AgeHours),
        MapsStatuses = true,
        Body = JsonSerializer.Serialize(this, RuleJson.Default.RuleSource),
    };

    private IEnumerable<InboundEvent> Events()
    {
        if (Raise is not null) yield return Event(RaiseId, InboundEventKind.Raise, RaiseRule, Raise, Words);
        if (Acknowledging.Count > 0) yield return Statuses(AcknowledgeId, InboundEventKind.Acknowledge, Acknowledging);
        if (Closing.Count > 0) yield return Statuses(CloseId, InboundEventKind.Close, Closing);
    }

    private static InboundEvent Statuses(string id, InboundEventKind kind, IReadOnlyList<RemoteRef> statuses) => Event(
        id, kind, StatusRule, AutotaskQuery.In(TicketSchema.Status, statuses.Select(status => AutotaskMap.Number(status.Id))),
        new Dictionary<string, IReadOnlyDictionary<string, string>> { [TicketSchema.Status] = statuses.ToDictionary(status => status.Id, status => status.Name) });

    private static InboundEvent Event(string id, InboundEventKind kind, string rule, JsonObject condition, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> words)
    {
        var text = condition.ToJsonString();
        return new(id, kind, rule, text)
        {
            Said = FilterText.Read(text, out _) is { } read ? new FilterEvaluator(words).Say(read) : null,
            Words = JsonSerializer.Serialize(words, RuleJson.Default.IReadOnlyDictionaryStringIReadOnlyDictionaryStringString),
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RuleSource))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>))]
internal sealed partial class RuleJson : JsonSerializerContext;
