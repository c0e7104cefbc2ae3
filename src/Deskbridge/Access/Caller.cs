using Deskbridge.Core.Directory;

namespace Deskbridge.Access;

/// <summary>The person behind the current request, as read from the database when it came in. Actions ask it what it may do.</summary>
internal sealed class Caller(IHttpContextAccessor http)
{
    public static readonly object Key = new();

    public Person Person => http.HttpContext?.Items[Key] as Person
        ?? throw new InvalidOperationException("Nobody is signed in; the endpoint lacks an authorization policy.");
}
