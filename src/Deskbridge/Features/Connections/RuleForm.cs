using System.Globalization;
using Deskbridge.Connectors;

namespace Deskbridge.Features.Connections;

/// <summary>What a person enters for an event. Each action is one choice of kind and value, <c>status:20</c>, or of a kind whose value is a text beside it, <c>internalNote:</c>; <c>keep</c> leaves one that is not understood.</summary>
/// <param name="Condition">The whole condition.</param>
/// <param name="Version">The version that was shown.</param>
/// <param name="ConfirmRaises">How many alerts at once are agreed to.</param>
/// <param name="Actions">The actions; null for those the event has.</param>
internal sealed record RuleForm(string Condition, string Version, int ConfirmRaises, IReadOnlyList<RuleActionState>? Actions)
{
    /// <summary>The choice that stands for an action that is only kept.</summary>
    public const string Keep = "keep";

    /// <summary>How an action is chosen in the form.</summary>
    public static string Choice(RuleActionState action) => action.Kind is null ? Keep : $"{action.Kind}:{action.Value?.Id}";

    /// <summary>How a kind is chosen whose value is a text.</summary>
    public static string Choice(RuleActionKind kind) => $"{kind.Key}:";

    /// <summary>Reads the posted form.</summary>
    public static RuleForm Read(IFormCollection form, IReadOnlyList<(RuleActionKind Kind, IReadOnlyList<RuleValue> Values)> choices)
    {
        var (ids, names, texts, chosen) = (form["actionId"], form["actionName"], form["actionText"], form["action"]);
        var actions = new List<RuleActionState>();
        for (var row = 0; row < chosen.Count; row++)
        {
            if (Action(chosen[row] ?? "", row < ids.Count ? ids[row] : null, row < names.Count ? names[row] : null, row < texts.Count ? texts[row] : null, choices) is { } action) actions.Add(action);
        }

        _ = int.TryParse(form["confirmRaises"], NumberStyles.None, CultureInfo.InvariantCulture, out var raises);
        return new(form["condition"].ToString(), form["version"].ToString(), raises, choices.Count > 0 ? actions : null);
    }

    private static RuleActionState? Action(string choice, string? id, string? name, string? text, IReadOnlyList<(RuleActionKind Kind, IReadOnlyList<RuleValue> Values)> choices)
    {
        id = string.IsNullOrEmpty(id) ? null : id;
        if (choice == Keep) return new(id, null, name ?? "", null);
        if (choices.FirstOrDefault(one => one.Kind.Values is null && Choice(one.Kind) == choice) is { Kind: { } written })
        {
            var lines = text?.ReplaceLineEndings("\n").Trim() ?? ""; // a form sends every line's end in two characters
            return new(id, written.Key, written.Name, lines.Length == 0 ? null : new RemoteRef(lines, lines));
        }

        if (choice.Split(':', 2) is not [var key, { Length: > 0 } value] || choices.FirstOrDefault(one => one.Kind.Key == key) is not { Kind: { } kind } found) return null;
        return new(id, key, kind.Name, new RemoteRef(value, found.Values.FirstOrDefault(one => one.Id == value)?.Name ?? name ?? value));
    }
}
