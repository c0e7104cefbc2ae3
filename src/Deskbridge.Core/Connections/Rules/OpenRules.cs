using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Reads the rules of a connection as they stand in the remote system now, ready to be edited.</summary>
internal sealed class OpenRules(ConnectorPool pool)
{
    /// <summary>All rules.</summary>
    /// <param name="connectionId">The connection; it may be paused.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<OpenedRules>> RunAsync(Guid connectionId, CancellationToken cancel)
    {
        using var callClass = CallClassScope.Use(CallClass.Children); // tickets and writes go before what somebody looks at
        var found = await FindAsync(connectionId, learns: false, cancel); // reading for editing learns the fields itself
        if (found.Failure is { } refused) return refused;
        var (live, editor, reader) = found.Value;
        try
        {
            return new OpenedRules(live, editor, reader, await editor.ReadForEditingAsync(cancel));
        }
        catch (ConnectorException failure)
        {
            return new RulesNotRead(failure.Message);
        }
    }

    /// <summary>The connection and its editor, which knows the instance's own fields, without reading any rule.</summary>
    public Task<Result<(LiveConnection Live, IEditsRules Editor, IReadsRules Reader)>> FindAsync(Guid connectionId, CancellationToken cancel) => FindAsync(connectionId, learns: true, cancel);

    private async Task<Result<(LiveConnection Live, IEditsRules Editor, IReadsRules Reader)>> FindAsync(Guid connectionId, bool learns, CancellationToken cancel)
    {
        try
        {
            if (await pool.FindInAnyStateAsync(connectionId, cancel) is not { } live) return new ConnectionNotFound(connectionId);
            if (live.Connector is not (IEditsRules editor and IReadsRules reader)) return new RulesNotEdited(live.Connection.Name);
            if (learns) await editor.LearnRuleFieldsAsync(cancel);
            return (live, editor, reader);
        }
        catch (ConnectorException failure)
        {
            return new RulesNotRead(failure.Message);
        }
    }

    /// <summary>All rules and one event of them.</summary>
    public async Task<Result<(OpenedRules Rules, RuleEventState Event)>> RunAsync(Guid connectionId, string eventId, CancellationToken cancel)
    {
        var opened = await RunAsync(connectionId, cancel);
        if (opened.Failure is { } refused) return refused;
        return opened.Value.Find(eventId) is { } found ? (opened.Value, found) : new RuleEventNotFound(eventId, opened.Value.Live.Connection.Name);
    }
}

/// <summary>The rules of a connection, open for editing.</summary>
internal sealed record OpenedRules(LiveConnection Live, IEditsRules Editor, IReadsRules Reader, RuleDesk Desk)
{
    /// <summary>One event, or null.</summary>
    public RuleEventState? Find(string eventId) => Desk.Rules.SelectMany(rule => rule.Events).FirstOrDefault(one => one.Id == eventId);

    /// <summary>Another event of the same rule raises alerts too.</summary>
    public bool HasOtherTrigger(RuleEventState than) =>
        Desk.Rules.First(rule => rule.Id == than.RuleId).Events.Any(one => one.Purpose == RuleEventPurpose.Raises && one.Id != than.Id);

    /// <summary>Ready-made rules for an event, filled from the lists that its other choices come from: opening one event after another reads them once.</summary>
    public Task<IReadOnlyList<RuleTemplate>> ReadTemplatesAsync(RuleEventState edited, RuleValueLists lists, CancellationToken cancel) =>
        Editor.FillTemplatesAsync(edited, list => lists.ReadAsync(Live.Id, Editor, list, cancel));
}
