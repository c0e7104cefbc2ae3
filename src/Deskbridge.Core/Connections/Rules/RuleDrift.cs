using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Who changed the rules in the remote system, as far as it says. Asked before an event is tested: a test leaves a stamp as well.</summary>
internal static class RuleDrift
{
    /// <summary>A sentence with a blank before it, naming the changed event touched last; empty when that is not told.</summary>
    public static async Task<string> LastChangedAsync(LiveConnection live, RuleBook book, CancellationToken cancel)
    {
        if (live.Connector is not IEditsRules editor) return "";
        try
        {
            var changed = (await editor.ReadForEditingAsync(cancel)).Rules.SelectMany(rule => rule.Events).Where(one => one.UpdatedAt is not null && Differs(one, live.Rules, book));
            return changed.MaxBy(one => one.UpdatedAt) is { } last
                ? FormattableString.Invariant($" Changed last: event {last.Id} of rule \"{last.Rule}\", by {last.UpdatedBy ?? "somebody"} at {last.UpdatedAt:yyyy-MM-dd HH:mm:ss}Z.")
                : "";
        }
        catch (ConnectorException)
        {
            return ""; // the change itself is told without it
        }
    }

    private static bool Differs(RuleEventState one, RuleBook? before, RuleBook book) => one.Purpose switch
    {
        RuleEventPurpose.OnAcknowledge => before is null || !before.OnAcknowledge.SequenceEqual(book.OnAcknowledge) || Differ(before.BesideAcknowledge, book.BesideAcknowledge),
        RuleEventPurpose.OnClose => before is null || !before.OnClose.SequenceEqual(book.OnClose) || Differ(before.BesideClose, book.BesideClose),
        RuleEventPurpose.Unreadable => true,
        _ => before?.Inbound.FirstOrDefault(inbound => inbound.Id == one.Id)?.Condition is var then && then != one.Condition && (then is not null || one.Purpose != RuleEventPurpose.Reserved),
    };
    private static bool Differ(ChildActions before, ChildActions after) => !before.Notes.SequenceEqual(after.Notes) || !before.Members.SequenceEqual(after.Members);
}
