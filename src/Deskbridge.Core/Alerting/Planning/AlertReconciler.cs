using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Members;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>Attaches alerts to tickets: hands the pure planner what it needs and applies what it decides, in one transaction.</summary>
internal sealed class AlertReconciler(
    LinkFactory links, AlertFactory alerts, RemoteAnswers answers, PagePlanner pages, HubAlerts hubAlerts, MarkerFinding markerFinding, ForeignMarkers foreignMarkers, RefusalFinding refusals, MemberBook members, HubStore store, RandomIds ids, TimeProvider clock, AlertSafeties safeties, ChildWriter children, OwnerSchedule schedule, SentAlerts sentAlerts) : ITicketAttachment
{
    internal const string MissingCause = "tickets-missing";

    public async Task<TicketContext> PrepareAsync(LiveConnection live, RemoteTicket ticket, bool cameBack, CancellationToken cancel)
    {
        var actor = await store.ReadAsync(db => CurrentAlert(db, live.Id, ticket.Id).Select(a => a.ActorEmail).FirstOrDefaultAsync(cancel), cancel);
        var wantsMember = !string.IsNullOrEmpty(actor) && live.Preferences.OwnerAssignment != OwnerAssignment.Never;
        var member = wantsMember ? await members.FindAsync(live, actor!, cancel) : null;
        var statuses = actor is not null && ticket.Board is { } board ? await live.StatusesAsync(board.Id, HasTargets, cancel) : [];
        return new TicketContext(statuses, member, actor, ticket.Board?.Id)
        {
            OtherBoards = actor is null ? [] : await OtherBoards.ReadAsync(live, ticket, cancel),
            Notes = cameBack ? await OurNote.ReadAsync(live.Connector, ticket.Id, cancel) : []
        };

        bool HasTargets(IReadOnlyList<RemoteStatus> statuses) => live.Rules is null
            || (HasTarget(live.Rules.OnAcknowledge, AlertStatus.Acknowledged, statuses) && HasTarget(live.Rules.OnClose, AlertStatus.Closed, statuses));

        bool HasTarget(IReadOnlyList<TicketAction> actions, AlertStatus state, IReadOnlyList<RemoteStatus> statuses) => actions
            .Where(action => action.Field == TicketFields.Status)
            .All(action => safeties.Statuses.Resolve(action.Value, live.Preferences.ChosenFor(state, ticket.Board?.Id), statuses) is not null);
    }

    public async Task<DateTimeOffset?> PlanAsync(
        HubDb db, LiveConnection live, RemoteTicket ticket, Link? link, TicketContext context, CancellationToken cancel)
    {
        if (live.Rules is not { } rules || live.Connector is not IReadsRules) return null;

        var judge = await answers.JudgeAsync(db, live, cancel);
        var alert = link is null ? null : await CurrentAlertAsync(db, link, cancel);
        if (alert is not null && !context.Fits(alert.ActorEmail, ticket))
        {
            if (context.Replayed) db.LogConnectionEvent(live.Id, ReplayEvent.Kind, ticket.Id, "Looked at again: somebody acted on its alert at the same moment, so it is looked at once more.", null, null, clock.GetUtcNow(), alert.Id);
            return live.RemoteNow;
        }

        var unsent = link is not null && alert is not null && await IsUnsentAsync(db, link, alert, cancel);
        var chosen = link is not null && alert?.IsHandedOver == true && await EffectWriter.HasChoiceAsync(db, link.Id, cancel);
        var plan = Plan(live, rules, judge, ticket, link, alert, context, unsent, chosen);
        if (await SentAlerts.FindAsync(db, live, ticket, alert, cancel) is { } sent) return await sentAlerts.AdoptAsync(db, live, ticket, link ?? links.Create(db, live.Id, ticket, plan.Base, live.RuleVersionId), alert, sent, plan.Base, cancel);
        await foreignMarkers.ReadAsync(db, live, ticket, link, alert, cancel);
        var before = alert?.Status;
        await ApplyAsync(new Applying(db, live, ticket, context, plan), link, alert, cancel);
        if (context.Replayed) db.LogConnectionEvent(live.Id, ReplayEvent.Kind, ticket.Id, ReplayOutcome.Describe(plan, before), ticket.Body, EventVerdicts.Explain(plan.Trace), clock.GetUtcNow(), alert?.Id);
        return plan.LookAgainAt;
    }

    public LinkBase Confirmed(LiveConnection live, LinkBase before, FieldWrite write, RemoteTicket ticketBefore)
    {
        if (write.IsChoice) return before; // compared with the ticket like a change of anybody
        before = before.AfterWrite(write);
        var fields = before.Fields.ToDictionary(f => f.Key, f => f.Value);
        foreach (var (field, value) in write.Set)
        {
            if (fields.ContainsKey(field)) fields[field] = value;
        }

        if (write.ClosedAfter is { } closed) fields[TicketFields.Closed] = closed ? "true" : "false";
        if (live.Rules is not { } rules || live.Connector is not IReadsRules evaluator) return before with { Fields = fields };
        if (write.Set.Keys.All(TicketFields.IsMarker)) return before with { Fields = fields }; // no verdict reads a marker off the ticket

        var values = write.Set.ToDictionary(s => s.Key, s => s.Value is null ? null : new RemoteRef(s.Value, write.Names.GetValueOrDefault(s.Key) ?? s.Value));
        var after = evaluator.Imagine(ticketBefore, values, write.ClosedAfter);
        var judge = new RuleJudge(evaluator, live.AskedEvents.Keys, new Dictionary<string, EventAnswer>());
        EventVerdicts Of(RemoteTicket ticket) =>
            EventVerdicts.Read(rules, inbound => judge.Evaluate(inbound, ticket, new MarkerAnswers(true, "", ""), live.RemoteNow));
        return before with { Fields = fields, Verdicts = Moved(Forgotten(live, before.Verdicts, write), Of(ticketBefore).ForBase, Of(after).ForBase) };
    }

    /// <summary>
    /// What the hub wrote may have turned an event that only the remote system can judge, and with the marker written beside it the remote
    /// gives no answer about it any more. What it answers once the marker is taken back is recorded and fires nothing: a page too many
    /// rather than silence.
    /// </summary>
    private static IReadOnlyDictionary<string, bool> Forgotten(LiveConnection live, IReadOnlyDictionary<string, bool> known, FieldWrite write)
    {
        if (live.AskedEvents.Count == 0 || !write.Set.TryGetValue(TicketFields.MarkerStatus, out var word)) return known;
        InboundEventKind? own = MarkerWord.Read(word) switch
        {
            AlertStatus.Acknowledged => InboundEventKind.Acknowledge,
            AlertStatus.Closed => InboundEventKind.Close,
            _ => null,
        };
        if (own is not { } kind) return known;
        var unheard = live.Rules!.Inbound.Where(inbound => inbound.Kind == kind && live.AskedEvents.ContainsKey(inbound.Id)).Select(LinkBase.KeyOf).ToHashSet(StringComparer.Ordinal);
        return unheard.Count == 0 ? known : known.Where(verdict => verdict.Key != $"{kind}" && !unheard.Contains(verdict.Key)).ToDictionary();
    }

    /// <summary>
    /// What the write itself turned is agreed, and what does not hold after it; a verdict that somebody else turned true meanwhile still
    /// shows as an edge.
    /// </summary>
    private static Dictionary<string, bool> Moved(
        IReadOnlyDictionary<string, bool> known,
        IReadOnlyDictionary<string, bool> without,
        IReadOnlyDictionary<string, bool> with)
    {
        var verdicts = known.ToDictionary();
        foreach (var (key, verdict) in with)
        {
            if (!verdict || without.GetValueOrDefault(key) != verdict) verdicts[key] = verdict;
        }

        return verdicts;
    }

    public async Task TellAsync(HubDb db, Effect effect, string kind, string message, string? why, CancellationToken cancel)
    {
        if (effect.AlertId is { } id && await db.Alerts.FindAsync([id], cancel) is { } alert) db.AddEvent(alert, kind, message, why, null, clock.GetUtcNow());
    }

    public async Task SettledAsync(HubDb db, Effect effect, string message, CancellationToken cancel)
    {
        await TellAsync(db, effect, "ticket-updated", message, null, cancel);
        await schedule.SettledAsync(db, effect, cancel);
    }

    public async Task NoteStaysAsync(HubDb db, Effect effect, Guid noteId, string shown, CancellationToken cancel)
    {
        if (await db.AlertNotes.FindAsync([noteId], cancel) is { } note) note.Version++;
        await TellAsync(db, effect, "conflict", "The edited note was not written: somebody changed the note on the ticket first.", $"There it says:\n{shown}\nEdit it again if your text shall stand on the ticket.", cancel);
    }

    public Task AcceptedAsync(HubDb db, IReadOnlyList<Effect> accepted, CancellationToken cancel) => refusals.ClearAsync(db, accepted, clock.GetUtcNow(), cancel);

    public async Task TrackAsync(HubDb db, IReadOnlyCollection<Guid> linkIds, CancellationToken cancel)
    {
        await db.Alerts.Where(a => a.LinkId != null && linkIds.Contains(a.LinkId.Value)).LoadAsync(cancel);
        await (from note in db.AlertNotes
               join alert in db.Alerts on note.AlertId equals alert.Id
               where alert.LinkId != null && linkIds.Contains(alert.LinkId.Value) && !note.Planned
               select note).LoadAsync(cancel);
    }

    public bool IsQuiet(HubDb db, LiveConnection live, RemoteTicket ticket, Link link, out DateTimeOffset? again)
    {
        again = null;
        if (live.Rules is not { } rules || live.Connector is not IReadsRules evaluator) return true;
        if (live.AskedEvents.Count > 0) return false; // their answers are read with the plan
        if (db.Alerts.Local.FirstOrDefault(a => a.LinkId == link.Id && a.Generation == link.Generation) is not { } alert) return false;
        if (alert.Origin == TransitionOrigin.Person || alert.Transition != link.PlannedTransition || link.PlanAgain || link.Restored is not null || link.RuleVersionId != live.RuleVersionId) return false;
        if (alert.Title != ticket.Title || ticket.MissingMarkers.Count > 0 || db.AlertNotes.Local.Any(note => note.AlertId == alert.Id && !note.Planned)) return false;
        var plan = Plan(live, rules, RuleJudge.Here(evaluator), ticket, link, alert, new TicketContext([], null, alert.ActorEmail, ticket.Board?.Id), unsent: false);
        again = plan.LookAgainAt;
        return plan.ChangesOnlyBase && Json.Write(plan.Base) == link.Base;
    }

    public async Task RefusedAsync(HubDb db, Effect effect, string message, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await TellAsync(db, effect, "refused", message, null, cancel);
        db.LogConnectionEvent(effect.ConnectionId, "rejected", effect.RemoteId, message, effect.Payload, null, now);
        await refusals.RaiseAsync(db, effect, message, now, cancel);
    }

    public async Task<string> MarkersMissingAsync(HubDb db, Effect effect, IReadOnlyList<string> markers, CancellationToken cancel)
    {
        await markerFinding.RaiseAsync(db, effect.ConnectionId, markers, clock.GetUtcNow(), cancel);
        return await MarkerFinding.TextAsync(db, effect.ConnectionId, markers, cancel);
    }

    public async Task MissingAsync(HubDb db, Link link, CancellationToken cancel)
    {
        if (await CurrentAlertAsync(db, link, cancel) is not { Status: not AlertStatus.Closed } alert) return;
        db.AddEvent(
            alert, "missing", "The ticket was not found in the ticket system.",
            "It counts as deleted once two complete sweeps miss it too, or when an administrator confirms it. Until then this alert goes on.", null, clock.GetUtcNow());
    }

    public async Task FoundAgainAsync(HubDb db, Link link, CancellationToken cancel)
    {
        if (await CurrentAlertAsync(db, link, cancel) is { } alert) db.AddEvent(alert, "found", "The ticket was found again.", null, null, clock.GetUtcNow());
    }

    public async Task GoneAsync(HubDb db, Link link, string why, CancellationToken cancel)
    {
        if (await CurrentAlertAsync(db, link, cancel) is not { Status: not AlertStatus.Closed } alert) return;
        var now = clock.GetUtcNow();
        if (alert.Status == AlertStatus.Open) await pages.EndEpisodeAsync(db, alert, "the ticket is gone", cancel);
        alert.Become(AlertStatus.Closed, TransitionOrigin.Hub, null, now);
        link.PlannedTransition = alert.Transition;
        db.AddEvent(alert, "closed", "The ticket no longer exists: alert closed.", why, null, now);
        db.LogConnectionEvent(link.ConnectionId, "closed", link.RemoteId, $"The alert \"{alert.Title}\" was closed: its ticket no longer exists.", null, $"✓ {why}", now, alert.Id);
    }

    public async Task WantDetailsAsync(HubDb db, Guid connectionId, CancellationToken cancel)
    {
        var open = db.Links.Where(link => link.ConnectionId == connectionId && db.Alerts.Any(alert => alert.LinkId == link.Id && alert.Generation == link.Generation && alert.Status != AlertStatus.Closed));
        await db.WantDetailsAsync(db.Tickets.Where(ticket => open.Any(link => link.TicketId == ticket.Id)), cancel);
    }

    public async Task ManyMissingAsync(HubDb db, Guid connectionId, string? question, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (question is null) await hubAlerts.ClearAsync(db, connectionId, MissingCause, "Nothing is asked any more.", now, cancel);
        else await hubAlerts.RaiseAsync(db, connectionId, MissingCause, "Many tickets were not found at once", question, now, cancel);
    }

    private static Task<Alert?> CurrentAlertAsync(HubDb db, Link link, CancellationToken cancel) =>
        db.Alerts.SingleOrDefaultAsync(alert => alert.LinkId == link.Id && alert.Generation == link.Generation, cancel);

    private static IQueryable<Alert> CurrentAlert(HubDb db, Guid connectionId, string remoteId) =>
        from link in db.Links
        join alert in db.Alerts on new { LinkId = (Guid?)link.Id, link.Generation } equals new { alert.LinkId, alert.Generation }
        where link.ConnectionId == connectionId && link.Type == RecordTypes.Ticket && link.RemoteId == remoteId
        select alert;

    /// <summary>Whether the ticket may still show what it did before a person acted: the joint write of that is under way, or was overtaken and is to be planned again.</summary>
    private static async Task<bool> IsUnsentAsync(HubDb db, Link link, Alert alert, CancellationToken cancel)
    {
        if (alert.Origin != TransitionOrigin.Person) return false;
        var transition = $"{link.Id:N}:t{alert.Transition}:";
        var writes = await db.Effects
            .Where(e => e.LinkId == link.Id && e.Kind == EffectKind.Transition && e.IdemKey.StartsWith(transition))
            .Select(e => e.State)
            .ToListAsync(cancel);
        return !writes.Contains(EffectState.Confirmed) && writes.Exists(state => EffectStates.Unsettled.Contains(state) || (link.PlanAgain && state == EffectState.Superseded));
    }

    private AlertPlan Plan(LiveConnection live, RuleBook rules, RuleJudge judge, RemoteTicket ticket, Link? link, Alert? alert, TicketContext context, bool unsent, bool statusChosen = false)
    {
        var markers = safeties.Markers.Answer(ticket, alert?.Status, alert?.ActorEmail ?? "");
        var now = live.RemoteNow;
        return AlertPlanner.Plan(new AlertPlanInput
        {
            Now = now,
            InstalledAt = live.Connection.InstalledAt + live.ClockOffset,
            Ticket = ticket,
            Link = link is null ? null : ViewOf(link, live, unsent) with { StatusChosen = statusChosen },
            Alert = alert is null ? null : new AlertView(alert.Status, alert.Transition, alert.Origin, alert.ActorEmail) { ChangedAt = alert.ChangedAt + live.ClockOffset, WasClosed = alert.Previous == AlertStatus.Closed, HandedOver = alert.IsHandedOver },
            Rules = rules,
            Evaluate = inbound => judge.Evaluate(inbound, ticket, markers, now),
            Preferences = live.Preferences,
            Context = context,
            Safeties = safeties,
        });
    }

    private static LinkView ViewOf(Link link, LiveConnection live, bool unsent) => new(
        link.State,
        Json.Read<LinkBase>(link.Base),
        link.RuleVersionId == live.RuleVersionId,
        link.PlannedTransition,
        link.PlanAgain,
        link.Supersedes)
    {
        Unsent = unsent,
        Restored = link.Restored is { } words ? Json.Read<List<string?>>(words) : null,
    };

    private async Task ApplyAsync(Applying a, Link? link, Alert? alert, CancellationToken cancel)
    {
        if (link is null && !a.Plan.NeedsLink) return;
        link ??= links.Create(a.Db, a.Live.Id, a.Ticket, a.Plan.Base, a.Live.RuleVersionId);
        link.Base = Json.Write(a.Plan.Base);
        link.RuleVersionId = a.Live.RuleVersionId;
        link.Version++;
        var restored = link.Restored is not null;
        link.Restored = null;
        var ticket = await a.Db.Tickets.FindAsync([link.TicketId], cancel)
            ?? throw new InvalidOperationException($"Link {link.Id} has no ticket.");
        (ticket.Title, ticket.Number) = (a.Ticket.Title, a.Ticket.Number);

        var now = clock.GetUtcNow();
        var writer = new EffectWriter(a.Db, link, ids, now);
        if (a.Plan.Move is AlertMove.Raise or AlertMove.Adopt or AlertMove.Renew) alert = await NewAlertAsync(a, link, alert, now, cancel);
        if (alert is null) return;
        foreach (var line in a.Plan.Lines) a.Db.AddEvent(alert, line.Kind, line.Message, line.Why, null, now);
        foreach (var decided in a.Plan.Decisions) a.Db.Conflicts.Add(ConflictOf(decided, link, now));
        await MoveAlertAsync(a, alert, now, cancel);

        if (alert.Title != a.Ticket.Title) alert.Title = a.Ticket.Title;
        var shownFrom = a.Ticket.UpdatedAt - a.Live.ClockOffset + ObservationBook.SecondIsOver; // details read before that may be older than the ticket
        if (alert.Status != AlertStatus.Closed && (ticket.DetailsReadAt is not { } readAt || readAt < shownFrom) && a.Live.ReadsDetails) ticket.DetailsWanted = true;
        if (ticket.DetailsWanted) a.Db.Hints.Add(WorkHint.Details);
        await WriteTransitionAsync(a, writer, link, alert, cancel);
        var added = await children.AddAsync(a.Db, a.Live, a.Plan, writer, link, alert, cancel);
        foreach (var note in safeties.RestoredWork.Ours(a.Context.Notes)) await note.AdoptAsync(a.Db, link, alert, ids, a.Live.ClockOffset, now, cancel);
        await ChildWriter.WriteNotesAsync(a.Db, a.Live, writer, link, alert, added, inDoubt: restored && safeties.RestoredWork.MayBeDone, cancel);
        if (restored) await PagePlanner.ReleaseAsync(a.Db, alert, now, cancel);
        await markerFinding.ReadAsync(a.Db, a.Live, a.Ticket, now, cancel);
    }

    private async Task MoveAlertAsync(Applying a, Alert alert, DateTimeOffset now, CancellationToken cancel)
    {
        switch (a.Plan.Move)
        {
            case AlertMove.Raise or AlertMove.Adopt or AlertMove.Renew when alert.Status == AlertStatus.Open && !a.Plan.Silent:
                await pages.BeginEpisodeAsync(a.Db, alert, now, cancel);
                break;

            case AlertMove.Reopen:
                LogMove(a, alert, alert.Status == AlertStatus.Closed ? "reopened" : "unacknowledged", "opened again", now);
                alert.Become(AlertStatus.Open, a.Plan.Origin, null, now);
                alert.Count++;
                await pages.BeginEpisodeAsync(a.Db, alert, now, cancel);
                break;

            case AlertMove.Acknowledge or AlertMove.Close:
                var did = a.Plan.Move == AlertMove.Close ? "closed" : "acknowledged";
                LogMove(a, alert, did, did, now);
                if (alert.Status == AlertStatus.Open) await pages.EndEpisodeAsync(a.Db, alert, "the ticket changed", cancel);
                alert.Become(a.Plan.Move == AlertMove.Close ? AlertStatus.Closed : AlertStatus.Acknowledged, a.Plan.Origin, null, now);
                break;
        }
    }

    private static void LogMove(Applying a, Alert alert, string kind, string did, DateTimeOffset now) => a.Db.LogConnectionEvent(
        a.Live.Id, kind, a.Ticket.Id,
        $"The alert \"{alert.Title}\" was {did} by its ticket, which shows \"{a.Ticket.Status?.Name}\" and was changed last by {a.Ticket.UpdatedBy ?? "somebody"}.",
        a.Ticket.Body, EventVerdicts.Explain(a.Plan.Trace), now, alert.Id);

    private async Task<Alert> NewAlertAsync(Applying a, Link link, Alert? earlier, DateTimeOffset now, CancellationToken cancel)
    {
        var status = a.Plan.Move == AlertMove.Raise ? AlertStatus.Open : a.Plan.FirstStatus;
        if (earlier is not null) End(a, earlier, now);
        var alert = await alerts.CreateAsync(a.Db, a.Live, link, a.Ticket, status, a.Plan.Origin, now, cancel);
        if (earlier is not null) alert.Transition = earlier.Transition + 1; // counted per ticket, for no two writes may have one key
        var visible = a.Ticket.UpdatedAt - a.Live.ClockOffset;
        if (status == AlertStatus.Open) a.Db.Counts.Add(metrics => metrics.AlertVisible(alert.Id, visible));
        a.Db.LogConnectionEvent(
            a.Live.Id, "raised", a.Ticket.Id, $"Alert raised for \"{a.Ticket.Title}\".", a.Ticket.Body,
            EventVerdicts.Explain(a.Plan.Trace), now, alert.Id);
        return alert;
    }

    /// <summary>The alert before the one that is raised now: nobody is paged for it any more, and nothing is written because it ends.</summary>
    private static void End(Applying a, Alert earlier, DateTimeOffset now)
    {
        if (earlier.Status == AlertStatus.Closed)
        {
            a.Db.AddEvent(earlier, "repeated", "Ticket came back: a new alert was raised.", null, null, now);
            return;
        }

        earlier.Become(AlertStatus.Closed, TransitionOrigin.Hub, null, now);
        a.Db.AddEvent(earlier, "closed", "Ticket came back: a new alert was raised, and this one is closed.", null, null, now);
    }

    /// <summary>Automatic decisions are rows too: what lost stays visible.</summary>
    private Conflict ConflictOf(FieldDecision decided, Link link, DateTimeOffset now) => new()
    {
        Id = ids.NewId(),
        LinkId = link.Id,
        Field = decided.Field,
        BaseValue = decided.BaseValue,
        HubValue = decided.HubValue,
        RemoteValue = decided.RemoteValue,
        Decision = decided.Decision,
        At = now,
    };

    private async Task WriteTransitionAsync(Applying a, EffectWriter writer, Link link, Alert alert, CancellationToken cancel)
    {
        if (alert.Transition > link.PlannedTransition)
        {
            link.PlannedTransition = alert.Transition;
            link.PlanNumber = 0;
            link.Supersedes = 0;
        }

        if (a.Plan.Overtakes != Overtaken.Nothing) await writer.SupersedeUnsentAsync(alert.Transition, keepOwner: a.Plan.Overtakes == Overtaken.AllButOwner, cancel);
        link.PlanAgain = false;
        if (a.Plan.Transition is null && a.Plan.Follow is null && a.Plan.Refusals.Count == 0) return;

        link.PlanNumber++;
        var key = $"{link.Id:N}:t{alert.Transition}:n{link.PlanNumber}";
        if (a.Plan.Transition is { } transition) writer.Add(EffectKind.Transition, key + ":p1", transition, alert.Id);
        if (a.Plan.Follow is { } follow) writer.Add(EffectKind.Field, key + ":p2", a.Live.Connector is ISchedulesMembers ? follow : follow with { Unscheduled = true }, alert.Id);
        foreach (var refusal in a.Plan.Refusals)
        {
            var refused = new FieldWrite(
                new Dictionary<string, string?> { [refusal.Field] = null },
                new Dictionary<string, string?>(),
                new Dictionary<string, string> { [refusal.Field] = refusal.Value },
                null, false, false, "rule action");
            await RefusedAsync(a.Db, writer.AddRejected(key + ":r:" + refusal.Field, refused, alert.Id, refusal.Message), refusal.Message, cancel);
        }
    }

    private sealed record Applying(HubDb Db, LiveConnection Live, RemoteTicket Ticket, TicketContext Context, AlertPlan Plan);
}
