using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Connections;

/// <summary>What the account of a connection needs and has.</summary>
internal static class RightsEndpoints
{
    public static void MapRights(this IEndpointRouteBuilder api)
    {
        api.MapGet("/connections/{id:guid}/rights", ReadAsync).WithTags("Connections").RequireAuthorization(Policies.Viewer, Scopes.Read)
            .WithSummary("What the account needs in the remote system, cell by cell, and what was found out last")
            .WithDescription("No call leaves the hub. leastRole is the role to make there, as text.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/connections/{id:guid}/rights", CheckAsync).WithTags("Connections").RequireAuthorization(Policies.Admin, Scopes.Connections)
            .WithSummary("Look at every cell now")
            .WithDescription("Changes nothing in the remote system: reads, and writes that no system can carry out.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<RightsAnswer>, ProblemHttpResult>> ReadAsync(Guid id, RightsBook rights, CancellationToken cancel) =>
        await rights.ReadAsync(id, cancel) is { } view ? TypedResults.Ok(RightsAnswer.Of(view)) : new ConnectionNotFound(id).ToProblem();

    private static async Task<Results<Ok<RightsAnswer>, ProblemHttpResult>> CheckAsync(Guid id, RightsBook rights, CancellationToken cancel) =>
        await rights.CheckAsync(id, goOn: true, cancel) is { } refused ? refused.ToProblem() : await ReadAsync(id, rights, cancel);
}

/// <summary><paramref name="Lacks"/> names the cells that are needed all the time and missing; <paramref name="LeastRole"/> is the role to make, as text.</summary>
internal sealed record RightsAnswer(DateTimeOffset? CheckedAt, string Role, string Lacks, IReadOnlyList<RightRowView> Rows, IReadOnlyList<string> Notes, Visibility? Visible, string Version, string LeastRole)
{
    public static RightsAnswer Of(RightsView view) => new(
        view.CheckedAt, view.Found?.Role ?? "", view.Lacks,
        [.. view.Rows.Select(RightRowView.Of)], view.Found?.Notes ?? [], view.Found?.Visible, view.Found?.Version ?? "", RoleText.Of(view.Needed));
}

/// <summary>One function of the role. <paramref name="Items"/> are to be allowed under Customize; <paramref name="Without"/> says what is lost without it, when all else works.</summary>
internal sealed record RightRowView(string Module, string Function, string Why, string? Without, IReadOnlyList<string> Items, IReadOnlyList<RightCell> Cells, string? Fix)
{
    public static RightRowView Of(RightRow row) => new(row.Needed.Module, row.Needed.Function, row.Needed.Why, row.Needed.Without, row.Needed.Items, row.Cells, row.Fix);
}
