using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections;

/// <summary>One property of an options type that carries <see cref="SettingAttribute"/>, and its text form.</summary>
internal sealed class SettingProperty
{
    private readonly PropertyInfo _property;

    private SettingProperty(PropertyInfo property, SettingAttribute setting)
    {
        _property = property;
        Setting = setting;
        Kind = KindOf(property.PropertyType, setting);
        Choices = property.PropertyType.IsEnum ? ChoicesOf(property.PropertyType, Kind == SettingKind.Choices) : [];
    }

    public SettingAttribute Setting { get; }

    public SettingKind Kind { get; }

    public IReadOnlyList<SettingChoice> Choices { get; }

    public string Name => _property.Name;

    /// <summary>Every setting of an options type, in the order the form shows them.</summary>
    public static IReadOnlyList<SettingProperty> Of(Type optionsType) =>
        [.. from property in optionsType.GetProperties()
            let setting = property.GetCustomAttribute<SettingAttribute>()
            where setting is not null
            orderby property.MetadataToken
            select new SettingProperty(property, setting)];

    /// <summary>The setting with the remote's address; null when the type has none.</summary>
    public static SettingProperty? AddressOf(object options) => Of(options.GetType()).FirstOrDefault(setting => setting.Setting.Address);

    /// <summary>Whom the connection takes for the remote beside what the system trusts; empty for nobody.</summary>
    public static string TrustOf(object options) => Of(options.GetType()).FirstOrDefault(setting => setting.Setting.Trust)?.Text(options).Trim() ?? "";

    /// <summary>Of a secret: the setting with the address it goes to; null when the type has none.</summary>
    public SettingProperty? GoesTo(object options) =>
        Setting.GoesTo is { } name ? Of(options.GetType()).First(setting => setting.Name == name) : AddressOf(options);

    /// <summary>The one value of a setting that has at most one; empty when unset.</summary>
    public string Text(object options) => Read(options) is [var text, ..] ? text : "";

    /// <summary>The value as texts: none for an unset text, one for most kinds, one per ticked choice.</summary>
    public IReadOnlyList<string> Read(object options)
    {
        var value = _property.GetValue(options);
        return Kind switch
        {
            SettingKind.Bool => [(bool)value! ? "true" : "false"],
            SettingKind.Number => [((int)value!).ToString(CultureInfo.InvariantCulture)],
            SettingKind.Choice => [value!.ToString()!],
            SettingKind.Choices => [.. Choices.Where(choice => (Bits(value!) & Bits(Enum.Parse(_property.PropertyType, choice.Value))) != 0).Select(choice => choice.Value)],
            SettingKind.BoardStatuses => [.. ((IReadOnlyList<BoardStatus>)value!).Select(one => one.ToString())],
            SettingKind.EventReturns => [.. ((IReadOnlyList<EventReturn>)value!).Select(one => one.ToString())],
            _ => value is string { Length: > 0 } text ? [text] : [],
        };
    }

