using System.Security.Claims;
using Deskbridge.Access;
using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Api;

/// <summary>A person's own API tokens.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization(Policies.Viewer, Scopes.Read);
        read.MapGet("", ListAsync).WithSummary("Your API tokens");
        var tokens = api.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization(Policies.Viewer, Scopes.Admin);
        tokens.MapPost("", CreateAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Make an API token; it is shown this once")
            .WithDescription("scopes: read, alerts, duty, connections, people, admin; left away it is read. days: how long it works; left away it is for ever. A token cannot make one that may do more.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        tokens.MapDelete("/{id:guid}", RevokeAsync).WithSummary("Revoke an API token").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<ListOf<TokenView>>, ProblemHttpResult>> ListAsync(
        ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        (await tokens.ListAsync(user.PersonId, cancel)).Select(TokenView.Of).InParts(limit, cursor, token => token.Id.ToString());

    private static async Task<Results<Created<NewToken>, ProblemHttpResult>> CreateAsync(
        TokenBody body, ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel)
    {
        var wish = body.Read();
        if (wish.Failure is { } refused) return refused.ToProblem();
        if ((wish.Value.Scopes & ~user.TokenScopes) != TokenScope.None) return new TokenMayNotGive(Scopes.Write(wish.Value.Scopes & ~user.TokenScopes)).ToProblem();
        var (row, token) = await tokens.CreateAsync(user.PersonId, wish.Value.Name, wish.Value.Scopes, wish.Value.Lasts, cancel);
        return TypedResults.Created($"{ApiPaths.Root}/tokens/{row.Id}", new NewToken(row.Id, row.Name, token, Scopes.Words(wish.Value.Scopes), row.ExpiresAt));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        Guid id, ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel) =>
        await tokens.RevokeAsync(user.PersonId, id, cancel) ? TypedResults.NoContent() : new TokenNotFound(id).ToProblem();
}

/// <summary>A token as it is asked for.</summary>
internal sealed record TokenBody(string? Name, IReadOnlyList<string?>? Scopes = null, int? Days = null)
{
    private const int MostDays = 3650;

    /// <summary>Checks and completes it.</summary>
    public Result<TokenWish> Read()
    {
        if (Name is null || !Names.Fits(Name))
            return new InvalidFailure("name", $"Name the token after what uses it, with 1 to {Names.Longest} characters, in one line.");
        if (Access.Scopes.Parse(Scopes ?? ["read"]) is not { } scopes || scopes == TokenScope.None)
            return new InvalidFailure("scopes", $"A token has one or more of these scopes: {Access.Scopes.Write(TokenScope.All)}.");
        if (Days is < 1 or > MostDays) return new InvalidFailure("days", $"days goes from 1 to {MostDays}; leave it away for a token without an end.");
        return new TokenWish(Name.Trim(), scopes, Days is { } days ? TimeSpan.FromDays(days) : null);
    }
}

/// <summary>A token that can be made.</summary>
internal sealed record TokenWish(string Name, TokenScope Scopes, TimeSpan? Lasts);

internal sealed record TokenView(
    Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt)
{
    public static TokenView Of(ApiToken row) => new(row.Id, row.Name, row.Lookup, Access.Scopes.Words(Access.Scopes.Of(row.Scopes)), row.CreatedAt, row.LastUsedAt, row.ExpiresAt);
}

/// <summary>A token just made; <paramref name="Token"/> is shown this once.</summary>
internal sealed record NewToken(Guid Id, string Name, string Token, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt);

internal sealed record TokenNotFound(Guid Id) : NotFoundFailure($"You have no API token with the id {Id}.");

internal sealed record TokenMayNotGive(string Scopes) : ForbiddenFailure($"This token has not the scope {Scopes} itself and cannot give it. Make the token on your profile page.");
