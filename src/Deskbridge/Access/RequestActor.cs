using Deskbridge.Core.Audit;
using Deskbridge.Core.Directory;

namespace Deskbridge.Access;

/// <summary>Says who a request is made by, for the audit.</summary>
internal static class RequestActor
{
    /// <summary>Where the token of a request is kept while it runs.</summary>
    public static readonly object TokenKey = new();

    public static Task SetAsync(HttpContext http, RequestDelegate next)
    {
        var stranger = Actor.Stranger(http.Connection.RemoteIpAddress?.ToString() ?? "");
        Actor.Set(http.Items[Caller.Key] is not Person person ? stranger
            : http.Items[TokenKey] is ApiToken token ? stranger.As(person) with { Kind = ActorKind.Token, Via = token.Name }
            : stranger.As(person));
        return next(http);
    }
}
