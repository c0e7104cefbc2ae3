using System.Globalization;
using System.Security.Claims;
using Deskbridge.Access;
using Deskbridge.Core.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Api;

/// <summary>A person's own open sessions in browsers.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions", ListAsync).WithTags("Sessions").RequireAuthorization(Policies.Viewer, Scopes.Read).WithSummary("Your open sessions in browsers, the latest first");
        api.MapDelete("/sessions", EndAsync).WithTags("Sessions").RequireAuthorization(Policies.Viewer, Scopes.Admin).WithSummary("Sign out everywhere").WithDescription("Ends your sessions in all browsers at once. API tokens go on.");
    }

    private static async Task<Results<Ok<ListOf<SessionView>>, ProblemHttpResult>> ListAsync(
        ClaimsPrincipal user, OpenSessions sessions, CancellationToken cancel, int? limit = null, string? cursor = null) =>
        (await sessions.ListAsync(user.PersonId, cancel)).Select(s => new SessionView(s.StartedAt, s.SeenAt))
            .InParts(limit, cursor, session => session.StartedAt.UtcTicks.ToString(CultureInfo.InvariantCulture));

    private static async Task<NoContent> EndAsync(ClaimsPrincipal user, OpenSessions sessions, AuditLog audit, CancellationToken cancel)
    {
        await audit.WriteAsync(AuditNote.Of("sign-in.ended-everywhere", user.PersonId, user.PersonName), cancel);
        await sessions.EndAllAsync(user.PersonId, cancel);
        return TypedResults.NoContent();
    }
}

/// <summary>An open session; <paramref name="SeenAt"/> is exact to the hour. Its id stays secret: it is what the cookie holds.</summary>
internal sealed record SessionView(DateTimeOffset StartedAt, DateTimeOffset SeenAt);
