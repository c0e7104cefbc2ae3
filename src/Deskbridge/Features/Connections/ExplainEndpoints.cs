using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections.Rules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>Why a ticket raised an alert or did not.</summary>
internal static class ExplainEndpoints
{
    public static void MapExplain(this IEndpointRouteBuilder api) =>
        api.MapGet("/connections/{id:guid}/tickets/{ticket}/explanation", ExplainAsync).WithTags("Connections").RequireAuthorization(Policies.Responder, Scopes.Read)
            .WithSummary("Why a ticket raised an alert or did not: each clause of the rules in force, with the value it looked at")
            .WithDescription("Reads the ticket once in the remote system; changes nothing.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<ExplanationView>, ProblemHttpResult>> ExplainAsync(Guid id, string ticket, ExplainTicket explain, CancellationToken cancel)
    {
        var explained = await explain.RunAsync(id, ticket, cancel);
        return explained.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(ExplanationView.Of(explained.Value));
    }
}

/// <summary>Why a ticket raised an alert or did not. <c>AlertId</c> is the alert that stands on it.</summary>
internal sealed record ExplanationView(string Ticket, string Title, string Verdict, Guid? AlertId, IReadOnlyList<ExplainedEventView> Events)
{
    public static ExplanationView Of(TicketExplanation explained) => new(
        explained.TicketId, explained.Title, explained.Verdict, explained.AlertId,
        [.. explained.Events.Select(judged => new ExplainedEventView(judged.Event.Kind.ToString().ToLowerInvariant(), judged.Event.Rule, judged.Holds, judged.Verdict.Trace, judged.Event.Id, explained.Returns.GetValueOrDefault(judged.Event.Id)))]);
}

/// <summary>One event of a rule. <c>Kind</c> is raise, acknowledge or close; <c>Return</c> says what happens when a ticket that has an alert comes to match a raising event again.</summary>
internal sealed record ExplainedEventView(string Kind, string Rule, bool Holds, IReadOnlyList<ClauseTrace> Clauses, string EventId, string? Return);
