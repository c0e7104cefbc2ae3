using Deskbridge.Connectors;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>
/// The laws of engine.md §6.6: what the hub writes for a state must not make an inbound event match that asks for another state.
/// A rule book that breaks one fights with itself: an acknowledge would ask for its own close, or for the alert to be raised again.
/// Pure: actions are applied to sample tickets, and the events are evaluated on what comes out.
/// </summary>
internal static class RuleLaws
{
    private static readonly StatusResolver Statuses = new();

    /// <summary>The person who acts becomes the owner; which member that is makes no difference to a rule.</summary>
    private static readonly RemoteRef Somebody = new("1", "the person who acts");

    /// <summary>What is broken, one problem per state and event. Empty when the rules keep the peace.</summary>
    /// <param name="book">The rules.</param>
    /// <param name="evaluator">Evaluates them; only its pure members are used.</param>
    /// <param name="samples">Open tickets to try them on.</param>
    /// <param name="preferences">Which state changes flow, and who becomes owner.</param>
    /// <param name="now">On the remote's clock.</param>
    public static IReadOnlyList<RuleProblem> Broken(
        RuleBook book, IReadsRules evaluator, IReadOnlyList<LawSample> samples, IAlertingPreferences preferences, DateTimeOffset now)
    {
        var broken = new List<RuleProblem>();
        foreach (var transition in Transitions(book, preferences, samples))
        {
            var clashes = book.Inbound.Where(inbound => Enabled(inbound.Kind, preferences) && Target(inbound.Kind) != transition.State)
                .Select(inbound => (Inbound: inbound, Found: new List<Clash>())).ToList();
            Written? written = null;
            foreach (var sample in samples)
            {
                written = Written.By(transition, sample, evaluator, written);
                if (written is null) continue;
                foreach (var (inbound, found) in clashes)
                    if (Clash.Find(transition, inbound, written, evaluator, now) is { } clash) found.Add(clash);
            }

            broken.AddRange(clashes.Where(one => one.Found.Count > 0).Select(one => Describe(transition, one.Inbound, one.Found)));
        }

        return broken;
    }

    private static IEnumerable<Transition> Transitions(RuleBook book, IAlertingPreferences preferences, IReadOnlyList<LawSample> samples)
    {
        var boards = samples.GroupBy(sample => sample.Board.Id).ToDictionary(same => same.Key, same => same.First().Statuses);
        if (preferences.Flows.HasFlag(StatusFlows.AcknowledgeUpdates))
            yield return new(boards, preferences, AlertStatus.Acknowledged, book.OnAcknowledge, preferences.OwnerAssignment is OwnerAssignment.OnAcknowledge or OwnerAssignment.Both);
        if (preferences.Flows.HasFlag(StatusFlows.CloseUpdates))
            yield return new(boards, preferences, AlertStatus.Closed, book.OnClose, preferences.OwnerAssignment is OwnerAssignment.OnClose or OwnerAssignment.Both);
    }

    private static bool Enabled(InboundEventKind kind, IAlertingPreferences preferences) => kind switch
    {
        InboundEventKind.Acknowledge => preferences.Flows.HasFlag(StatusFlows.TicketAcknowledges),
        InboundEventKind.Close => preferences.Flows.HasFlag(StatusFlows.TicketCloses),
        _ => true,
    };

    private static AlertStatus Target(InboundEventKind kind) => kind switch
    {
        InboundEventKind.Acknowledge => AlertStatus.Acknowledged,
        InboundEventKind.Close => AlertStatus.Closed,
        _ => AlertStatus.Open,
    };

    private static RuleProblem Describe(Transition transition, InboundEvent inbound, List<Clash> clashes)
    {
        var first = clashes[0];
        var boards = clashes.Select(clash => clash.Sample.Board.Name).Distinct(StringComparer.Ordinal).ToList();
        var where = boards.Count == 1 ? $"on board \"{boards[0]}\"" : $"on {boards.Count} boards, among them \"{boards[0]}\"";
        var (does, effect) = (transition.State, inbound.Kind) switch
        {
            (AlertStatus.Acknowledged, InboundEventKind.Close) => ("Acknowledging", "An acknowledge would ask for its own close."),
            (AlertStatus.Acknowledged, _) => ("Acknowledging", "An acknowledge would ask for the alert to be raised again."),
            (_, InboundEventKind.Raise) => ("Closing", "A close would ask for the alert to be raised again."),
            _ => ("Closing", "A close wins over an acknowledge, so nothing is undone, but the two rules contradict each other."),
        };
        return new RuleProblem(
            inbound.Rule,
            $"{does} an alert sets {first.Written} {where}, and then \"{first.Clause}\" of rule \"{inbound.Rule}\" holds (event {inbound.Id}, tried on status \"{first.Sample.Status.Name}\"). "
            + $"{effect} {Fix(transition, inbound)}",
            Blocks: transition.State == AlertStatus.Acknowledged || inbound.Kind == InboundEventKind.Raise);
    }

    private static string Fix(Transition transition, InboundEvent inbound) => transition.Actions.Count > 0
        ? $"Let rule \"{transition.Actions[0].Rule}\" set another value, or change the condition of rule \"{inbound.Rule}\" so that it does not hold after it."
        : $"Change the condition of rule \"{inbound.Rule}\", or switch off the owner assignment in the connection's settings.";

    /// <summary>What a transition made in the hub writes.</summary>
    private sealed record Transition(IReadOnlyDictionary<string, IReadOnlyList<RemoteStatus>> Boards, IAlertingPreferences Preferences, AlertStatus State, IReadOnlyList<TicketAction> Actions, bool SetsOwner);

