using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Deskbridge.Features.Alerts;

/// <summary>Alerts: everybody reads them, responders work them.</summary>
internal static class AlertEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/alerts").WithTags("Alerts").RequireAuthorization(Policies.Viewer, Scopes.Read);
        read.MapGet("", ListAsync).WithSummary("List alerts, newest first")
            .WithDescription("status is open, acknowledged or closed. q matches a part of the title, in any script and without regard to case. limit goes from 1 to 200. Pass next as cursor to go on.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        read.MapGet("/{id:guid}", GetAsync).WithSummary("One alert with its timeline, deliveries, notes, ticket, remote writes and conflicts")
            .ProducesProblem(StatusCodes.Status404NotFound);

        var work = api.MapGroup("/alerts/{id:guid}").WithTags("Alerts").RequireAuthorization(Policies.Responder, Scopes.Alerts)
            .ProducesProblem(StatusCodes.Status404NotFound);
        work.MapPost("/acknowledge", AcknowledgeAsync).WithSummary("Take the alert: paging stops and the ticket is told")
            .WithDescription("Repeating it answers 200 and changes nothing; a closed alert answers 409.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        work.MapPost("/unacknowledge", UnacknowledgeAsync).WithSummary("Take the acknowledgement back: the alert pages again")
            .WithDescription("Repeating it answers 200 and changes nothing; a closed alert answers 409.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        work.MapPost("/close", CloseAsync).WithSummary("Close the alert and update its ticket")
            .WithDescription("Repeating it answers 200 and changes nothing.");
        work.MapPost("/reopen", ReopenAsync).WithSummary("Open a closed alert again: it pages")
            .WithDescription("Repeating it answers 200 and changes nothing.");
        work.MapPost("/take-over", TakeOverAsync).WithSummary("Take an acknowledged alert over from somebody else: the ticket is told, and the owner changes where the settings say so")
            .ProducesProblem(StatusCodes.Status409Conflict);
        work.MapPost("/escalate", EscalateAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Run the next step of the escalation chain now")
            .WithDescription("seen: next.mark of the alert as you saw it; when it stands elsewhere by now, the answer is 200 and nothing changes, so that a request may be repeated. "
                + "An acknowledged alert is given back first and goes on after the step that was answered; a closed one answers 409.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        work.MapGet("/ticket-statuses", ListStatusesAsync).WithSummary("The statuses that the ticket's board has, and the one the ticket shows").ProducesProblem(StatusCodes.Status409Conflict);
        work.MapPost("/ticket-status", SetStatusAsync).WithSummary("Set the ticket's status as a technician would; the connection's rules decide what that means for the alert")
            .WithDescription("seenStatusId: the status you saw; another one by now answers 409. If somebody is faster than the write itself, theirs stays and the timeline says so.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        work.MapPost("/notes", AddNoteAsync).WithMetadata(new IdempotentAttribute())
            .WithSummary("Add a note; it becomes a note of the ticket, exactly once")
            .WithDescription("Send an Idempotency-Key: a repeated request then answers the first note again.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        work.MapPost("/files", AddFileAsync).WithMetadata(new IdempotentAttribute(), new RequestSizeLimitAttribute(LargestFile(api)))
            .Accepts<Stream>("application/octet-stream").WithSummary("Attach a file; it becomes a document of the ticket, exactly once")
            .WithDescription("The body is the file itself, as application/octet-stream, and name is what it is called. Send an Idempotency-Key: a repeated request then answers the first file again.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        read.MapGet("/{id:guid}/files/{fileId:guid}/content", ReadFileAsync).WithSummary("The content of a file that was attached here, as a download")
            .WithDescription("Some time after it has arrived on the ticket the hub deletes its copy; then 404.")
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
        work.MapPut("/notes/{noteId:guid}", EditNoteAsync).WithSummary("Give a note another text, here and on the ticket; for its author and administrators")
            .WithDescription("version: the one you saw; another by now answers 409. If somebody changed the note on the ticket first, theirs stays there and the timeline says so. Repeating it answers 200 and changes nothing.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> TakeOverAsync(
        Guid id, Caller caller, TakeOverAlert takeOver, AlertReader reader, CancellationToken cancel) =>
        await AnswerAsync(await takeOver.RunAsync(id, caller.Person, cancel), reader, cancel);

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> EscalateAsync(
        Guid id, Caller caller, EscalateAlert escalate, AlertReader reader, CancellationToken cancel, EscalateBody? body = null) =>
        await AnswerAsync(await escalate.RunAsync(id, body?.Seen, caller.Person, cancel), reader, cancel);

    private static async Task<Results<Ok<TicketStatusesView>, ProblemHttpResult>> ListStatusesAsync(Guid id, SetTicketStatus set, CancellationToken cancel)
    {
        var choices = await set.ChoicesAsync(id, cancel);
        return choices.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(new TicketStatusesView(choices.Value.Ticket.Status, choices.Value.Board, choices.Value.Statuses));
    }

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> SetStatusAsync(
        Guid id, TicketStatusBody body, Caller caller, SetTicketStatus set, AlertReader reader, CancellationToken cancel) =>
        await AnswerAsync(await set.RunAsync(id, body.StatusId ?? "", body.SeenStatusId, caller.Person, cancel), reader, cancel);

    private static async Task<Results<Ok<ListOf<AlertItem>>, ProblemHttpResult>> ListAsync(
        AlertQueries alerts, CancellationToken cancel, string? status = null, string? q = null, int? limit = null, string? cursor = null)
    {
        AlertStatus? wanted = null;
        if (!string.IsNullOrWhiteSpace(status) && (wanted = AlertWords.Read(status)) is null) return new UnknownAlertStatus(status).ToProblem();
        if (ListLimit.Check(limit) is { } refused) return refused.ToProblem();
        if (!string.IsNullOrEmpty(cursor) && AlertCursor.Read(cursor) is null) return new UnknownCursor().ToProblem();
        var found = await alerts.ListAsync(new AlertFilter { Status = wanted, Search = q, Limit = limit ?? ListLimit.Default, After = cursor }, cancel);
        return TypedResults.Ok(new ListOf<AlertItem>([.. found.Items.Select(AlertItem.Of)], found.Next));
    }

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> GetAsync(Guid id, AlertReader reader, CancellationToken cancel) =>
        await reader.FindAsync(id, cancel) is { } alert ? TypedResults.Ok(alert) : new AlertNotFound(id).ToProblem();

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> AcknowledgeAsync(
        Guid id, Caller caller, AcknowledgeAlert acknowledge, AlertReader reader, CancellationToken cancel) =>
        await AnswerAsync(await acknowledge.RunAsync(id, caller.Person, cancel), reader, cancel);

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> UnacknowledgeAsync(
        Guid id, Caller caller, UnacknowledgeAlert unacknowledge, AlertReader reader, CancellationToken cancel) =>
        await AnswerAsync(await unacknowledge.RunAsync(id, caller.Person, cancel), reader, cancel);

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> CloseAsync(
        Guid id, Caller caller, CloseAlert close, AlertReader reader, CancellationToken cancel) =>
        await AnswerAsync(await close.RunAsync(id, caller.Person, cancel), reader, cancel);

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> ReopenAsync(
        Guid id, Caller caller, ReopenAlert reopen, AlertReader reader, CancellationToken cancel) =>
        await AnswerAsync(await reopen.RunAsync(id, caller.Person, cancel), reader, cancel);

    private static async Task<Results<Created<NoteView>, ProblemHttpResult>> AddNoteAsync(
        Guid id, NoteBody body, HttpRequest request, Caller caller, AddAlertNote add, CancellationToken cancel)
    {
        NoteFlags? flags = null;
        foreach (var (index, word) in (body.Flags ?? []).Index())
        {
            if (!Words.TryRead<NoteFlags>(word, out var flag)) return new InvalidFailure($"flags[{index}]", $"'{word}' is no flag of a note. Use internal, discussion and resolution, or leave flags away for what the connection's settings say.").ToProblem();
            flags = (flags ?? NoteFlags.None) | flag;
        }

        var added = await add.RunAsync(id, caller.Person, body.Text ?? "", flags, request.Headers["Idempotency-Key"], cancel);
        return added.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Created($"{ApiPaths.Root}/alerts/{id}", NoteView.Of(added.Value));
    }

    private static async Task<Results<Ok<NoteView>, ProblemHttpResult>> EditNoteAsync(
        Guid id, Guid noteId, NoteEditBody body, Caller caller, EditAlertNote edit, CancellationToken cancel)
    {
        if (body.Version is not { } seen) return new NoteVersionMissing().ToProblem();
        var edited = await edit.RunAsync(id, noteId, seen, body.Text ?? "", caller.Person, cancel);
        return edited.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(NoteView.Of(edited.Value));
    }

    private static int LargestFile(IEndpointRouteBuilder api) => api.ServiceProvider.GetRequiredService<IOptions<AlertingOptions>>().Value.LargestFile;

    private static async Task<Results<Created<FileView>, ProblemHttpResult>> AddFileAsync(
        Guid id, HttpRequest request, Caller caller, AddAlertFile add, CancellationToken cancel, string? name = null)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, cancel);
        var added = await add.RunAsync(id, name, bytes.ToArray(), caller.Person, request.Headers["Idempotency-Key"], cancel);
        return added.Failure is { } refused ? refused.ToProblem() : TypedResults.Created($"{ApiPaths.Root}/alerts/{id}/files/{added.Value.Id}/content", FileView.Of(added.Value));
    }

    /// <summary>Whatever it is, it is saved and never shown: a page that somebody attached must not run as one of the hub's.</summary>
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadFileAsync(Guid id, Guid fileId, HttpResponse response, AlertQueries alerts, CancellationToken cancel)
    {
        var found = await alerts.ReadFileAsync(id, fileId, cancel);
        if (found.Failure is { } refused) return refused.ToProblem();
        response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(found.Value.Bytes, "application/octet-stream", found.Value.Name);
    }

    private static async Task<Results<Ok<AlertView>, ProblemHttpResult>> AnswerAsync(Result<AlertActed> acted, AlertReader reader, CancellationToken cancel) =>
        acted.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Ok(await reader.FindAsync(acted.Value.Alert.Id, cancel));
}

/// <summary>A note. <c>Flags</c>: internal, discussion (the customer sees it), resolution; left away: what the connection's settings say.</summary>
internal sealed record NoteBody(string? Text, IReadOnlyList<string>? Flags = null);

/// <summary>Another text for a note, and the version of it that was seen.</summary>
internal sealed record NoteEditBody(string? Text, int? Version);

internal sealed record NoteVersionMissing() : InvalidFailure("version", "Say which version of the note you saw, as version; GET /alerts/{id} tells it with each note. So two people do not write over each other.");

/// <summary>Where the alert was seen to stand; left away for wherever it stands.</summary>
internal sealed record EscalateBody(string? Seen);

/// <summary>A status for the ticket, by remote id, and the one that was seen.</summary>
internal sealed record TicketStatusBody(string? StatusId, string? SeenStatusId);

/// <summary>The ticket's status and board, and the statuses it may be given.</summary>
internal sealed record TicketStatusesView(RemoteRef? Status, RemoteRef Board, IReadOnlyList<RemoteStatus> Statuses);

internal sealed record UnknownAlertStatus(string Status)
    : InvalidFailure("status", $"'{Status}' is no state of an alert. Use open, acknowledged or closed, or leave status away for all.");
