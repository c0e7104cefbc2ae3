using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>Attaches alerts to tickets: hands the pure planner what it needs and applies what it decides, in one transaction.</summary>
internal sealed class AlertReconciler(
    LinkFactory links, AlertFactory alerts, PagePlanner pages, HubAlerts hubAlerts, MarkerFinding markerFinding, RefusalFinding refusals, HubStore store, RandomIds ids, TimeProvider clock, AlertSafeties safeties) : ITicketAttachment
{
    internal const string MissingCause = "tickets-missing";

    public async Task<TicketContext> PrepareAsync(LiveConnection live, RemoteTicket ticket, bool cameBack, CancellationToken cancel)
    {
        var actor = await store.ReadAsync(db => CurrentAlert(db, live.Id, ticket.Id).Select(a => a.ActorEmail).FirstOrDefaultAsync(cancel), cancel);
        var wantsMember = !string.IsNullOrEmpty(actor) && live.Preferences.OwnerAssignment != OwnerAssignment.Never;
        var member = wantsMember ? await live.MemberByEmailAsync(actor!, cancel) : null;
        var statuses = actor is not null && ticket.Board is { } board ? await live.StatusesAsync(board.Id, HasTargets, cancel) : [];
        return new TicketContext(statuses, member, actor, ticket.Board?.Id) { Notes = cameBack ? await OurNote.ReadAsync(live.Connector, ticket.Id, cancel) : [] };

        bool HasTargets(IReadOnlyList<RemoteStatus> statuses) => live.Rules is null || live.Rules.OnAcknowledge.Concat(live.Rules.OnClose)
            .Where(action => action.Field == TicketFields.Status)
            .All(action => safeties.Statuses.Resolve(action.Value, statuses) is not null);
    }

    public async Task<DateTimeOffset?> PlanAsync(
        HubDb db, LiveConnection live, RemoteTicket ticket, Link? link, TicketContext context, CancellationToken cancel)
    {
        if (live.Rules is not { } rules || live.Connector is not IReadsRules evaluator) return null;

        var alert = link is null ? null : await CurrentAlertAsync(db, link, cancel);
        if (alert is not null && !context.Fits(alert.ActorEmail, ticket)) return live.RemoteNow;

        var markers = safeties.Markers.Answer(ticket, alert?.Status, alert?.ActorEmail ?? "");
        var now = live.RemoteNow;
        var plan = AlertPlanner.Plan(new AlertPlanInput
        {
            Now = now,
            InstalledAt = live.Connection.InstalledAt + live.ClockOffset,
            Ticket = ticket,
            Link = link is null ? null : ViewOf(link, live, alert is not null && await IsUnsentAsync(db, link, alert, cancel)),
            Alert = alert is null ? null : new AlertView(alert.Status, alert.Transition, alert.Origin, alert.ActorEmail),
            Rules = rules,
            Evaluate = inbound => evaluator.Evaluate(inbound, ticket, markers, now),
            Preferences = live.Preferences,
            Context = context,
            Safeties = safeties,
        });

        await ApplyAsync(new Applying(db, live, ticket, context, plan), link, alert, cancel);
        return plan.LookAgainAt;
    }

    public LinkBase Confirmed(LiveConnection live, LinkBase before, FieldWrite write, RemoteTicket ticketBefore)
    {
        before = before.AfterWrite(write);
        var fields = before.Fields.ToDictionary(f => f.Key, f => f.Value);
        foreach (var (field, value) in write.Set)
        {
            if (fields.ContainsKey(field)) fields[field] = value;
        }

        if (write.ClosedAfter is { } closed) fields[TicketFields.Closed] = closed ? "true" : "false";
        if (live.Rules is not { } rules || live.Connector is not IReadsRules evaluator) return before with { Fields = fields };

        var values = write.Set.ToDictionary(s => s.Key, s => s.Value is null ? null : new RemoteRef(s.Value, write.Names.GetValueOrDefault(s.Key) ?? s.Value));
        var after = evaluator.Imagine(ticketBefore, values, write.ClosedAfter);
        EventVerdicts Of(RemoteTicket ticket) =>
            EventVerdicts.Read(rules, inbound => evaluator.Evaluate(inbound, ticket, new MarkerAnswers(true, "", ""), live.RemoteNow));
        return before with { Fields = fields, Verdicts = Moved(before.Verdicts, Of(ticketBefore).ForBase, Of(after).ForBase) };
    }

    /// <summary>Only what the write itself turned is agreed; a verdict that somebody else turned meanwhile still shows as an edge.</summary>
    private static Dictionary<InboundEventKind, bool> Moved(
        IReadOnlyDictionary<InboundEventKind, bool> known,
        IReadOnlyDictionary<InboundEventKind, bool> without,
        IReadOnlyDictionary<InboundEventKind, bool> with)
    {
        var verdicts = known.ToDictionary();
        foreach (var (kind, verdict) in with)
        {
            if (without[kind] != verdict) verdicts[kind] = verdict;
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
        await ScheduleAsync(db, effect, cancel);
        await refusals.ClearAsync(db, effect, clock.GetUtcNow(), cancel);
    }

    /// <summary>Who became owner is scheduled then and not before (engine.md §6.8): an owner who was overtaken or refused has no business on the ticket.</summary>
    private async Task ScheduleAsync(HubDb db, Effect effect, CancellationToken cancel)
    {
        if (effect.Kind is not (EffectKind.Transition or EffectKind.Field)) return;
        if (Json.Read<FieldWrite>(effect.Payload) is not { AssignsOwner: true } write || write.Set.GetValueOrDefault(TicketFields.Owner) is not { } member) return;
        var link = await db.Links.FindAsync([effect.LinkId], cancel) ?? throw new InvalidOperationException($"Effect {effect.Id} has no link.");
        new EffectWriter(db, link, ids, clock.GetUtcNow()).Add(EffectKind.Schedule, $"{effect.IdemKey}:s{member}", new ScheduleWrite(member), effect.AlertId);
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
        ticket.Title = a.Ticket.Title;

        var now = clock.GetUtcNow();
        var writer = new EffectWriter(a.Db, link, ids, now);
        if (a.Plan.Move is AlertMove.Raise or AlertMove.Adopt) alert = await NewAlertAsync(a, link, now, cancel);
        if (alert is null) return;
        foreach (var line in a.Plan.Lines) a.Db.AddEvent(alert, line.Kind, line.Message, line.Why, null, now);
        foreach (var decided in a.Plan.Decisions) a.Db.Conflicts.Add(ConflictOf(decided, link, now));
        await MoveAlertAsync(a, alert, now, cancel);

        if (alert.Title != a.Ticket.Title) alert.Title = a.Ticket.Title;
        var changedAt = a.Ticket.UpdatedAt - a.Live.ClockOffset;
        if (alert.Status != AlertStatus.Closed && (ticket.DetailsReadAt is not { } readAt || changedAt > readAt)) ticket.DetailsWanted = true;
        if (ticket.DetailsWanted) a.Db.Hints.Add(WorkHint.Details);
        await WriteTransitionAsync(a, writer, link, alert, cancel);
        foreach (var note in safeties.RestoredWork.Ours(a.Context.Notes)) await note.AdoptAsync(a.Db, link, alert, ids, a.Live.ClockOffset, now, cancel);
        await WriteNotesAsync(a, writer, link, alert, inDoubt: restored && safeties.RestoredWork.MayBeDone, cancel);
        if (restored) await PagePlanner.ReleaseAsync(a.Db, alert, now, cancel);
        await markerFinding.ReadAsync(a.Db, a.Live.Id, a.Ticket, a.Ticket.UpdatedAt - a.Live.ClockOffset, now, cancel);
    }

    private async Task MoveAlertAsync(Applying a, Alert alert, DateTimeOffset now, CancellationToken cancel)
    {
        switch (a.Plan.Move)
        {
            case AlertMove.Raise or AlertMove.Adopt when alert.Status == AlertStatus.Open && !a.Plan.Silent:
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

    private async Task<Alert> NewAlertAsync(Applying a, Link link, DateTimeOffset now, CancellationToken cancel)
    {
        var status = a.Plan.Move == AlertMove.Adopt ? a.Plan.AdoptedStatus : AlertStatus.Open;
        var alert = await alerts.CreateAsync(a.Db, a.Live, link, a.Ticket, status, a.Plan.Origin, now, cancel);
        var visible = a.Ticket.UpdatedAt - a.Live.ClockOffset;
        if (status == AlertStatus.Open) a.Db.Counts.Add(metrics => metrics.AlertVisible(alert.Id, visible));
        a.Db.LogConnectionEvent(
            a.Live.Id, "raised", a.Ticket.Id, $"Alert raised for \"{a.Ticket.Title}\".", a.Ticket.Body,
            EventVerdicts.Explain(a.Plan.Trace), now, alert.Id);
        return alert;
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

        if (a.Plan.Overtakes != Overtaken.Nothing) await writer.SupersedeUnsentAsync(keepOwner: a.Plan.Overtakes == Overtaken.AllButOwner, cancel);
        link.PlanAgain = false;
        if (a.Plan.Transition is null && a.Plan.Follow is null && a.Plan.Refusals.Count == 0) return;

        link.PlanNumber++;
        var key = $"{link.Id:N}:t{alert.Transition}:n{link.PlanNumber}";
        if (a.Plan.Transition is { } transition) writer.Add(EffectKind.Transition, key + ":p1", transition, alert.Id);
        if (a.Plan.Follow is { } follow) writer.Add(EffectKind.Field, key + ":p2", follow, alert.Id);
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

    private static async Task WriteNotesAsync(Applying a, EffectWriter writer, Link link, Alert alert, bool inDoubt, CancellationToken cancel)
    {
        var notes = await (from note in a.Db.AlertNotes
                           join owner in a.Db.Alerts on note.AlertId equals owner.Id
                           where owner.LinkId == link.Id && !note.Planned
                           orderby note.At
                           select note).ToListAsync(cancel);
        foreach (var note in notes.Where(note => !note.Planned)) // one that was just found on the ticket is planned, though not in the database yet
        {
            note.Planned = true;
            if (a.Live.Connector is not ITicketNotes) continue;
            var text = NoteMark.Sign(note.Text, note.Author, note.Marker);
            var effect = writer.Add(EffectKind.Note, $"note:{note.Id:N}", new NoteWrite(note.Id, text, note.Marker, (int)a.Live.Preferences.NoteFlags, null), alert.Id);
            if (inDoubt) effect.PutInDoubt(writer.Now);
        }
    }

    private sealed record Applying(HubDb Db, LiveConnection Live, RemoteTicket Ticket, TicketContext Context, AlertPlan Plan);
}
