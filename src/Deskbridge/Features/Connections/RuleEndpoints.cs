using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>The rules that the remote system holds: reading, trying and changing them.</summary>
internal static class RuleEndpoints
{
    public static void MapRules(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/connections/{id:guid}/rules").WithTags("Rules").RequireAuthorization(Policies.Viewer, Scopes.Read)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        read.MapGet("", GetAsync).WithSummary("The rules as they stand in the remote system now, every event with its version")
            .WithDescription("Reads the remote system. lastChange is the last change that the hub saw, whoever made it.");
        read.MapGet("/fields", FieldsAsync).WithSummary("What clauses can be about and how their text is put together, and the kinds of action");
        read.MapGet("/values/{list}", ValuesAsync).RequireAuthorization(Policies.Responder).ProducesProblem(StatusCodes.Status400BadRequest).WithSummary("The names a clause or an action can take from this instance, for example of statuses");
        read.MapGet("/events/{eventId}/templates", TemplatesAsync).RequireAuthorization(Policies.Responder).WithSummary("Ready-made rules for an event, with this instance's names filled in");

        var admin = api.MapGroup("/connections/{id:guid}/rules/events/{eventId}").WithTags("Rules").RequireAuthorization(Policies.Admin, Scopes.Connections)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapPost("/check", CheckAsync).WithSummary("Say whether a condition and actions could be saved, and what would come of it; writes nothing")
            .WithDescription("An unreadable condition, a missing locked clause and rules that fight each other are answered as problems in a 200, not as an error.");
        admin.MapPost("/preview", PreviewAsync).WithSummary("Try a condition on the tickets of the last 30 days beside the one in force; answers a run").WithMetadata(new IdempotentAttribute());
        admin.MapPut("/return", ReturnAsync).WithSummary("Choose what a ticket does that comes back by an event that raises alerts")
            .WithDescription("policy is reopenAlert, newAlert, newAlertLater (after so many hours closed) or ignore; null for what the connection's settings say.");
        admin.MapPost("/copies", CopyAsync).WithSummary("Add another event that raises alerts, with this one's condition; then save its own").WithMetadata(new IdempotentAttribute());
        admin.MapDelete("", DeleteAsync).WithSummary("Delete an event that raises alerts, when its rule has another one").WithDescription("version is the one that was read.");
        admin.MapPut("", SaveAsync).WithSummary("Write a condition and actions to the remote system and put them into force")
            .WithDescription("version is the one that was read. When the event has another by now the answer is 409 with the event as it is under current. "
                + "When open tickets would newly match, the answer is 409 with their number under raises, until confirmRaises is that number.");
    }

    private static async Task<Results<Ok<RulesResource>, ProblemHttpResult>> GetAsync(Guid id, OpenRules open, RuleQueries queries, CancellationToken cancel)
    {
        var opened = await open.RunAsync(id, cancel);
        return opened.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Ok(RulesResource.Of(opened.Value, (await queries.ReadAsync(opened.Value.Live, cancel))?.LastChange));
    }

    private static async Task<Results<Ok<RuleLanguageView>, ProblemHttpResult>> FieldsAsync(Guid id, OpenRules open, CancellationToken cancel)
    {
        var found = await open.FindAsync(id, cancel);
        return found.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(new RuleLanguageView(found.Value.Editor.RuleFields, found.Value.Editor.RuleActionKinds));
    }

    private static async Task<Results<Ok<RuleValuesView>, ProblemHttpResult>> ValuesAsync(Guid id, string list, OpenRules open, RuleValueLists lists, CancellationToken cancel)
    {
        var found = await open.FindAsync(id, cancel);
        if (found.Failure is { } refused) return refused.ToProblem();
        if (RuleValueLists.Refuse(found.Value.Editor, list) is { } unknown) return unknown.ToProblem();
        try
        {
            return TypedResults.Ok(new RuleValuesView(await lists.ReadAsync(id, found.Value.Editor, list, cancel)));
        }
        catch (ConnectorException failure)
        {
            return new RulesNotRead(failure.Message).ToProblem();
        }
    }

    private static async Task<Results<Ok<RuleTemplatesView>, ProblemHttpResult>> TemplatesAsync(Guid id, string eventId, OpenRules open, RuleValueLists lists, CancellationToken cancel)
    {
        var opened = await open.RunAsync(id, eventId, cancel);
        if (opened.Failure is { } refused) return refused.ToProblem();
        try
        {
            return TypedResults.Ok(new RuleTemplatesView(await opened.Value.Rules.ReadTemplatesAsync(opened.Value.Event, lists, cancel)));
        }
        catch (ConnectorException failure)
        {
            return new RulesNotRead(failure.Message).ToProblem();
        }
    }

