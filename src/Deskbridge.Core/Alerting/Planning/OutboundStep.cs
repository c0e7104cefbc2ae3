using Deskbridge.Connectors;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>
/// What a transition made in the hub writes to the ticket: first marker and rule actions together, then user marker and
/// owner (engine.md §6.3, §6.8, and "planning again" of §4).
/// </summary>
internal static class OutboundStep
{
    /// <summary>Decides.</summary>
    public static AlertPlan Decide(AlertPlanInput input, LinkView link, AlertView alert, LinkBase observed, IReadOnlyList<TimelineLine> lines)
    {
        var again = link.PlanAgain && alert.Transition == link.PlannedTransition;
        var work = new Work(input, observed, again ? link.Base.AtTransition : observed.Fields, again) { Done = GoesOn(link, alert) ? DoneBefore(link, observed) : [] };
        work.Lines.AddRange(lines);

        var markerOnly = again && input.Safeties.Supersedes.OnlyMarker(link.Supersedes);
        if (markerOnly) work.Lines.Add(new TimelineLine("conflict", "The ticket kept changing; only the marker is written now.", "Three writes in a row were overtaken."));
        else if (input.Safeties.Actions.Run(alert.Origin)) AddActions(work, alert.Status);

        work.Joint.WantMarkers(alert.Status);
        if (!markerOnly && alert.Origin == TransitionOrigin.Person) AddPerson(work, alert);
        if (!again && input.Safeties.Actions.Run(alert.Origin)) AddChildren(work, alert, GoesOn(link, alert));
        return work.ToPlan(alert.Status, observed);
    }

    /// <summary>Who takes an alert over acknowledges it once more; what the acknowledge before commanded, if it was planned, is not commanded again (engine.md §6.3).</summary>
    private static bool GoesOn(LinkView link, AlertView alert) => alert.HandedOver && link.PlannedTransition >= alert.Transition - 1;

    /// <summary>Whatever status the ticket has got since, it keeps, and one that a person chose and is on its way arrives. The owner is another one.</summary>
    private static IReadOnlyList<string> DoneBefore(LinkView link, LinkBase observed)
    {
        var written = observed.Reached.Where(field => field != TicketFields.Owner);
        return [.. link.StatusChosen ? written.Append(TicketFields.Status).Distinct() : written];
    }

    /// <summary>Runs the actions for a transition whatever its origin; used only when the origin rule says so.</summary>
    public static AlertPlan WithActions(AlertPlanInput input, AlertStatus target, AlertPlan plan)
    {
        var work = new Work(input, plan.Base, plan.Base.Fields, Again: false);
        AddActions(work, target);
        work.Joint.WantMarkers(target);
        return plan with { Transition = work.ToPlan(target, plan.Base).Transition };
    }

    private static void AddActions(Work work, AlertStatus status)
    {
        var flows = work.Input.Preferences.Flows;
        if (status == AlertStatus.Acknowledged && flows.HasFlag(StatusFlows.AcknowledgeUpdates)) RunActions(work, work.Input.Rules.OnAcknowledge, status);
        else if (status == AlertStatus.Closed && flows.HasFlag(StatusFlows.CloseUpdates)) RunActions(work, work.Input.Rules.OnClose, status);
        else if (status == AlertStatus.Open)
        {
            if (flows.HasFlag(StatusFlows.UnacknowledgeUpdates)) PutBack(work, TicketFields.Status);
            if (work.Input.Ticket.Closed) LeaveClosed(work, flows);
        }
    }

    /// <summary>What is added beside the ticket, once: planning the same transition again adds nothing, and neither does a hand-over but to say that it was one.</summary>
    private static void AddChildren(Work work, AlertView alert, bool goesOn)
    {
        var preferences = work.Input.Preferences;
        var (children, runs) = alert.Status switch
        {
            AlertStatus.Acknowledged => (work.Input.Rules.BesideAcknowledge, preferences.Flows.HasFlag(StatusFlows.AcknowledgeUpdates)),
            AlertStatus.Closed => (work.Input.Rules.BesideClose, preferences.Flows.HasFlag(StatusFlows.CloseUpdates)),
            _ => (ChildActions.None, false),
        };
        if (runs && !goesOn)
        {
            work.Notes.AddRange(children.Notes.Select(note => new PlannedNote(note.Text, note.Flags)));
            work.Members.AddRange(children.Members.Select(one => one.Member.Id));
        }

        var (flags, text) = alert.Status switch
        {
            AlertStatus.Acknowledged => (preferences.AcknowledgeNoteFlags, goesOn ? "Alert taken over." : "Alert acknowledged."),
            AlertStatus.Closed => (preferences.CloseNoteFlags, "Alert closed."),
            _ => (preferences.BackNoteFlags, alert.WasClosed ? "Alert re-opened." : "Acknowledgement given back."),
        };
        if (flags != NoteFlags.None) work.Notes.Add(new PlannedNote(text, flags));
    }

