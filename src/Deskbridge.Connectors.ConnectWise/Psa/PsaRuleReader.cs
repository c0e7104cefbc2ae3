using System.Collections.Concurrent;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Understands the three rules and evaluates their events. Pure.</summary>
/// <param name="options">The settings.</param>
/// <param name="fields">The instance's own custom fields.</param>
internal sealed class PsaRuleReader(ConnectWisePsaOptions options, IReadOnlyList<PsaTicketField>? fields = null)
{
    private const int MostRemembered = 256;

    /// <summary>Clocks differ, and an answer takes its time: what time alone turns this near to now is not compared.</summary>
    private static readonly TimeSpan AboutNow = TimeSpan.FromMinutes(1);

    private readonly MarkerNames _markers = new(options.RetrievedField, options.StatusField, options.UserField);
    private readonly RuleNames _names = (fields ?? []).Aggregate(RuleNames.None, (names, field) => names.WithField(field.Caption, field.Kind))
        .WithField(options.RetrievedField, CustomFieldKind.Any).WithField(options.StatusField, CustomFieldKind.Any).WithField(options.UserField, CustomFieldKind.Any);

    private readonly string _words = PsaTicketField.Write(fields);

    private readonly ConcurrentDictionary<string, Understood> _known = new(StringComparer.Ordinal);

    /// <summary>The ticket read last: all events of the rules are asked of one ticket before the next.</summary>
    private volatile Known? _last;