    private static async Task<Results<Ok<RuleCheckView>, ProblemHttpResult>> CheckAsync(Guid id, string eventId, RuleEventBody body, CheckRuleEvent check, CancellationToken cancel)
    {
        var found = await check.RunAsync(id, body.ToEdit(eventId), cancel);
        return found.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(RuleCheckView.Of(found.Value));
    }

    private static async Task<Results<Accepted<RunResource>, ProblemHttpResult>> PreviewAsync(
        Guid id, string eventId, RuleEventBody body, Caller caller, ConnectionRuns runs, CancellationToken cancel)
    {
        var started = await runs.StartAsync(id, ConnectionRunKind.Preview, caller.Person, new RunRequest(Rule: new RuleTrial(eventId, body.Condition ?? "")), cancel);
        if (started.Failure is { } refused) return refused.ToProblem();
        var run = (await runs.FindAsync(started.RunId!.Value, cancel))!;
        return TypedResults.Accepted($"{ApiPaths.Root}/connections/{id}/runs/{run.Run.Id}", RunResource.Of(run.Run, run.Items));
    }

    private static async Task<Results<Ok<EventReturnView>, ProblemHttpResult>> ReturnAsync(
        Guid id, string eventId, EventReturnBody body, Caller caller, RuleTriggers triggers, CancellationToken cancel)
    {
        ReturnPolicy? policy = null;
        if (body is { Policy: null, Hours: not null }) return new InvalidFailure("policy", "hours belong to a choice of the event's own: send its policy with them. Without both, the connection's settings count again.").ToProblem();
        if (body.Policy is { } word)
        {
            if (!Words.TryRead<ReturnPolicy>(word, out var read)) return new InvalidFailure("policy", $"'{word}' is no choice. Use reopenAlert, newAlert, newAlertLater or ignore.").ToProblem();
            policy = read;
        }

        var chosen = await triggers.ChooseReturnAsync(id, eventId, policy, body.Hours, caller.Person, cancel);
        return chosen.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(EventReturnView.Of(chosen.Value));
    }

    private static async Task<Results<Created<RuleEventView>, ProblemHttpResult>> CopyAsync(Guid id, string eventId, Caller caller, RuleTriggers triggers, CancellationToken cancel)
    {
        var added = await triggers.AddAsync(id, eventId, caller.Person, cancel);
        return added.Failure is { } refused ? refused.ToProblem() : TypedResults.Created($"{ApiPaths.Root}/connections/{id}/rules/events/{added.Value.Event.Id}", RuleEventView.Of(added.Value.Event, added.Value.Rules.Live.Preferences));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, string eventId, string? version, Caller caller, RuleTriggers triggers, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(version)) return MissingVersion();
        if (await triggers.DeleteAsync(id, eventId, version, caller.Person, cancel) is not { } refused) return TypedResults.NoContent();
        var problem = refused.ToProblem();
        if (refused is RuleChangedSince changed) problem.ProblemDetails.Extensions["current"] = RuleEventView.Of(changed.Now, changed.Preferences);
        return problem;
    }

    private static ProblemHttpResult MissingVersion() =>
        new InvalidFailure("version", "version is missing. Send the one that was read with the event, so that nobody's change is overwritten.").ToProblem();

    private static async Task<Results<Ok<RuleSavedView>, ProblemHttpResult>> SaveAsync(
        Guid id, string eventId, RuleEventBody body, Caller caller, SaveRuleEvent save, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(body.Version)) return MissingVersion();
        var saved = await save.RunAsync(id, body.ToEdit(eventId), body.Version, body.ConfirmRaises ?? 0, caller.Person, cancel);
        if (saved.Failure is null) return TypedResults.Ok(new RuleSavedView(RuleEventView.Of(saved.Value.Event, saved.Value.Preferences), saved.Value.Outcome));
        var problem = saved.Failure.ToProblem();
        if (saved.Failure is RuleChangedSince changed) problem.ProblemDetails.Extensions["current"] = RuleEventView.Of(changed.Now, changed.Preferences);
        if (saved.Failure is RuleWouldRaise would) problem.ProblemDetails.Extensions["raises"] = would.Count;
        return problem;
    }
}
