using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>The event log of connections: what came in, what was decided, and why.</summary>
internal static class EventEndpoints
{
    private const string Help = "payload is the body as received; trace holds one clause of the decision per line; traceId leads to the log lines of what caused it. limit goes from 1 to 200. Pass next as cursor to go on.";

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/events", ListAsync).WithTags("Events").RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("The event log of all connections, newest first")
            .WithDescription($"connection: an id; kind: {Expected.OneOf(EventKinds.Names)}; ticket: a remote id or number. {Help}")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/connections/{id:guid}/events", ListOfConnectionAsync).WithTags("Events").RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("The event log of one connection, newest first").WithDescription(Help)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/connections/{id:guid}/events/{eventId:guid}/replay", ReplayAsync).WithTags("Events").RequireAuthorization(Policies.Dispatcher, Scopes.Alerts)
            .WithSummary("Look at an event's ticket now, as if the event had just come")
            .WithDescription("Location lists what comes of it, newest first: an event of the kind replay with the decision's clauses, beside the changes themselves.")
            .WithMetadata(new IdempotentAttribute())
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Accepted<ReplayedEvent>, ProblemHttpResult>> ReplayAsync(Guid id, Guid eventId, Caller caller, ReplayEvent replay, CancellationToken cancel)
    {
        var replayed = await replay.RunAsync(id, eventId, caller.Person, cancel);
        return replayed.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Accepted($"{ApiPaths.Root}/connections/{id}/events?kind={ReplayEvent.Kind}&ticket={replayed.Value.Ticket}", replayed.Value);
    }

    private static Task<Results<Ok<ListOf<EventView>>, ProblemHttpResult>> ListAsync(
        HubStore store, CancellationToken cancel, Guid? connection = null, string? kind = null, string? ticket = null, int? limit = null, string? cursor = null) =>
        ReadAsync(store, new ConnectionEventFilter(connection, Given(kind), Given(ticket)), limit, cursor, cancel);

    private static async Task<Results<Ok<ListOf<EventView>>, ProblemHttpResult>> ListOfConnectionAsync(
        Guid id, HubStore store, ConnectionQueries connections, CancellationToken cancel, string? kind = null, string? ticket = null, int? limit = null, string? cursor = null) =>
        await connections.FindAsync(id, cancel) is null
            ? new ConnectionNotFound(id).ToProblem()
            : await ReadAsync(store, new ConnectionEventFilter(id, Given(kind), Given(ticket)), limit, cursor, cancel);

    private static async Task<Results<Ok<ListOf<EventView>>, ProblemHttpResult>> ReadAsync(
        HubStore store, ConnectionEventFilter filter, int? limit, string? cursor, CancellationToken cancel)
    {
        if (ListLimit.Check(limit) is { } refused) return refused.ToProblem();
        if (filter.Kind is { } kind && !EventKinds.Names.Contains(kind, StringComparer.Ordinal)) return new UnknownEventKind(kind).ToProblem();
        if (!string.IsNullOrEmpty(cursor) && !ConnectionLog.IsCursor(cursor)) return new UnknownCursor().ToProblem();
        var page = await ConnectionLog.ReadAsync(store, filter, limit ?? ListLimit.Default, cursor, cancel);
        return TypedResults.Ok(new ListOf<EventView>([.. page.Items.Select(EventView.Of)], page.Next));
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

internal sealed record UnknownEventKind(string Kind)
    : InvalidFailure("kind", $"'{Kind}' is no kind of event. Use {Expected.OneOf(EventKinds.Names)}, or leave kind away for all.");

/// <summary>An entry of the event log. <paramref name="Ticket"/> is the remote id of the ticket it is about, <paramref name="AlertId"/> its alert.</summary>
internal sealed record EventView(
    Guid Id, Guid ConnectionId, DateTimeOffset At, string Kind, string? Ticket, Guid? AlertId, string Message, string? Payload, string? Trace, string? TraceId)
{
    public static EventView Of(ConnectionEvent row) =>
        new(row.Id, row.ConnectionId, row.At, row.Kind, row.RemoteId, row.AlertId, row.Message, row.Payload, row.Trace, row.TraceId);
}