    /// <summary>A ticket that somebody else closed stays closed when its alert is opened again; that the sides differ is a decision to be seen.</summary>
    private static void LeaveClosed(Work work, StatusFlows flows)
    {
        if (work.Joint.Set.ContainsKey(TicketFields.Status) || work.Decisions.Exists(decision => decision.Field == TicketFields.Status) || work.Refusals.Exists(refusal => refusal.Field == TicketFields.Status)) return;
        var shown = work.Input.Ticket.Status?.Name;
        var why = flows.HasFlag(StatusFlows.UnacknowledgeUpdates)
            ? "it was not closed from here, so there is no status to put back"
            : "the status mapping that puts a status back is off in the connection's settings";
        work.Decisions.Add(new FieldDecision(TicketFields.Status, null, "open", shown, $"The ticket stays closed: {why}."));
        work.Lines.Add(new TimelineLine("conflict", $"Ticket stays \"{shown}\": {why}."));
    }

    private static void RunActions(Work work, IReadOnlyList<TicketAction> actions, AlertStatus status)
    {
        var ticket = work.Input.Ticket;
        var board = ActionTarget.Board(actions, ticket.Board);
        var statuses = work.Input.Context.StatusesOf(board?.Id);
        foreach (var action in actions)
        {
            switch (action.Field)
            {
                case TicketFields.Status:
                    SetStatus(work, action, board, statuses, status);
                    break;
                case TicketFields.Owner:
                    AssignOwner(work, action.Value);
                    break;
                default:
                    work.WantUnlessMoved(action.Field, action.Value.Id, action.Value.Name, null, force: false);
                    break;
            }
        }

        if (ActionTarget.KeptStatus(actions, ticket.Board, ticket.Status, statuses, work.Input.Safeties.Statuses) is { } same)
            work.WantUnlessMoved(TicketFields.Status, same.Id, same.Name, same.Closed, force: false);
    }

