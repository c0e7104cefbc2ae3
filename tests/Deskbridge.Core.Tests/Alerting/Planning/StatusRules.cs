using Deskbridge.Connectors;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>Rules over one-letter statuses: New, in Progress, Assigned, Waiting, Closed. A condition names those on which it holds, or says "owned".</summary>
internal sealed class StatusRules : IReadsRules
{
    public static readonly char[] All = ['N', 'P', 'A', 'W', 'C'];

    public static readonly RemoteStatus[] Board = [.. All.Select(status => new RemoteStatus($"{status}", $"{status}", status == 'C'))];

    public RemoteTicket Blank { get; } = new() { Id = "0", Title = "", UpdatedAt = PlannedPair.Now, EnteredAt = PlannedPair.Now, Closed = false, Body = "" };

    public Task<RuleBook> ReadRulesAsync(CancellationToken cancel) => throw new InvalidOperationException("The laws are checked without a call.");

    public RuleBook ParseRules(string body) => throw new InvalidOperationException("The laws are checked on a rule book as read.");

    public RemoteTicket Imagine(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed) => ticket with
    {
        Board = values.GetValueOrDefault(TicketFields.Board) ?? ticket.Board,
        Status = values.GetValueOrDefault(TicketFields.Status) ?? ticket.Status,
        Owner = values.GetValueOrDefault(TicketFields.Owner) ?? ticket.Owner,
        Closed = closed ?? ticket.Closed,
    };

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now)
    {
        var asked = inbound.Condition.Split(' ')[^1];
        var holds = asked == "owned" ? ticket.Owner is not null : asked.Contains(ticket.Status!.Id, StringComparison.Ordinal);
        return new RuleVerdict(holds, true, null, [new ClauseTrace(inbound.Condition, holds, ticket.Status?.Name ?? "")]);
    }

    internal sealed record Preferences(StatusFlows Flows, OwnerAssignment OwnerAssignment) : IAlertingPreferences
    {
        public bool OverwriteOwner => false;

        public NoteFlags NoteFlags => NoteFlags.Internal;
    }
}
