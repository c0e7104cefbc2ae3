using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>
/// Writes a changed event to the remote system, or to the setting that holds it, and puts it into force at once. Refused when it changed since it was
/// opened, when a locked clause is gone, when the rules would fight each other, and when it would page for tickets that nobody confirmed.
/// </summary>
internal sealed class SaveRuleEvent(CheckRuleEvent check, OpenRules open, RefreshRules refresh, ChangeConnection change, HubStore store, TimeProvider clock)
{
    /// <summary>Kind of the log entry, which the audit watches.</summary>
    internal const string LogKind = "rule-edit";

    /// <summary>Saves a change.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="edit">The change.</param>
    /// <param name="version">The version of the event that the person was shown.</param>
    /// <param name="confirmedRaises">How many alerts at once the person agreed to.</param>
    /// <param name="by">Who saves.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<RuleEventSaved>> RunAsync(Guid connectionId, RuleEventEdit edit, string version, int confirmedRaises, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        var result = await check.RunAsync(connectionId, edit, cancel);
        if (result.Failure is { } refused) return refused;
        var found = result.Value;
        if (found.Before.Version != version) return new RuleChangedSince(found.Before, found.Rules.Live.Preferences);
        if (found.Problems.Count > 0) return new RuleRefused(found.Problems, found.InActions ? "actions" : "condition");
        if (!found.Changes) return new RuleEventSaved(found.Before, RuleRefresh.Same, found.Rules.Live.Preferences);
        if (found.Raises != confirmedRaises) return new RuleWouldRaise(found.Raises);

        await TellAsync(found, $"{by.Name} changes event {found.Before.Id} of rule \"{found.Before.Rule}\".", cancel);
        refresh.Agree(connectionId, found.Book!, found.Raises);
        try
        {
            return await PutAsync(connectionId, found, by, cancel);
        }
        finally
        {
            refresh.TakeBack(connectionId, found.Book!);
        }
    }

    private async Task<Result<RuleEventSaved>> PutAsync(Guid connectionId, RuleEventCheck found, Person by, CancellationToken cancel)
    {
        if (await WriteAsync(found, by, cancel) is { } failure)
        {
            await TellAsync(found, $"The change of event {found.Before.Id} by {by.Name} failed. {failure.Message}", cancel);
            await refresh.RunAsync(connectionId, cancel); // a part of it may have been written
            return await NowAsync(connectionId, found.Before, failure, cancel);
        }

        var outcome = await refresh.RunAsync(connectionId, cancel);
        var after = await open.RunAsync(connectionId, found.Before.Id, cancel);
        return after.Failure is { } lost ? lost : new RuleEventSaved(after.Value.Event, outcome, after.Value.Rules.Live.Preferences);
    }

    private async Task<Failure?> WriteAsync(RuleEventCheck found, Person by, CancellationToken cancel)
    {
        using var callClass = CallClassScope.Use(CallClass.Writes);
        try
        {
            switch (found.Rules.Editor)
            {
                case IKeepsRulesInSettings kept:
                    return (await change.RunAsync(found.Rules.Live.Id, new ConnectionDraft { Settings = new JsonObject { [kept.Setting] = found.Draft.Condition } }, by, cancel)).Failure;
                case IWritesRules writer:
                    await writer.WriteRuleEventAsync(found.Draft, cancel);
                    return null;
                default:
                    return new RulesNotEdited(found.Rules.Live.Connection.Name);
            }
        }
        catch (ConnectorConflictException)
        {
            return new RuleChangedSince(found.Before, found.Rules.Live.Preferences);
        }
        catch (ConnectorException failure)
        {
            return new RuleNotWritten(failure.Message);
        }
    }

    /// <summary>The failure, with what is there now.</summary>
    private async Task<Failure> NowAsync(Guid connectionId, RuleEventState before, Failure failure, CancellationToken cancel)
    {
        var opened = await open.RunAsync(connectionId, before.Id, cancel);
        if (opened.Failure is not null || opened.Value.Event.Version == before.Version) return failure;
        return failure is RuleChangedSince
            ? new RuleChangedSince(opened.Value.Event, opened.Value.Rules.Live.Preferences)
            : new RuleNotWritten($"{failure.Message} A part of the change was written before that; open the rule again to see it as it is.");
    }

    private Task TellAsync(RuleEventCheck found, string message, CancellationToken cancel) =>
        store.WriteAsync(
            db =>
            {
                db.LogConnectionEvent(found.Rules.Live.Id, LogKind, null, message, found.Draft.Condition, found.Difference, clock.GetUtcNow());
                return Task.CompletedTask;
            },
            cancel);
}

/// <summary>A saved event.</summary>
/// <param name="Event">As it is now.</param>
/// <param name="Outcome">What reading the rules again came to.</param>
/// <param name="Preferences">The connection's settings.</param>
internal sealed record RuleEventSaved(RuleEventState Event, RuleRefresh Outcome, IAlertingPreferences Preferences);