    /// <summary>Sets the value from texts; answers what is wrong with them, or null.</summary>
    public string? Write(object options, IReadOnlyList<string> values)
    {
        var text = values.Count > 0 ? values[0] : "";
        switch (Kind)
        {
            case SettingKind.Bool:
                var ticked = values.Count > 0 ? values[^1] : "false";
                if (!TryBool(ticked, out var on)) return $"'{Shorten(ticked)}' is neither true nor false.";
                _property.SetValue(options, on);
                return null;
            case SettingKind.Number:
                if (!int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                {
                    return text.Length == 0 ? "Enter a whole number." : $"'{Shorten(text)}' is not a whole number.";
                }

                _property.SetValue(options, number);
                return null;
            case SettingKind.Choice or SettingKind.Choices:
                return WriteChoices(options, [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]);
            case SettingKind.BoardStatuses:
                return WriteBoardStatuses(options, values);
            case SettingKind.EventReturns:
                return WriteEventReturns(options, values);
            default:
                _property.SetValue(options, text.Length == 0 && IsNullable ? null : text);
                return null;
        }
    }

    private static long Bits(object member) => Convert.ToInt64(member, CultureInfo.InvariantCulture);

    private bool IsNullable => new NullabilityInfoContext().Create(_property).WriteState == NullabilityState.Nullable;

    private string? WriteChoices(object options, string[] names)
    {
        var known = new List<string>();
        foreach (var name in names)
        {
            if (Choices.FirstOrDefault(choice => choice.Value.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } choice)
            {
                return $"'{Shorten(name)}' is not one of the choices: {string.Join(", ", Choices.Select(c => c.Value))}.";
            }

            known.Add(choice.Value);
        }

        if (Kind == SettingKind.Choice && known.Count != 1) return $"Choose one of {string.Join(", ", Choices.Select(c => c.Value))}.";
        _property.SetValue(options, known.Count == 0
            ? Enum.ToObject(_property.PropertyType, 0)
            : Enum.Parse(_property.PropertyType, string.Join(',', known)));
        return null;
    }

    private string? WriteBoardStatuses(object options, IReadOnlyList<string> values)
    {
        var read = new List<BoardStatus>();
        foreach (var text in values.Where(value => value.Length > 0))
        {
            if (!BoardStatus.TryParse(text, out var one)) return $"'{Shorten(text)}' is not of the form: acknowledged | board id | board name | status id | status name.";
            if (read.Exists(known => known.On == one.On && known.Board.Id == one.Board.Id)) return $"board {one.Board.Id} is named twice for {one.On}.";
            read.Add(one);
        }

        _property.SetValue(options, read);
        return null;
    }

    private string? WriteEventReturns(object options, IReadOnlyList<string> values)
    {
        var read = new List<EventReturn>();
        foreach (var text in values.Where(value => value.Length > 0))
        {
            if (!EventReturn.TryParse(text, out var one)) return $"'{Shorten(text)}' is not of the form: event id | {string.Join(" or ", Enum.GetNames<ReturnPolicy>())} | hours.";
            if (read.Exists(known => known.EventId == one.EventId)) return $"event {one.EventId} is named twice.";
            read.Add(one);
        }

        _property.SetValue(options, read);
        return null;
    }

    private static bool TryBool(string text, out bool value)
    {
        value = text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("on", StringComparison.OrdinalIgnoreCase);
        return value || text.Equals("false", StringComparison.OrdinalIgnoreCase) || text.Length == 0;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static SettingKind KindOf(Type type, SettingAttribute setting) => type switch
    {
        _ when type == typeof(string) => setting.Secret ? SettingKind.Secret : setting.Multiline ? SettingKind.Multiline : SettingKind.Text,
        _ when type == typeof(bool) => SettingKind.Bool,
        _ when type == typeof(int) => SettingKind.Number,
        _ when type == typeof(IReadOnlyList<BoardStatus>) => SettingKind.BoardStatuses,
        _ when type == typeof(IReadOnlyList<EventReturn>) => SettingKind.EventReturns,
        { IsEnum: true } => type.IsDefined(typeof(FlagsAttribute)) ? SettingKind.Choices : SettingKind.Choice,
        _ => throw new InvalidOperationException($"The setting type {type} cannot be drawn. Use string, bool, int or an enum."),
    };

    /// <summary>Of a flags enum only single bits are choices: "none" and combinations are what ticking makes of them.</summary>
    private static List<SettingChoice> ChoicesOf(Type type, bool singleBits) =>
        [.. from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
            let number = Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)
            where !singleBits || long.PopCount(number) == 1
            select new SettingChoice(field.Name, field.GetCustomAttribute<DescriptionAttribute>()?.Description ?? field.Name)];
}

/// <summary>How a setting is drawn.</summary>
public enum SettingKind
{
    /// <summary>One line of text.</summary>
    Text,

    /// <summary>Write-only text.</summary>
    Secret,

    /// <summary>Several lines of text.</summary>
    Multiline,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A checkbox.</summary>
    Bool,

    /// <summary>One of several.</summary>
    Choice,

    /// <summary>Any of several.</summary>
    Choices,

    /// <summary>Statuses by board, on a page of their own.</summary>
    BoardStatuses,

    /// <summary>What tickets do that come back, by event, on the pages of the events.</summary>
    EventReturns,
}

/// <summary>One choice of a setting.</summary>
/// <param name="Value">What is posted and stored.</param>
/// <param name="Text">What people read.</param>
public sealed record SettingChoice(string Value, string Text);
