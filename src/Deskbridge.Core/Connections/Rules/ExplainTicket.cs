using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Says why a ticket raised an alert or did not: reads it once and tries every clause of the rules in force on it. Changes nothing.</summary>
internal sealed class ExplainTicket(ConnectorPool pool, HubStore store, RemoteAnswers answers, AlertSafeties safeties)
{
    /// <summary>Explains one ticket.</summary>
    /// <param name="connectionId">The connection; it may be paused.</param>
    /// <param name="number">The ticket's number, with or without #.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<TicketExplanation>> RunAsync(Guid connectionId, string number, CancellationToken cancel)
    {
        try
        {
            if (await pool.FindInAnyStateAsync(connectionId, cancel) is not { } live) return new ConnectionNotFound(connectionId);
            if (live.Connector is not (IReadsTickets tickets and IReadsRules) || live.Rules is not { } rules) return new NoRulesInForce(live.Connection.Name);
            var read = await TicketNumber.ReadAsync(live, tickets, number, cancel);
            return read.Failure is { } missing ? missing : await ExplainAsync(live, rules, read.Value, cancel);
        }
        catch (ConnectorRejectedException failure)
        {
            return new InvalidFailure("ticket", failure.Message);
        }
        catch (ConnectorException failure)
        {
            return new TicketNotRead(number.Trim(), failure.Message);
        }
    }

    private async Task<TicketExplanation> ExplainAsync(LiveConnection live, RuleBook rules, RemoteTicket ticket, CancellationToken cancel)
    {
        var (link, alert, judge) = await store.ReadAsync(
            async db =>
            {
                var link = await db.Links.SingleOrDefaultAsync(row => row.ConnectionId == live.Id && row.Type == RecordTypes.Ticket && row.RemoteId == ticket.Id, cancel);
                var alert = link is null ? null : await db.Alerts.Where(row => row.LinkId == link.Id).OrderByDescending(row => row.Generation).FirstOrDefaultAsync(cancel);
                return (link, alert, await answers.JudgeAsync(db, live, cancel));
            },
            cancel);
        var markers = safeties.Markers.Answer(ticket, alert?.Status, alert?.ActorEmail ?? "");
        var verdicts = EventVerdicts.Read(rules, inbound => judge.Evaluate(inbound, ticket, markers, live.RemoteNow));
        return new TicketExplanation(ticket.NumberForPeople, ticket.Title, Verdict(live, ticket, verdicts, link, alert), alert?.Id, verdicts.Events)
        {
            Returns = rules.Inbound.Where(inbound => inbound.Kind == InboundEventKind.Raise).ToDictionary(inbound => inbound.Id, inbound => live.Preferences.SayReturnBy(inbound.Id)),
        };
    }

    private static string Verdict(LiveConnection live, RemoteTicket ticket, EventVerdicts verdicts, Link? link, Alert? alert)
    {
        if (alert is not null) return $"An alert stands on this ticket; it is {AlertWords.Of(alert.Status)}. If the ticket is closed and opened again, {live.Preferences.SayReturnBy(link is null ? null : Json.Read<LinkBase>(link.Base).RaisedBy)}.";
        var raise = verdicts.Events.Where(judged => judged.Event.Kind == InboundEventKind.Raise).ToList();
        if (raise.Count == 0) return "No rule raises alerts, so this ticket raises none. Install creates the rule.";
        if (raise.TrueForAll(judged => !judged.Verdict.Holds) && raise.Exists(judged => judged.Verdict.IsUnknown)) return "Whether it matches is not known: the hub does not evaluate the rule itself, and what the ticket system answered last does not tell. Until it does, the ticket raises nothing.";
        if (raise.TrueForAll(judged => !judged.Verdict.Holds)) return NoMatch(raise);
        if (!verdicts.Raises) return $"It matches, but it is older than {live.Rules!.AgeWindow.TotalHours:0.#} hours, and such tickets raise nothing.";
        if (ticket.Closed) return "It matches, but it is closed, and closed tickets raise nothing.";
        if (verdicts.Closes) return "It matches, but the rule that closes alerts matches it as well, so it raises nothing.";
        if (live.Connection.State != ConnectionState.Active) return "It matches. It raises its alert when the connection works again.";
        return link is { State: LinkState.Candidate } && Json.Read<LinkBase>(link.Base).Verdict(InboundEventKind.Raise) == true
            ? "It matched already when the connection was installed or its rules were changed, so it raised nothing. The page of the last Install has a button that raises such tickets."
            : "It matches. Its alert is raised as soon as the hub has looked at it, within a minute.";
    }

    /// <summary>Names the clauses that the verdict rests on: of a group of which one would do, every one.</summary>
    private static string NoMatch(List<JudgedEvent> raise)
    {
        var reasons = raise
            .Select(judged => judged.Verdict.Trace.Where(clause => clause is { Decides: true, Holds: false }).Select(clause => $"\"{clause.Text}\" is false (it is: {clause.Actual})").Distinct().ToList())
            .Where(clauses => clauses.Count > 0)
            .Select(clauses => string.Join(", ", clauses.Take(MostNamed)) + (clauses.Count > MostNamed ? $" and {clauses.Count - MostNamed} more" : ""))
            .ToList();
        return reasons.Count == 0 ? "It does not match: the clauses marked ✗ are false." : $"It does not match: {string.Join("; and by the other event, ", reasons)}.";
    }

    private const int MostNamed = 5;
}

/// <summary>Why a ticket raised an alert or did not.</summary>
/// <param name="TicketId">Its number.</param>
/// <param name="Title">Its summary.</param>
/// <param name="Verdict">The answer, in a sentence.</param>
/// <param name="AlertId">The alert that stands on it.</param>
/// <param name="Events">Every event of the rules with its clauses.</param>
internal sealed record TicketExplanation(string TicketId, string Title, string Verdict, Guid? AlertId, IReadOnlyList<JudgedEvent> Events)
{
    /// <summary>By remote id of each raising event: what happens when a ticket that has an alert comes to match it again.</summary>
    public IReadOnlyDictionary<string, string> Returns { get; init; } = new Dictionary<string, string>();
}

/// <summary>Nothing can be tried on a ticket yet.</summary>
internal sealed record NoRulesInForce(string Name) : ConflictFailure($"'{Name}' has no rules in force yet. Install it first; until then, Dry run tries tickets against the rules that Install would write.");

/// <summary>The remote system does not show the ticket.</summary>
internal sealed record TicketNotSeen(string Id, string Name) : NotFoundFailure($"'{Name}' shows no service ticket {Id}. Either there is none, or the API member may not see its board; then it does not exist for the hub.");

/// <summary>The remote system could not be asked.</summary>
internal sealed record TicketNotRead(string Id, string Reason) : ConflictFailure($"Ticket {Id} could not be read: {Reason}");
