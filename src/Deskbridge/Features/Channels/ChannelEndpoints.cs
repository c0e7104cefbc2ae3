using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Features.Channels;

/// <summary>Ways to reach people. An address can be all it takes to read along, so people see their own only; administrators see all.</summary>
internal static class ChannelEndpoints
{
    public static void MapChannels(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/channels").WithTags("Channels").RequireAuthorization(Policies.Viewer, Scopes.Duty).ProducesProblem(StatusCodes.Status403Forbidden);
        read.MapGet("", ListAsync).WithSummary("List channels in the order they are tried")
            .WithDescription("person: an id; left away it is everybody for administrators and yourself for others.");
        read.MapGet("/{id:guid}", GetAsync).WithSummary("One channel").ProducesProblem(StatusCodes.Status404NotFound);

        var own = api.MapGroup("/channels").WithTags("Channels").RequireAuthorization(Policies.Responder, Scopes.Duty)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        own.MapPost("", CreateAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Add a channel for yourself, or as an administrator for anybody")
            .WithDescription("A webhook without a secret gets one; newSecret shows it this once. The web address of a Teams workflow or of a Slack webhook is a secret as a whole: send it as address or as secret; address shows only its server afterwards. A number (sms) is not in use until it is confirmed: ask for a code, then confirm it.");
        own.MapPut("/{id:guid}", ChangeAsync).WithSummary("Change a channel; its kind stays")
            .WithDescription("What is left away stays as it is; an empty secret removes it. An address on another ntfy server asks for the access token again.");
        own.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Remove a channel");
        own.MapPost("/{id:guid}/test", TestAsync).WithSummary("Send a marked test message by the channel and say what came of it");
        own.MapPost("/{id:guid}/code", CodeAsync).WithSummary("Send a code to the number of an sms channel, one a minute at most").ProducesProblem(StatusCodes.Status409Conflict);
        own.MapPost("/{id:guid}/confirm", ConfirmAsync).WithSummary("Enter the code that came to the number: alerts use it from then on").ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<ListOf<ChannelView>>, ProblemHttpResult>> ListAsync(
        Caller caller, HubStore store, CancellationToken cancel, Guid? person = null, int? limit = null, string? cursor = null)
    {
        var admin = caller.Person.Role == PersonRole.Admin;
        if (!admin && person is { } other && other != caller.Person.Id) return new ChannelsArePrivate(caller.Person.Name).ToProblem();
        var whose = person ?? (admin ? null : caller.Person.Id);
        var rows = await store.ReadAsync(
            db => db.Channels.Where(c => whose == null || c.PersonId == whose).OrderBy(c => c.PersonId).ThenBy(c => c.Position).ThenBy(c => c.Name).ThenBy(c => c.Id).ToListAsync(cancel), cancel);
        return rows.Select(ChannelView.Of).InParts(limit, cursor, channel => channel.Id.ToString());
    }

    private static async Task<Results<Ok<ChannelView>, ProblemHttpResult>> GetAsync(Guid id, Caller caller, HubStore store, CancellationToken cancel) =>
        await FindAsync(id, caller, store, cancel) is { } channel ? TypedResults.Ok(ChannelView.Of(channel)) : new ChannelNotFound(id).ToProblem();

    private static async Task<Results<Created<ChannelCreated>, ProblemHttpResult>> CreateAsync(
        ChannelBody body, Caller caller, CreateChannel create, CancellationToken cancel)
    {
        if (body.Kind is not { } kind) return new InvalidFailure("kind", "Say which kind of channel it is: email, ntfy, webhook, teams, slack or sms.").ToProblem();
        var draft = new ChannelDraft(body.Name ?? "", body.Address ?? "", body.Secret, body.Enabled ?? true, body.Position);
        var added = await create.RunAsync(body.Person ?? caller.Person.Id, kind, draft, caller.Person, cancel);
        return added.Failure is { } refused
            ? refused.ToProblem()
            : TypedResults.Created($"{ApiPaths.Root}/channels/{added.Value.Channel.Id}", ChannelCreated.Of(added.Value.Channel, added.Value.NewSecret));
    }

    private static async Task<Results<Ok<ChannelView>, ProblemHttpResult>> ChangeAsync(
        Guid id, ChannelBody body, Caller caller, ChangeChannel change, HubStore store, CancellationToken cancel)
    {
        if (await FindAsync(id, caller, store, cancel) is not { } present) return new ChannelNotFound(id).ToProblem();
        var draft = new ChannelDraft(body.Name ?? present.Name, body.Address ?? present.Address, body.Secret, body.Enabled ?? present.Enabled, body.Position);
        var changed = await change.RunAsync(id, draft, caller.Person, cancel);
        return changed.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(ChannelView.Of(changed.Value));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, Caller caller, DeleteChannel delete, CancellationToken cancel) =>
        await delete.RunAsync(id, caller.Person, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();

    private static async Task<Results<Ok<ChannelTested>, ProblemHttpResult>> TestAsync(Guid id, Caller caller, TestChannel test, CancellationToken cancel)
    {
        var tested = await test.RunAsync(id, caller.Person, cancel);
        return tested.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(tested.Value);
    }

    private static async Task<Results<Ok<ChannelTested>, ProblemHttpResult>> CodeAsync(Guid id, Caller caller, SendNumberCode send, CancellationToken cancel)
    {
        var sent = await send.RunAsync(id, caller.Person, cancel);
        return sent.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(sent.Value);
    }

    private static async Task<Results<Ok<ChannelView>, ProblemHttpResult>> ConfirmAsync(Guid id, CodeBody body, Caller caller, ConfirmNumber confirm, CancellationToken cancel)
    {
        var confirmed = await confirm.RunAsync(id, body.Code ?? "", caller.Person, cancel);
        return confirmed.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(ChannelView.Of(confirmed.Value));
    }

    /// <summary>The channel when the caller may see it.</summary>
    private static async Task<Channel?> FindAsync(Guid id, Caller caller, HubStore store, CancellationToken cancel)
    {
        var channel = await store.ReadAsync(db => db.Channels.FirstOrDefaultAsync(c => c.Id == id, cancel), cancel);
        return channel?.PersonId == caller.Person.Id || caller.Person.Role == PersonRole.Admin ? channel : null;
    }

    private sealed record ChannelsArePrivate(string Name) : ForbiddenFailure($"{Name} may see only their own channels. An administrator can see those of others.");
}

/// <summary>A channel as it is sent. <paramref name="Person"/> (left away: you) and <paramref name="Kind"/> count at creation only.</summary>
internal sealed record ChannelBody(Guid? Person, ChannelKind? Kind, string? Name, string? Address, string? Secret, bool? Enabled, int? Position);

/// <summary>The code that came to a number.</summary>
internal sealed record CodeBody(string? Code);

/// <summary>A way to reach a person; of the secret only whether there is one. <c>AwaitsCode</c>: the number is not confirmed yet. <c>StoppedAt</c>: when the phone sent STOP.</summary>
internal record ChannelView(Guid Id, Guid PersonId, ChannelKind Kind, string Name, string Address, bool HasSecret, bool Enabled, int Position)
{
    public bool AwaitsCode { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public static ChannelView Of(Channel row) => new(row.Id, row.PersonId, row.Kind, row.Name, row.Address, row.Secret.Length > 0, row.Enabled, row.Position) { AwaitsCode = row.AwaitsCode, StoppedAt = row.StoppedAt };
}

/// <summary>A channel just added; <paramref name="NewSecret"/> is the signing secret the hub made up, shown this once.</summary>
internal sealed record ChannelCreated(
    Guid Id, Guid PersonId, ChannelKind Kind, string Name, string Address, bool HasSecret, bool Enabled, int Position, string? NewSecret)
    : ChannelView(Id, PersonId, Kind, Name, Address, HasSecret, Enabled, Position)
{
    public static ChannelCreated Of(Channel row, string? newSecret) =>
        new(row.Id, row.PersonId, row.Kind, row.Name, row.Address, row.Secret.Length > 0, row.Enabled, row.Position, newSecret) { AwaitsCode = row.AwaitsCode };
}