    /// <summary>A sample as it is after the hub's own write, whatever event looks at it then.</summary>
    private sealed record Written(LawSample Sample, Dictionary<string, RemoteRef?> Values, RemoteTicket After)
    {
        /// <summary>Null when the transition writes nothing on this ticket. One whose status is written comes out the same whichever status it had: it is taken from the sample before.</summary>
        public static Written? By(Transition transition, LawSample sample, IReadsRules evaluator, Written? last = null)
        {
            var (values, closed) = Apply(transition, sample);
            if (values.Count == 0) return null;
            if (!values.ContainsKey(TicketFields.Status)) return new Written(sample, values, evaluator.Imagine(sample.Ticket, values, closed));
            return last is not null && ReferenceEquals(last.Sample.Source, sample.Source) && Same(last.Values, values)
                ? last with { Sample = sample }
                : new Written(sample, values, evaluator.Imagine(sample.Source, OnBoard(sample.Board, values), closed));
        }

        private static Dictionary<string, RemoteRef?> OnBoard(RemoteRef board, Dictionary<string, RemoteRef?> values)
        {
            var all = new Dictionary<string, RemoteRef?>(values);
            all.TryAdd(TicketFields.Board, board);
            return all;
        }

        private static bool Same(Dictionary<string, RemoteRef?> one, Dictionary<string, RemoteRef?> other) =>
            one.Count == other.Count && one.All(value => other.TryGetValue(value.Key, out var there) && there == value.Value);

        public string Name => string.Join(" and ", Values.Select(value => $"{value.Key} \"{value.Value?.Name}\""));

        /// <summary>The values as the planner would write them: a status that this board lacks is refused and not written.</summary>
        private static (Dictionary<string, RemoteRef?> Values, bool? Closed) Apply(Transition transition, LawSample sample)
        {
            var values = new Dictionary<string, RemoteRef?>();
            bool? closed = null;
            var board = ActionTarget.Board(transition.Actions, sample.Board)!;
            var statuses = board.Id == sample.Board.Id ? sample.Statuses : transition.Boards.GetValueOrDefault(board.Id) ?? [];
            foreach (var action in transition.Actions)
            {
                if (action.Field != TicketFields.Status)
                {
                    values[action.Field] = action.Value;
                }
                else if (Statuses.Resolve(action.Value, transition.Preferences.ChosenFor(transition.State, board.Id), statuses) is { } status)
                {
                    values[TicketFields.Status] = new RemoteRef(status.Id, status.Name);
                    closed = status.Closed;
                }
            }

            if (ActionTarget.KeptStatus(transition.Actions, sample.Board, sample.Status, statuses, Statuses) is { } kept)
            {
                values[TicketFields.Status] = new RemoteRef(kept.Id, kept.Name);
                closed = kept.Closed;
            }

            if (transition.SetsOwner && sample.Ticket.Owner is null) values[TicketFields.Owner] = Somebody;
            return (values, closed);
        }
    }

    /// <summary>One sample on which an event turns true by the hub's own write.</summary>
    private sealed record Clash(LawSample Sample, string Written, string Clause)
    {
        public static Clash? Find(Transition transition, InboundEvent inbound, Written written, IReadsRules evaluator, DateTimeOffset now)
        {
            if (Try(transition.State, inbound, written, evaluator, now) is not { } clash) return null;

            // The owner is named only where it matters.
            var without = transition.SetsOwner ? RuleLaws.Written.By(transition with { SetsOwner = false }, written.Sample, evaluator) : null;
            return (without is null ? null : Try(transition.State, inbound, without, evaluator, now)) ?? clash;
        }

        private static Clash? Try(AlertStatus state, InboundEvent inbound, Written written, IReadsRules evaluator, DateTimeOffset now)
        {
            if (inbound.Kind == InboundEventKind.Raise && written.After.Closed) return null;

            var then = evaluator.Evaluate(inbound, written.After, new MarkerAnswers(true, MarkerWord.Of(state) ?? "", ""), now);
            if (!then.Holds) return null;
            var first = evaluator.Evaluate(inbound, written.Sample.Ticket, new MarkerAnswers(true, "", ""), now);
            return first.Holds ? null : new Clash(written.Sample, written.Name, Turned(first, then));
        }

        /// <summary>The clauses that the write turned true; all that hold when no single one did.</summary>
        private static string Turned(RuleVerdict before, RuleVerdict after)
        {
            var held = before.Trace.Where(clause => clause.Holds).Select(clause => clause.Text).ToHashSet(StringComparer.Ordinal);
            var hold = after.Trace.Where(clause => clause.Holds).Select(clause => clause.Text).ToList();
            var turned = hold.Where(clause => !held.Contains(clause)).ToList();
            return string.Join("; ", turned.Count > 0 ? turned : hold);
        }
    }
}

/// <summary>An open ticket to try rules on.</summary>
/// <param name="Source">The ticket that it is made of.</param>
/// <param name="Ticket">That ticket on this board in this status, as it is before the hub writes.</param>
/// <param name="Board">Its board.</param>
/// <param name="Status">Its status.</param>
/// <param name="Statuses">Every status of the board.</param>
internal sealed record LawSample(RemoteTicket Source, RemoteTicket Ticket, RemoteRef Board, RemoteRef Status, IReadOnlyList<RemoteStatus> Statuses)
{
    /// <summary>A ticket in every open status of its board.</summary>
    public static IEnumerable<LawSample> Of(RemoteTicket ticket, RemoteRef board, IReadOnlyList<RemoteStatus> statuses, IReadsRules rules) =>
        from status in statuses
        where !status.Closed
        let shown = new RemoteRef(status.Id, status.Name)
        let values = new Dictionary<string, RemoteRef?> { [TicketFields.Board] = board, [TicketFields.Status] = shown }
        select new LawSample(ticket, rules.Imagine(ticket, values, closed: false), board, shown, statuses);
}
