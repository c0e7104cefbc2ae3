using System.Collections.Concurrent;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Understands the three rules and evaluates their events. Pure.</summary>
internal sealed class PsaRuleReader(ConnectWisePsaOptions options)
{
    private const int MostRemembered = 256;
    private readonly MarkerNames _markers = new(options.RetrievedField, options.StatusField, options.UserField);
    private readonly RuleNames _names = RuleNames.None
        .With(RuleSubject.CustomField, options.RetrievedField, options.StatusField, options.UserField);

    private readonly ConcurrentDictionary<string, RuleParts> _known = new(StringComparer.Ordinal);

    public RuleBook Understand(PsaRuleSource source)
    {
        var problems = new List<RuleProblem>();
        var window = TimeSpan.FromHours(options.AgeHours);
        var inbound = new List<InboundEvent>();
        foreach (var (rule, name, purpose) in new[] { (source.Trigger, options.TriggerRule, "raises alerts"), (source.Update, options.UpdateRule, "updates alerts") })
        {
            foreach (var (read, parts) in Events(rule, name, purpose, problems))
            {
                if (Kind(parts.Role) is { } kind)
                {
                    inbound.Add(new(read.Id, kind, rule!.Name, read.Condition));
                    window = kind == InboundEventKind.Raise && parts.FixedAge is { } age ? age.Age : window;
                }
            }
        }

        var writes = Events(source.Write, options.WriteRule, "updates tickets", problems);
        Expect(source.Trigger, inbound.Any(one => one.Kind == InboundEventKind.Raise), $"tests that {options.RetrievedField} is false", problems);
        return new()
        {
            Inbound = inbound,
            OnAcknowledge = Actions(source.Write, writes, RuleRole.OutboundAcknowledge, problems),
            OnClose = Actions(source.Write, writes, RuleRole.OutboundClose, problems),
            Problems = problems,
            AgeWindow = window,
            Body = source.ToText(),
        };
    }

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now)
    {
        var parts = PartsOf(inbound.Condition) is { Parts: { } read }
            ? read
            : throw new ArgumentException($"The condition of event {inbound.Id} of {inbound.Rule} cannot be read.", nameof(inbound));
        using var document = JsonDocument.Parse(ticket.Body);
        var facts = TicketFacts.From(document.RootElement);
        var answers = new MarkerFacts(_markers, markers.Retrieved, markers.Status, markers.User);
        var verdict = RuleText.Evaluate(parts.TicketPart, facts, answers, now);
        var age = RuleText.Evaluate(parts.FixedAge, facts, answers, now);
        var marked = parts.MarkerClauses.SelectMany(clause => RuleText.Evaluate(clause, facts, answers, now).Trace);
        var trace = verdict.Trace.Concat(age.Trace).Concat(marked).Select(clause => new ClauseTrace(clause.Negated ? $"not {clause.Text}" : clause.Text, clause.Holds != clause.Negated, clause.Actual));
        return new(verdict.Holds, age.Holds, Earlier(verdict.ChangesAt, age.ChangesAt), [.. trace]);
    }

    /// <summary>What an event's condition is made of, or why it cannot be read.</summary>
    public (RuleParts? Parts, UnreadableClause? Unreadable) PartsOf(string condition)
    {
        if (_known.TryGetValue(condition, out var known))
        {
            return (known, null);
        }

        var parsed = RuleText.Parse(condition, _names);
        if (parsed.Expression is not { } expression)
        {
            return (null, parsed.Unreadable);
        }

        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }

        return (_known[condition] = RuleParts.Split(expression, _markers, options.AgeHours), null);
    }

    private List<(EventSnapshot Event, RuleParts Parts)> Events(RuleSnapshot? rule, string name, string purpose, List<RuleProblem> problems)
    {
        var read = new List<(EventSnapshot, RuleParts)>();
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
                read.Add((one, parts));
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

    private static void Expect(RuleSnapshot? rule, bool there, string what, List<RuleProblem> problems)
    {
        if (rule is not null && !there && !problems.Exists(problem => problem.Blocks && problem.Rule == rule.Name))
        {
            problems.Add(new(rule.Name, $"No event of the workflow rule \"{rule.Name}\" {what}. Add one, or delete the rule and run Install to have it made anew.", Blocks: true));
        }
    }

    private static List<TicketAction> Actions(
        RuleSnapshot? rule, List<(EventSnapshot Event, RuleParts Parts)> events, RuleRole role, List<RuleProblem> problems)
    {
        var actions = new List<TicketAction>();
        foreach (var action in events.Where(one => one.Parts.Role == role).SelectMany(one => one.Event.Actions))
        {
            if (action.Status is { } status && action.Priority is null)
            {
                actions.Add(new(TicketFields.Status, status, rule!.Name));
            }
            else if (action.Priority is { } priority && action.Status is null)
            {
                actions.Add(new(TicketFields.Priority, priority, rule!.Name));
            }
            else
            {
                problems.Add(new(rule!.Name, $"The action \"{action.Type}\" of the workflow rule \"{rule.Name}\" is not carried out; only Change Ticket Status and Change Ticket Priority are. Remove it or choose one of these.", Blocks: false));
            }
        }

        return actions;
    }

    private static InboundEventKind? Kind(RuleRole role) => role switch
    {
        RuleRole.Retrieval => InboundEventKind.Raise,
        RuleRole.Acknowledge => InboundEventKind.Acknowledge,
        RuleRole.Close => InboundEventKind.Close,
        _ => null,
    };

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => (one, other) switch
    {
        ({ } first, { } second) => first < second ? first : second,
        _ => one ?? other,
    };
}
