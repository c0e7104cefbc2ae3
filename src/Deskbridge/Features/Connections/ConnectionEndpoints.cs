using System.Security.Claims;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>Connections: everybody sees how they are doing, administrators change them. Long work is in <see cref="RunEndpoints"/>.</summary>
internal static class ConnectionEndpoints
{
    public static void MapConnections(this IEndpointRouteBuilder api)
    {
        api.MapGet("/connectors", ListConnectors).WithTags("Connections").RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("The kinds of remote system and the settings each one asks for");

        var read = api.MapGroup("/connections").WithTags("Connections").RequireAuthorization(Policies.Viewer, Scopes.Read);
        read.MapGet("", ListAsync).WithSummary("List connections by name").WithDescription("removed=true lists removed ones too, last.");
        read.MapGet("/{id:guid}", GetAsync).WithSummary("One connection: settings without secrets, health, calls, capabilities, callbacks")
            .ProducesProblem(StatusCodes.Status404NotFound);

        var admin = api.MapGroup("/connections").WithTags("Connections").RequireAuthorization(Policies.Admin, Scopes.Connections)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        admin.MapPost("", CreateAsync).WithMetadata(new IdempotentAttribute())
            .WithSummary("Create a connection").WithDescription("It is a draft: it reads and writes nothing before it is installed.");
        var one = admin.MapGroup("/{id:guid}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapPut("", ChangeAsync).WithSummary("Change a connection")
            .WithDescription("What is left away stays as it is, and so does an empty secret; an address on another server asks for the secrets again. teamId of zeros means: no team.");
        one.MapPatch("", ChangeAsync).WithSummary("Change a part of a connection").WithDescription("The same as PUT.");
        one.MapPost("/pause", PauseAsync).WithSummary("Pause: nothing is read or written, what is queued stays queued").ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/resume", ResumeAsync).WithSummary("Go on after a pause").ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/disable", DisableAsync).WithSummary("Switch off: what is queued is dropped").ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/confirm-rules", ConfirmRulesAsync).WithSummary("Let a changed rule take force that waits because it would raise many alerts")
            .ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/switch-keys", SwitchKeysAsync).WithSummary("Put the second key in the place of the first, which is dropped")
            .WithDescription("The second is tried first; if it is refused or belongs to another member, nothing changes.").ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/raise-held", RaiseHeldAsync).WithSummary("Raise the open tickets that matched already when the connection was installed");
    }

    private static Results<Ok<ListOf<ConnectorView>>, ProblemHttpResult> ListConnectors(ConnectorCatalog catalog, int? limit = null, string? cursor = null) =>
        catalog.All.Select(ConnectorView.Of).InParts(limit, cursor, connector => connector.Kind);

    private static async Task<Results<Ok<ListOf<ConnectionSummary>>, ProblemHttpResult>> ListAsync(
        ConnectionQueries connections, CancellationToken cancel, bool removed = false, int? limit = null, string? cursor = null) =>
        (await connections.ListAsync(removed, cancel)).Select(ConnectionSummary.Of).InParts(limit, cursor, connection => connection.Id.ToString());

    private static async Task<Results<Ok<ConnectionDetail>, ProblemHttpResult>> GetAsync(Guid id, ClaimsPrincipal user, ConnectionReader reader, CancellationToken cancel)
    {
        if (await reader.FindAsync(id, cancel) is not { } found) return new ConnectionNotFound(id).ToProblem();
        var manages = user.IsAtLeast(PersonRole.Admin) && user.TokenScopes.HasFlag(TokenScope.Connections);
        return TypedResults.Ok(manages ? found : found with { Callbacks = found.Callbacks with { Address = null } });
    }

    private static async Task<Results<Created<ConnectionSavedView>, ProblemHttpResult>> CreateAsync(
        ConnectionBody body, Caller caller, CreateConnection create, ConnectionReader reader, CancellationToken cancel)
    {
        var saved = await create.RunAsync(body.Kind ?? "", body.ToDraft(), caller.Person, cancel);
        return saved.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Created($"{ApiPaths.Root}/connections/{saved.Id}", await reader.AnswerAsync(saved, cancel));
    }

    private static async Task<Results<Ok<ConnectionSavedView>, ProblemHttpResult>> ChangeAsync(
        Guid id, ConnectionBody body, Caller caller, ChangeConnection change, ConnectionReader reader, CancellationToken cancel)
    {
        var saved = await change.RunAsync(id, body.ToDraft(), caller.Person, cancel);
        return saved.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(await reader.AnswerAsync(saved, cancel));
    }

    private static Task<Results<Ok<ConnectionDetail>, ProblemHttpResult>> PauseAsync(
        Guid id, Caller caller, SetConnectionState state, ConnectionReader reader, CancellationToken cancel) =>
        AnswerAsync(id, state.PauseAsync(id, caller.Person, cancel), reader, cancel);

    private static Task<Results<Ok<ConnectionDetail>, ProblemHttpResult>> ResumeAsync(
        Guid id, Caller caller, SetConnectionState state, ConnectionReader reader, CancellationToken cancel) =>
        AnswerAsync(id, state.ResumeAsync(id, caller.Person, cancel), reader, cancel);

    private static Task<Results<Ok<ConnectionDetail>, ProblemHttpResult>> DisableAsync(
        Guid id, Caller caller, SetConnectionState state, ConnectionReader reader, CancellationToken cancel) =>
        AnswerAsync(id, state.DisableAsync(id, caller.Person, cancel), reader, cancel);

    private static Task<Results<Ok<ConnectionDetail>, ProblemHttpResult>> ConfirmRulesAsync(
        Guid id, Caller caller, ConfirmRuleChange confirm, ConnectionReader reader, CancellationToken cancel) =>
        AnswerAsync(id, confirm.RunAsync(id, caller.Person, cancel), reader, cancel);

    private static Task<Results<Ok<ConnectionDetail>, ProblemHttpResult>> SwitchKeysAsync(
        Guid id, Caller caller, SwitchKeys keys, ConnectionReader reader, CancellationToken cancel) =>
        AnswerAsync(id, keys.RunAsync(id, caller.Person, cancel), reader, cancel);

    private static async Task<Results<Ok<ConnectionDetail>, ProblemHttpResult>> RaiseHeldAsync(
        Guid id, Caller caller, RaiseHeldTickets raise, ConnectionReader reader, CancellationToken cancel) =>
        (await raise.RunAsync(id, caller.Person, cancel)).Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(await reader.FindAsync(id, cancel));

    private static async Task<Results<Ok<ConnectionDetail>, ProblemHttpResult>> AnswerAsync(
        Guid id, Task<Failure?> action, ConnectionReader reader, CancellationToken cancel) =>
        await action is { } refused ? refused.ToProblem() : TypedResults.Ok(await reader.FindAsync(id, cancel));
}
