using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>
/// The events of the trigger rule that raise alerts. Each is a rule of its own, with its own choice of what tickets do that come back (S56):
/// one is added as a copy of another and then edited, so that adding it raises nothing.
/// </summary>
internal sealed class RuleTriggers(OpenRules open, ChangeConnection change, RefreshRules refresh, HubStore store, TimeProvider clock)
{
    /// <summary>Chooses what a ticket does that comes back by one event.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="eventId">Remote id of the event.</param>
    /// <param name="policy">What it does; null for what the connection's settings say.</param>
    /// <param name="hours">With <see cref="ReturnPolicy.NewAlertLater"/>: how many hours the alert must have been closed. Null for as many as the settings say.</param>
    /// <param name="by">Who chooses.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<EventReturn>> ChooseReturnAsync(Guid connectionId, string eventId, ReturnPolicy? policy, int? hours, Person by, CancellationToken cancel)
    {
        if (hours is < 1 or > EventReturn.MostHours) return new InvalidFailure("hours", $"Enter between 1 and {EventReturn.MostHours} hours.");
        var opened = await OpenAsync(connectionId, eventId, cancel);
        if (opened.Failure is { } refused) return refused;
        var rules = opened.Value.Rules;
        var preferences = rules.Live.Preferences;
        var kept = preferences.EventReturns.Where(chosen => chosen.EventId != eventId && rules.Find(chosen.EventId) is not null);
        var now = policy is { } own ? new EventReturn(eventId, own, hours ?? preferences.ReturnBy(eventId).Hours) : preferences.ReturnBy(null);
        return await KeepAsync(connectionId, now.IsOwn ? kept.Append(now) : kept, by, cancel) is { } failure ? failure : now;
    }

    /// <summary>Adds another event, with the condition of one that is there.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="eventId">Remote id of the event that is copied.</param>
    /// <param name="by">Who adds it.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<(OpenedRules Rules, RuleEventState Event)>> AddAsync(Guid connectionId, string eventId, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        var opened = await OpenAsync(connectionId, eventId, cancel);
        if (opened.Failure is { } refused) return refused;
        var (rules, like) = opened.Value;
        if (rules.Editor is not IWritesRules writer) return new OneTrigger(rules.Live.Connection.Name);
        try
        {
            using var callClass = CallClassScope.Use(CallClass.Writes);
            await TellAsync(rules, $"{by.Name} adds an event to rule \"{like.Rule}\", as a copy of event {like.Id}.", like.Condition, cancel);
            var made = await writer.CopyRuleEventAsync(like, cancel);
            await store.WriteAsync(
                db =>
                {
                    db.InstalledObjects.Add(InstalledObject.Of(connectionId, made, clock.GetUtcNow()));
                    return Task.CompletedTask;
                },
                cancel);
            await refresh.RunAsync(connectionId, cancel);
            return await open.RunAsync(connectionId, made.RemoteId.Split('/')[^1], cancel);
        }
        catch (ConnectorException failure)
        {
            return new RuleNotWritten(failure.Message);
        }
    }

    /// <summary>Deletes an event, if another one of its rule raises alerts.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="eventId">Remote id of the event.</param>
    /// <param name="version">The version that the person was shown.</param>
    /// <param name="by">Who deletes it.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Failure?> DeleteAsync(Guid connectionId, string eventId, string version, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        var opened = await OpenAsync(connectionId, eventId, cancel);
        if (opened.Failure is { } refused) return refused;
        var (rules, gone) = opened.Value;
        if (gone.Version != version) return new RuleChangedSince(gone, rules.Live.Preferences, Deletes: true);
        if (rules.Editor is not IWritesRules writer || !rules.HasOtherTrigger(gone)) return new OnlyTrigger(gone.Id, gone.Rule);
        try
        {
            using var callClass = CallClassScope.Use(CallClass.Writes);
            await TellAsync(rules, $"{by.Name} deletes event {gone.Id} of rule \"{gone.Rule}\".", gone.Condition, cancel);
            await writer.DeleteRuleEventAsync(gone, cancel);
        }
        catch (ConnectorConflictException)
        {
            return new RuleChangedSince(gone, rules.Live.Preferences, Deletes: true);
        }
        catch (ConnectorException failure)
        {
            return new RuleNotWritten(failure.Message);
        }

        var remoteId = $"{gone.RuleId}/{gone.Id}";
        await store.WriteAsync(
            async db => db.InstalledObjects.RemoveRange(await db.InstalledObjects.Where(thing => thing.ConnectionId == connectionId && thing.RemoteId == remoteId).ToListAsync(cancel)),
            cancel);
        await refresh.RunAsync(connectionId, cancel);
        var returns = rules.Live.Preferences.EventReturns;
        return returns.Any(chosen => chosen.EventId == eventId) ? await KeepAsync(connectionId, returns.Where(chosen => chosen.EventId != eventId), by, cancel) : null;
    }

    private async Task<Result<(OpenedRules Rules, RuleEventState Event)>> OpenAsync(Guid connectionId, string eventId, CancellationToken cancel)
    {
        var opened = await open.RunAsync(connectionId, eventId, cancel);
        return opened.Failure is null && opened.Value.Event.Purpose != RuleEventPurpose.Raises ? new NoTrigger(eventId) : opened;
    }

    private async Task<Failure?> KeepAsync(Guid connectionId, IEnumerable<EventReturn> returns, Person by, CancellationToken cancel)
    {
        var texts = new JsonArray([.. returns.Select(one => (JsonNode)JsonValue.Create($"{one}"))]);
        return (await change.RunAsync(connectionId, new ConnectionDraft { Settings = new JsonObject { ["eventReturns"] = texts } }, by, cancel)).Failure;
    }

    private Task TellAsync(OpenedRules rules, string message, string condition, CancellationToken cancel) =>
        store.WriteAsync(
            db =>
            {
                db.LogConnectionEvent(rules.Live.Id, SaveRuleEvent.LogKind, null, message, condition, null, clock.GetUtcNow());
                return Task.CompletedTask;
            },
            cancel);
}
