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
        var tokens = api.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization(Policies.Viewer);
        tokens.MapGet("", ListAsync).WithSummary("Your API tokens");
        tokens.MapPost("", CreateAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Make an API token; it is shown this once").ProducesProblem(StatusCodes.Status400BadRequest);
        tokens.MapDelete("/{id:guid}", RevokeAsync).WithSummary("Revoke an API token").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<ListOf<TokenView>> ListAsync(ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel) =>
        new([.. (await tokens.ListAsync(user.PersonId, cancel)).Select(TokenView.Of)]);

    private static async Task<Results<Created<NewToken>, ProblemHttpResult>> CreateAsync(
        TokenName body, ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel)
    {
        if (TokenName.Check(body.Name) is { } refused) return refused.ToProblem();
        var (row, token) = await tokens.CreateAsync(user.PersonId, body.Name.Trim(), cancel);
        return TypedResults.Created($"{ApiPaths.Root}/tokens/{row.Id}", new NewToken(row.Id, row.Name, token));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        Guid id, ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel) =>
        await tokens.RevokeAsync(user.PersonId, id, cancel) ? TypedResults.NoContent() : new TokenNotFound(id).ToProblem();
}

internal sealed record TokenName(string Name)
{
    public static Failure? Check(string? name) => string.IsNullOrWhiteSpace(name) || name.Trim().Length > 80
        ? new InvalidFailure("name", "Name the token after what uses it, with 1 to 80 characters.")
        : null;
}

internal sealed record TokenView(Guid Id, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    public static TokenView Of(ApiToken row) => new(row.Id, row.Name, row.Lookup, row.CreatedAt, row.LastUsedAt);
}

/// <summary>A token just made; <paramref name="Token"/> is shown this once.</summary>
internal sealed record NewToken(Guid Id, string Name, string Token);

internal sealed record TokenNotFound(Guid Id) : NotFoundFailure($"You have no API token with the id {Id}.");
