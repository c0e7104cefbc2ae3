using System.Text.Json;
using System.Text.Json.Serialization;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>A custom field that an administrator of the instance made on its tickets, as clauses name it.</summary>
internal sealed record PsaTicketField(string Caption, CustomFieldKind Kind)
{
    /// <summary>The texts it is chosen from; empty for one that is typed. They say nothing about what a condition means, so rules do not change with them.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The fields on service tickets that clauses can be about, without the markers. Of a password and a button there is nothing to tell.</summary>
    public static IReadOnlyList<PsaTicketField> Of(IReadOnlyList<FieldDto> all, MarkerNames markers)
    {
        if (PsaFieldSetup.TicketPod(all) is not { } pod) return [];
        return [.. all.Where(field => field.PodId == pod)
            .Select(field => (Caption: RuleNames.Tidy(field.Caption ?? ""), Kind: KindOf(field.FieldTypeIdentifier), Options: OptionsOf(field)))
            .Where(field => field.Caption.Length > 0 && field.Kind != CustomFieldKind.Any && !markers.Contains(field.Caption))
            .DistinctBy(field => field.Caption, StringComparer.OrdinalIgnoreCase)
            .OrderBy(field => field.Caption, StringComparer.OrdinalIgnoreCase)
            .Select(field => new PsaTicketField(field.Caption, field.Kind) { Options = field.Kind == CustomFieldKind.Text ? field.Options : [] })];
    }

    private static IReadOnlyList<string> OptionsOf(FieldDto field) => field.Options is not { Count: > 0 } options ? [] :
        [.. options.Where(option => option.InactiveFlag != true && !string.IsNullOrWhiteSpace(option.OptionValue)).OrderBy(option => option.SortOrder).Select(option => option.OptionValue!.Trim())];

    /// <summary>Those that the conditions of the rules name, in order; null when they name none. A field that no rule asks for makes no other rules.</summary>
    public static IReadOnlyList<PsaTicketField>? NamedIn(PsaRuleSource source, IEnumerable<PsaTicketField> fields)
    {
        var conditions = source.Events.Select(one => one.Condition).ToList();
        var named = fields.Where(field => conditions.Exists(condition => IsNamed(condition, field.Caption)))
            .OrderBy(field => field.Caption, StringComparer.OrdinalIgnoreCase).ToList();
        return named.Count == 0 ? null : named;
    }

    /// <summary>Fields as text; empty for none.</summary>
    public static string Write(IReadOnlyList<PsaTicketField>? fields) =>
        fields is null or [] ? "" : JsonSerializer.Serialize(fields, PsaRuleJson.Default.IReadOnlyListPsaTicketField);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static IReadOnlyList<PsaTicketField> Parse(string text) =>
        text.Length == 0 ? [] : JsonSerializer.Deserialize(text, PsaRuleJson.Default.IReadOnlyListPsaTicketField) ?? [];

    private static bool IsNamed(string condition, string caption)
    {
        for (var at = 0; at < condition.Length; at++)
        {
            if ((at == 0 || !RuleCursor.IsWordCharacter(condition[at - 1])) && RuleCursor.Words(condition, at, caption) >= 0) return true;
        }

        return false;
    }

    private static CustomFieldKind KindOf(string? type) => type?.ToUpperInvariant() switch
    {
        "CHECKBOX" => CustomFieldKind.Checkbox,
        "NUMBER" or "CURRENCY" or "PERCENT" => CustomFieldKind.Number,
        "DATE" => CustomFieldKind.Date,
        "TEXT" or "TEXTAREA" or "HYPERLINK" or "IPADDRESS" or "PHONENUMBER" => CustomFieldKind.Text,
        _ => CustomFieldKind.Any,
    };
}
