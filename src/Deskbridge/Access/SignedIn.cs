using System.Security.Claims;
using Deskbridge.Core.Directory;

namespace Deskbridge.Access;

/// <summary>The person behind a request, as claims; made afresh from the person's row on every request.</summary>
internal static class SignedIn
{
    private const string ZoneClaim = "zoneinfo";

    extension(ClaimsPrincipal user)
    {
        /// <summary>The signed-in person's id.</summary>
        public Guid PersonId => Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? throw new InvalidOperationException("Nobody is signed in; the endpoint lacks an authorization policy."));

        /// <summary>Their name; empty when nobody is signed in.</summary>
        public string PersonName => user.FindFirstValue(ClaimTypes.Name) ?? "";

        /// <summary>Their email; empty when nobody is signed in.</summary>
        public string PersonEmail => user.FindFirstValue(ClaimTypes.Email) ?? "";

        /// <summary>The IANA zone in which they read times; UTC when nobody is signed in.</summary>
        public string PersonZone => user.FindFirstValue(ZoneClaim) ?? "Etc/UTC";

        /// <summary>What the request may be used for: all of the role in a browser, the token's scopes for a program.</summary>
        public TokenScope TokenScopes => user.FindFirstValue(Scopes.Claim) is { } scopes ? Scopes.Of(scopes) : TokenScope.All;

        /// <summary>Whether they hold this role or a higher one.</summary>
        public bool IsAtLeast(PersonRole least) =>
            Enum.TryParse<PersonRole>(user.FindFirstValue(ClaimTypes.Role), out var role) && role >= least;
    }

    public static ClaimsPrincipal Principal(Person person, string scheme, params IEnumerable<Claim> more) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, person.Id.ToString()),
            new(ClaimTypes.Name, person.Name),
            new(ClaimTypes.Email, person.Email),
            new(ClaimTypes.Role, person.Role.ToString()),
            new(ZoneClaim, person.TimeZone),
            .. more,
        ],
        scheme));
}
