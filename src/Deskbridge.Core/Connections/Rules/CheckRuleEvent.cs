using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Says whether a changed event may be saved and what would come of it. Writes nothing.</summary>
internal sealed class CheckRuleEvent(OpenRules open, LawCheck laws, RulePreview preview, RemoteAnswers answers, RuleValueLists lists, HubStore store)
{
    /// <summary>Checks a change.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="edit">The change.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<RuleEventCheck>> RunAsync(Guid connectionId, RuleEventEdit edit, CancellationToken cancel)
    {
        using var callClass = CallClassScope.Use(CallClass.Children);
        var opened = await open.RunAsync(connectionId, edit.EventId, cancel);
        if (opened.Failure is { } refused) return refused;
        try
        {
            return await CheckAsync(opened.Value.Rules, opened.Value.Event, edit, cancel);
        }
        catch (ConnectorException failure)
        {
            return new RulesNotRead(failure.Message);
        }
    }

    private async Task<RuleEventCheck> CheckAsync(OpenedRules rules, RuleEventState before, RuleEventEdit edit, CancellationToken cancel)
    {
        var reading = rules.Editor.ReadCondition(before, edit.Condition);
        var actions = await RuleActionCheck.RunAsync(rules, before, edit.Actions ?? before.Actions, lists, cancel);
        var draft = new RuleEventDraft(before.RuleId, before.Id, before.Version, reading.Condition, actions.Actions);
        var check = new RuleEventCheck(rules, before, reading, draft) { Problems = [.. reading.Problems, .. actions.Problems], ActionsRefused = actions.Problems.Count > 0 };
        if (check.Problems.Count > 0) return check;

        if (rules.Editor is IKeepsRulesInSettings kept) await kept.LearnNamesAsync(reading.Condition, cancel);
        var book = rules.Editor.Imagine(rules.Desk.Book.Body, draft);
        if (book.Problems.Where(problem => problem.Blocks).Except(rules.Desk.Book.Problems).ToList() is { Count: > 0 } blocking)
            return check with { Problems = [.. blocking.Select(problem => problem.Message)] };

        var broken = book.Problems.Any(problem => problem.Blocks) ? [] : await laws.RunAsync(rules.Live, rules.Reader, book, cancel);
        return check with
        {
            Problems = [.. broken.Where(problem => problem.Blocks).Select(problem => problem.Message)],
            Warnings = [.. reading.Warnings, .. broken.Where(problem => !problem.Blocks).Select(problem => problem.Message), .. await lists.UnknownNamesAsync(rules.Live.Id, rules.Editor, reading.Tree!, cancel)],
            Raises = await CountAsync(rules, book, cancel), // of a closing event too: a ticket that matches one raises nothing
            Book = book,
        };
    }

    private async Task<int> CountAsync(OpenedRules rules, RuleBook book, CancellationToken cancel)
    {
        var before = await store.ReadAsync(db => answers.JudgeAsync(db, rules.Live, cancel), cancel);
        return await preview.CountAsync(rules.Live, book, RuleJudge.Here(rules.Reader), before, cancel);
    }
}

/// <summary>A change to an event, as a person enters it.</summary>
/// <param name="EventId">Remote id of the event.</param>
/// <param name="Condition">The whole condition.</param>
/// <param name="Actions">All its actions; null keeps them.</param>
internal sealed record RuleEventEdit(string EventId, string Condition, IReadOnlyList<RuleActionState>? Actions);

/// <summary>What a check of a change found.</summary>
internal sealed record RuleEventCheck(OpenedRules Rules, RuleEventState Before, ConditionReading Reading, RuleEventDraft Draft)
{
    /// <summary>Why it cannot be saved; empty when it can.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The problems are about the actions: the condition can be read, and either is as it was or is not what they name.</summary>
    public bool InActions => Reading.Problems.Count == 0 && (ActionsRefused || (Draft.Condition == Before.Condition && ChangesActions));

    /// <summary>The actions cannot be saved, whatever the condition.</summary>
    public bool ActionsRefused { get; init; }

    /// <summary>What deserves a second look.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Open tickets that newly match: so many alerts are raised as soon as it is saved.</summary>
    public int Raises { get; init; }

    /// <summary>The rules as they would be; null when they cannot be.</summary>
    public RuleBook? Book { get; init; }

    /// <summary>Whether anything would be written.</summary>
    public bool Changes => Draft.Condition != Before.Condition || ChangesActions;

    private bool ChangesActions => Draft.Actions.Count != Before.Actions.Count || !Draft.Actions.All(action => Before.Actions.Any(there => RuleActionCheck.IsSame(there, action)));

    /// <summary>What would change, one line each, with - and +; empty when nothing does.</summary>
    public string Difference => Between(Before, Draft.Condition, Draft.Actions);

    /// <summary>What differs between an event and other contents for it.</summary>
    public static string Between(RuleEventState before, string condition, IReadOnlyList<RuleActionState> actions) =>
        LineDifference.Of(Lines(before.Condition, before.Actions), Lines(condition, actions));

    /// <summary>With the ids of the values: names alone may mean several.</summary>
    private static List<string> Lines(string condition, IReadOnlyList<RuleActionState> actions) =>
        [condition, .. actions.Select(action => action.Value is not { } value ? action.Name : value.Id == value.Name ? $"{action.Name}: {value.Name}" : $"{action.Name}: {value.Name} ({value.Id})")];
}
