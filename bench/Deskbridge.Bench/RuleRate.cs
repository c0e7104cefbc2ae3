using Deskbridge.Connectors;

namespace Deskbridge.Bench;

/// <summary>One rule of five clauses on a ticket that is parsed already, on one core, beside a predicate in C# that says the same.</summary>
internal static class RuleRate
{
    private const int Rounds = 4_000_000;
    private const int AimPerSecond = 1_000_000;

    private static readonly InboundEvent Rule = new(
        "9", InboundEventKind.Raise, "Five clauses",
        "Signl4Retrieved_c is false and (Ticket is in New (not responded) status or Priority is Priority 1 - Emergency Response) and Ticket is not currently assigned and Ticket Actual Age is more than 4 hours");

    /// <summary>Measures on a ticket for which all five clauses must be looked at, and hold.</summary>
    public static void Measure(IReadsRules evaluator, RemoteTicket some)
    {
        var ticket = evaluator.Imagine(
            some,
            new Dictionary<string, RemoteRef?>
            {
                [TicketFields.Status] = new("1", "In Progress (plan of action)"),
                [TicketFields.Priority] = new("1", "Priority 1 - Emergency Response"),
                [TicketFields.Owner] = null,
            },
            closed: false);
        var now = ticket.EnteredAt.AddHours(5);
        var markers = new MarkerAnswers(false, "", "");
        var rule = PerSecond(instant => evaluator.Evaluate(Rule, ticket, markers, instant).Holds);
        var floor = PerSecond(instant => Predicate(ticket, markers, instant));
        Print.Aim("five clauses, evaluations a second and core", rule.Rate >= AimPerSecond, $"{rule.Rate:N0}, {rule.Bytes:0} bytes each", $"{AimPerSecond:N0}");
        Print.Line("the same as a predicate in C#", $"{floor.Rate:N0}, {floor.Bytes:0} bytes each ({floor.Rate / rule.Rate:0.0} times the rule's)");
        if ((rule.Held, floor.Held) != (Rounds, Rounds)) throw new InvalidOperationException($"Of {Rounds} times the rule held {rule.Held} and the predicate {floor.Held}.");

        (double Rate, double Bytes, int Held) PerSecond(Func<DateTimeOffset, bool> holds)
        {
            Count(holds, Rounds / 10);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = TimeProvider.System.GetTimestamp();
            var held = Count(holds, Rounds);
            var took = TimeProvider.System.GetElapsedTime(began);
            return (Rounds / took.TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Rounds, held);
        }

        // The instant moves, so that neither has the same question twice.
        int Count(Func<DateTimeOffset, bool> holds, int rounds)
        {
            var held = 0;
            for (var i = 0; i < rounds; i++)
            {
                if (holds(now.AddMilliseconds(i))) held++;
            }

            return held;
        }
    }

    private static bool Predicate(RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now) =>
        !markers.Retrieved
        && (Is(ticket.Status, "New (not responded)") || Is(ticket.Priority, "Priority 1 - Emergency Response"))
        && ticket.Owner is null
        && now - ticket.EnteredAt >= TimeSpan.FromHours(4);

    private static bool Is(RemoteRef? reference, string name) => reference is not null && reference.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
