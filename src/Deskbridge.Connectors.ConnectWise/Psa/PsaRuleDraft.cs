using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Versions of an event, and what the rules would be with one event changed. Pure.</summary>
internal static class PsaRuleDraft
{
    /// <summary>Length of a version, in hexadecimal digits.</summary>
    private const int VersionLength = 20;

    /// <summary>The same as long as condition and actions are.</summary>
    public static string Version(string condition, IEnumerable<ActionSnapshot> actions)
    {
        var text = new StringBuilder(condition);
        foreach (var action in actions) text.Append('\n').Append(action);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..VersionLength];
    }

    /// <summary>The rules with one event changed; actions to be made get ids of their own kind.</summary>
    public static PsaRuleSource Apply(PsaRuleSource source, RuleEventDraft draft) => source with
    {
        Trigger = Apply(source.Trigger, draft),
        Update = Apply(source.Update, draft),
        Write = Apply(source.Write, draft),
    };

    private static RuleSnapshot? Apply(RuleSnapshot? rule, RuleEventDraft draft) => rule is null || rule.Id != draft.RuleId ? rule : rule with
    {
        Events = [.. rule.Events.Select(one => one.Id != draft.EventId ? one : one with { Condition = draft.Condition, Actions = Actions(one, draft) })],
    };

    private static List<ActionSnapshot> Actions(EventSnapshot one, RuleEventDraft draft) =>
        [.. draft.Actions.Select((action, place) => Kept(one, action) ?? PsaActionKinds.Snapshot(action.Id ?? $"new {place + 1}", action))];

    /// <summary>An action that stays as it is, with whatever else it does.</summary>
    private static ActionSnapshot? Kept(EventSnapshot one, RuleActionState action) =>
        one.Actions.FirstOrDefault(there => there.Id == action.Id && PsaActionKinds.Of(there) is var known && known.Kind == action.Kind && known.Value?.Id == action.Value?.Id);
}