    private static void SetStatus(Work work, TicketAction action, RemoteRef? board, IReadOnlyList<RemoteStatus> statuses, AlertStatus status)
    {
        if (work.Input.Rules.MapsStatuses && Says(work.Input, status)) return;
        var chosen = work.Input.Preferences.ChosenFor(status, board?.Id);
        if (work.Input.Safeties.Statuses.Resolve(action.Value, chosen, statuses) is not { } resolved)
        {
            work.Refusals.Add(new FieldRefusal(
                TicketFields.Status,
                action.Value.Name,
                $"Board \"{board?.Name}\" has no status \"{action.Value.Name}\" (asked for by rule \"{action.Rule}\"){(chosen is null ? "" : $", and \"{chosen.Name}\", which the connection's settings choose for this board, is gone too")}. "
                + "Choose one for this board under Status by board of the connection, add the status to the board, or change the rule's action."));
        }
        else if (work.Input.Ticket.Closed && !resolved.Closed)
        {
            work.Decisions.Add(new FieldDecision(TicketFields.Status, null, resolved.Name, work.Input.Ticket.Status?.Name, "The ticket is closed; an acknowledge never re-opens it."));
            work.Lines.Add(new TimelineLine("conflict", $"Ticket stays \"{work.Input.Ticket.Status?.Name}\": an acknowledge never re-opens a closed ticket."));
        }
        else
        {
            work.WantUnlessMoved(TicketFields.Status, resolved.Id, resolved.Name, resolved.Closed, force: status == AlertStatus.Closed);
        }
    }

    /// <summary>The ticket's status says the state already.</summary>
    private static bool Says(AlertPlanInput input, AlertStatus status)
    {
        var kind = status == AlertStatus.Closed ? InboundEventKind.Close : InboundEventKind.Acknowledge;
        return input.Rules.Inbound.Any(inbound => inbound.Kind == kind && input.Evaluate(inbound) is { IsUnknown: false, Holds: true });
    }

    /// <summary>Puts a field back to what it was before the transition that is undone, if the ticket still shows what the hub wrote.</summary>
    private static void PutBack(Work work, string field)
    {
        if ((work.Base.UndoClose ?? work.Base.UndoAcknowledge) is not { } undo || !undo.Written.TryGetValue(field, out var written)) return;
        var present = work.Input.Ticket[field];
        var before = undo.Before.GetValueOrDefault(field);
        if (present == before) return;
        if (!work.Input.Safeties.Undo.MayPutBack(present, written))
        {
            work.Decisions.Add(new FieldDecision(field, written, before, present, "Somebody changed it since; left as it is."));
            work.Lines.Add(new TimelineLine("conflict", $"The {field} was changed by somebody since; it is not put back."));
            return;
        }

        if (field == TicketFields.Status) PutStatusBack(work, undo);
        else work.Follow.Want(field, before, undo.BeforeNames.GetValueOrDefault(field) ?? "");
        work.MayReopen |= work.Base.UndoClose is not null;
    }

    /// <summary>A rule may have moved the ticket since it had that status: then it takes the present board's own (engine.md §6.7).</summary>
    private static void PutStatusBack(Work work, Undo undo)
    {
        var before = new RemoteRef(undo.Before.GetValueOrDefault(TicketFields.Status) ?? "", undo.BeforeNames.GetValueOrDefault(TicketFields.Status) ?? "");
        if (!undo.Written.ContainsKey(TicketFields.Board))
        {
            work.Joint.Want(TicketFields.Status, before.Id, before.Name, undo.ClosedBefore);
            return;
        }

        var board = work.Input.Ticket.Board;
        if (work.Input.Safeties.Statuses.Resolve(before, null, work.Input.Context.StatusesOf(board?.Id)) is { } resolved)
            work.Joint.Want(TicketFields.Status, resolved.Id, resolved.Name, resolved.Closed);
        else
        {
            work.Refusals.Add(new FieldRefusal(
                TicketFields.Status, before.Name,
                $"A rule moved the ticket to board \"{board?.Name}\", which has no status \"{before.Name}\", the one that the ticket had before. Set the status that fits in the ticket, or add one of that name to the board."));
        }
    }

    private static void AddPerson(Work work, AlertView alert)
    {
        work.Follow.Want(TicketFields.MarkerUser, alert.ActorEmail.Length == 0 ? null : alert.ActorEmail, alert.ActorEmail);
        if (alert.Status == AlertStatus.Open)
        {
            PutBack(work, TicketFields.Owner);
            return;
        }

        var wanted = work.Input.Preferences.OwnerAssignment;
        var now = alert.Status == AlertStatus.Acknowledged
            ? wanted is OwnerAssignment.OnAcknowledge or OwnerAssignment.Both
            : wanted is OwnerAssignment.OnClose or OwnerAssignment.Both;
        if (now) AssignOwner(work, alert);
    }

    private static void AssignOwner(Work work, AlertView alert)
    {
        if (work.Input.Context.Actor is { } member) AssignOwner(work, new RemoteRef(member.Id, member.Name));
        else work.Lines.Add(new TimelineLine("refused", $"Owner not set: no member has the office email {alert.ActorEmail}, or several have it.", "The connection's page People and members shows who is matched; there an administrator chooses the member. Or enter this email at the member in the ticket system."));
    }

    private static void AssignOwner(Work work, RemoteRef member)
    {
        var ticket = work.Input.Ticket;
        if (ticket.Owner is { } owner && owner.Id != member.Id && !work.Input.Safeties.Owners.MayReplace(owner.Id, work.Base.OwnerWeSet, work.Input.Preferences.OverwriteOwner))
        {
            work.Lines.Add(new TimelineLine("ticket-updated", $"Owner stays {owner.Name}: an owner set by a person is not replaced."));
            return;
        }

        if (work.WantUnlessMoved(TicketFields.Owner, member.Id, member.Name, null, force: false)) work.AssignsOwner = true;
    }

    /// <summary>What is collected while deciding.</summary>
    private sealed record Work(AlertPlanInput Input, LinkBase Base, IReadOnlyDictionary<string, string?> Start, bool Again)
    {
        public FieldWants Joint { get; } = new(Input.Ticket);

        public FieldWants Follow { get; } = new(Input.Ticket);

        public List<TimelineLine> Lines { get; } = [];

        public List<FieldDecision> Decisions { get; } = [];

        public List<FieldRefusal> Refusals { get; } = [];

        public List<PlannedNote> Notes { get; } = [];

        public List<string> Members { get; } = [];

        public bool MayReopen { get; set; }

        public bool AssignsOwner { get; set; }

        /// <summary>Fields that the acknowledge before this one has written.</summary>
        public IReadOnlyList<string> Done { get; init; } = [];

        /// <summary>Asks for a value. False when it was written before, or somebody's own change stays instead, which is decided and told.</summary>
        public bool WantUnlessMoved(string field, string value, string name, bool? closedAfter, bool force)
        {
            if (Done.Contains(field)) return false;
            var present = Input.Ticket[field];
            var reached = Again && Base.Reached.Contains(field);
            if (reached && present == value) return false;
            if (reached || (Again && !force && present != value && present != Start.GetValueOrDefault(field)))
            {
                Decisions.Add(new FieldDecision(field, reached ? value : Start.GetValueOrDefault(field), name, present, "Somebody changed it in the meantime; theirs is kept."));
                Lines.Add(new TimelineLine("conflict", $"The {field} was changed by somebody in the meantime; theirs is kept."));
                return false;
            }

            (field == TicketFields.Owner ? Follow : Joint).Command(field, value, name, closedAfter);
            return true;
        }

        public AlertPlan ToPlan(AlertStatus status, LinkBase observed)
        {
            var force = status == AlertStatus.Closed;
            return new AlertPlan
            {
                Base = Remember(observed, status) with { AtTransition = Again ? Start : WithWritten(), Reached = Again ? observed.Reached : Done },
                Transition = Joint.ToWrite(Why(status), MayReopen, force),
                Follow = Follow.ToWrite(Why(status)) is { } follow ? follow with { AssignsOwner = AssignsOwner } : null,
                Overtakes = status == AlertStatus.Closed && !Follow.Set.ContainsKey(TicketFields.Owner) ? Overtaken.AllButOwner : Overtaken.All,
                Notes = Notes,
                Members = Members,
                Decisions = Decisions,
                Refusals = Refusals,
                Lines = Lines,
            };
        }

        /// <summary>The base watches some fields only; of every field that is written it is known from where it started.</summary>
        private Dictionary<string, string?> WithWritten()
        {
            var start = Start.ToDictionary();
            foreach (var field in Joint.Set.Keys) start.TryAdd(field, Input.Ticket[field]);
            return start;
        }

        /// <summary>
        /// Keeps what an undo of this transition must put back. What an earlier transition wrote and the ticket still shows stays
        /// to be undone: its own undo may have been overtaken before it was sent. Planning again keeps the values from before the first time.
        /// </summary>
        private LinkBase Remember(LinkBase observed, AlertStatus status)
        {
            var acknowledge = observed.UndoAcknowledge?.Where(StillShown);
            var close = observed.UndoClose?.Where(StillShown);
            if (status == AlertStatus.Open) return observed with { UndoAcknowledge = acknowledge, UndoClose = close };
            var written = Joint.Set.Concat(Follow.Set)
                .Where(set => !TicketFields.IsMarker(set.Key) && Input.Ticket[set.Key] != set.Value)
                .ToDictionary(set => set.Key, set => set.Value);
            var earlier = status == AlertStatus.Closed ? observed.UndoClose : observed.UndoAcknowledge;
            if (Again && written.Count == 0) return observed;
            var undo = written.Count == 0 ? null : new Undo(
                written.Keys.ToDictionary(f => f, f => Again && earlier is not null ? earlier.Before.GetValueOrDefault(f) : Input.Ticket[f]),
                written.Keys.ToDictionary(f => f, f => NameOf(f) ?? ""),
                written,
                Input.Ticket.Closed);
            return status == AlertStatus.Closed
                ? observed with { UndoClose = Undo.Join(close, undo) }
                : observed with { UndoAcknowledge = Undo.Join(acknowledge, undo), UndoClose = null };
        }

        private bool StillShown(string field, string? written) => Input.Ticket[field] == written;

        private string? NameOf(string field) => field switch
        {
            TicketFields.Status => Input.Ticket.Status?.Name,
            TicketFields.Owner => Input.Ticket.Owner?.Name,
            TicketFields.Priority => Input.Ticket.Priority?.Name,
            _ => Input.Ticket[field],
        };

        private static string Why(AlertStatus status) => status switch
        {
            AlertStatus.Acknowledged => "alert acknowledged",
            AlertStatus.Closed => "alert closed",
            _ => "alert open again",
        };
    }
}