    public RuleBook Understand(PsaRuleSource source)
    {
        var problems = new List<RuleProblem>();
        var window = TimeSpan.FromHours(options.AgeHours);
        var inbound = new List<InboundEvent>();
        foreach (var (rule, name, purpose) in new[] { (source.Trigger, options.TriggerRule, "raises alerts"), (source.Update, options.UpdateRule, "updates alerts") })
        {
            foreach (var (read, parts, unreadable) in Events(rule, name, purpose, problems, canBeAsked: true))
            {
                if (Kind(parts.Role) is { } kind)
                {
                    inbound.Add(new(read.Id, kind, rule!.Name, read.Condition) { RuleId = rule.Id, Unreadable = unreadable, Words = _words });
                    window = kind == InboundEventKind.Raise && parts.FixedAge is { } age ? age.Age : window;
                }
            }
        }

        var writes = Events(source.Write, options.WriteRule, "updates tickets", problems, canBeAsked: false);
        Expect(source.Trigger, inbound.Any(one => one.Kind == InboundEventKind.Raise), $"tests that {options.RetrievedField} is false", problems, blocks: true);
        Expect(source.Update, inbound.Any(one => one.Kind != InboundEventKind.Raise), $"tests that {options.StatusField} does not contain Acknowledged or Resolved, so that tickets acknowledge and close no alert", problems, blocks: false);
        Expect(
            source.Write, writes.Exists(one => one.Parts.Role is RuleRole.OutboundAcknowledge or RuleRole.OutboundClose),
            $"tests that {options.StatusField} contains Acknowledged or Resolved, so that an acknowledge and a close change nothing but the markers", problems, blocks: false);
        var onAcknowledge = Actions(source.Write, writes, RuleRole.OutboundAcknowledge, problems);
        var onClose = Actions(source.Write, writes, RuleRole.OutboundClose, problems);
        return new()
        {
            Inbound = inbound,
            OnAcknowledge = onAcknowledge.Fields,
            OnClose = onClose.Fields,
            BesideAcknowledge = onAcknowledge.Children,
            BesideClose = onClose.Children,
            Problems = problems,
            AgeWindow = window,
            Body = source.ToText(),
        };
    }

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now)
    {
        return UnderstoodOf(inbound.Condition).Ready is { } ready
            ? ready.Evaluate(FactsOf(ticket), new(_markers, markers.Retrieved, markers.Status, markers.User), now)
            : Evaluate(inbound, ticket, markers, null, now);
    }

    /// <summary>By ConnectWise's own answer (<see cref="IAsksRules.Evaluate"/>).</summary>
    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, EventAnswer? answer, DateTimeOffset now)
    {
        var parts = PartsOf(inbound.Condition).Parts ?? PartsAround(inbound.Condition)
            ?? throw new ArgumentException($"It cannot be told what event {inbound.Id} of {inbound.Rule} is for.", nameof(inbound));
        return new PsaAnsweredRule(parts, _markers).Evaluate(ticket.Id, FactsOf(ticket), new(_markers, markers.Retrieved, markers.Status, markers.User), ticket, answer, now);
    }

    /// <summary>Whether ConnectWise should match a ticket (<see cref="IAsksRules.Expects"/>).</summary>
    public bool? Expects(InboundEvent inbound, RemoteTicket ticket, DateTimeOffset now)
    {
        if (PartsOf(inbound.Condition).Parts is not { } parts)
        {
            return null;
        }

        var facts = FactsOf(ticket);
        var shown = PsaAnsweredRule.Shown(facts, _markers);
        var before = Holds(now - AboutNow);
        return before == Holds(now + AboutNow) ? before : null;

        bool Holds(DateTimeOffset at) => RuleText.Evaluate(parts.Whole, facts, shown, at).Holds;
    }

    private TicketFacts FactsOf(RemoteTicket ticket)
    {
        if (_last is { } last && ReferenceEquals(last.Ticket, ticket)) return last.Facts;
        var facts = TicketFacts.From(JsonElement.Parse(ticket.Body));
        _last = new Known(ticket, facts);
        return facts;
    }

    /// <summary>What the condition of an inbound event is made of around the clauses that cannot be read; null when its readable clauses do not tell what the event is for, or ConnectWise cannot be asked about it.</summary>
    public RuleParts? PartsAround(string condition) =>
        Around(condition) is { } parts && Kind(parts.Role) is not null ? parts : null;

    /// <summary>The same whatever the readable clauses tell, as for a text that is still being edited.</summary>
    public RuleParts? Around(string condition) => UnderstoodOf(condition).Around;

    /// <summary>What an event's condition is made of, or why it cannot be read.</summary>
    public (RuleParts? Parts, UnreadableClause? Unreadable) PartsOf(string condition)
    {
        var known = UnderstoodOf(condition);
        return (known.Ready?.Parts, known.Unreadable);
    }

    private Understood UnderstoodOf(string condition)
    {
        if (condition.Length > RuleText.LongestText) return new(null, Parse(condition).Unreadable, null); // never remembered
        if (_known.TryGetValue(condition, out var known))
        {
            return known;
        }

        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }

        var parsed = Parse(condition);
        return _known[condition] = parsed.Expression is { } expression
            ? new(new(RuleParts.Split(expression, _markers, options.AgeHours)), null, null)
            : new(null, parsed.Unreadable, SplitAround(condition));
    }

    private RuleParts? SplitAround(string condition) =>
        RuleText.ParseAround(condition, _names) is { } expression ? RuleParts.Split(expression, _markers, options.AgeHours) : null;

    /// <summary>A condition as a tree.</summary>
    public RuleParse Parse(string condition) => RuleText.Parse(condition, _names);

    private List<ReadEvent> Events(RuleSnapshot? rule, string name, string purpose, List<RuleProblem> problems, bool canBeAsked)
    {
        var read = new List<ReadEvent>();
        if (rule is null)
        {
            problems.Add(new(name, $"The workflow rule \"{name}\", which {purpose}, does not exist in ConnectWise. Run Install or Repair of this connection, or correct its name in the settings.", Blocks: true));
            return read;
        }

        if (rule.Active)
        {
            problems.Add(new(rule.Name, $"The workflow rule \"{rule.Name}\" is active, so ConnectWise runs it as well. Deactivate it under Setup Tables > General > Workflow Rules.", Blocks: false));
        }

        foreach (var one in rule.Events)
        {
            var (parts, unreadable) = PartsOf(one.Condition);
            if (parts is not null)
            {
                read.Add(new(one, parts, null));
            }
            else if (canBeAsked && PartsAround(one.Condition) is { } around)
            {
                read.Add(new(one, around, Describe(one, unreadable!)));
            }
            else
            {
                problems.Add(new(rule.Name, Describe(one, unreadable!), Blocks: true));
            }
        }

        return read;
    }

    /// <summary>Names the event; the refusal itself names the clause, its place and what to do.</summary>
    public static string Describe(EventSnapshot one, UnreadableClause unreadable) => $"Event {one.Id}: {unreadable.Message}";

    private static void Expect(RuleSnapshot? rule, bool there, string what, List<RuleProblem> problems, bool blocks)
    {
        if (rule is not null && !there && !problems.Exists(problem => problem.Blocks && problem.Rule == rule.Name))
        {
            problems.Add(new(rule.Name, $"No event of the workflow rule \"{rule.Name}\" {what}. Add one, or delete the rule and run Install to have it made anew.", blocks));
        }
    }

    private static PsaCarriedActions Actions(
        RuleSnapshot? rule, List<ReadEvent> events, RuleRole role, List<RuleProblem> problems)
    {
        var carried = new PsaCarriedActions(rule?.Name ?? "");
        foreach (var action in events.Where(one => one.Parts.Role == role).SelectMany(one => one.Event.Actions))
        {
            if (!carried.Add(action))
                problems.Add(new(rule!.Name, $"The action \"{action.Type}\" of the workflow rule \"{rule.Name}\" is not carried out; only those that set {PsaActionKinds.Known} are. Remove it or choose one of these.", Blocks: false));
        }

        return carried;
    }

    private static InboundEventKind? Kind(RuleRole role) => role switch
    {
        RuleRole.Retrieval => InboundEventKind.Raise,
        RuleRole.Acknowledge => InboundEventKind.Acknowledge,
        RuleRole.Close => InboundEventKind.Close,
        _ => null,
    };

    /// <summary>What became of a condition: compiled; or what cannot be read, and the parts around it where the event can be asked about.</summary>
    private sealed record Understood(ReadyRule? Ready, UnreadableClause? Unreadable, RuleParts? Around);

    private sealed record ReadEvent(EventSnapshot Event, RuleParts Parts, string? Unreadable);

    private sealed record Known(RemoteTicket Ticket, TicketFacts Facts);
}
