using System.Security.Claims;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Deskbridge.Access;

/// <summary>
/// What follows a right password (or a link that stands in for it): a session, or first the second factor. Between the two a short-lived
/// cookie says whose password was right; it opens nothing but the two pages that ask for a code.
/// </summary>
internal static class HalfSignIn
{
    public const string Scheme = "Half";
    public const string CodePath = "/sign-in/code";
    public const string EnrolPath = "/sign-in/second-factor";
    private const string StampClaim = "stamp";

    public static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "deskbridge-half";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromMinutes(15);
        cookie.SlidingExpiration = false;
    }

    /// <summary>Signs in, or begins to; answers where to go next.</summary>
    /// <param name="http">The request.</param>
    /// <param name="person">Whose password was right.</param>
    /// <param name="next">A path of this hub to go to in the end.</param>
    public static async Task<string> AfterPasswordAsync(HttpContext http, Person person, string next)
    {
        var state = await http.RequestServices.GetRequiredService<SecondFactors>().StateAsync(person, http.RequestAborted);
        if (state is { Since: null, Required: false })
        {
            await StartAsync(http, person, "password");
            return next;
        }

        await http.SignOutAsync(Sessions.Scheme);
        var stamp = await http.RequestServices.GetRequiredService<Accounts>().StampAsync(person.Id) ?? "";
        await http.SignInAsync(Scheme, SignedIn.Principal(person, Scheme, new Claim(StampClaim, stamp)));
        return $"{(state.Since is null ? EnrolPath : CodePath)}?next={Uri.EscapeDataString(next)}";
    }

    /// <summary>Whose password was right a moment ago; null when nobody's, or it took too long, or the password has changed since.</summary>
    public static async Task<Person?> PersonAsync(HttpContext http)
    {
        var half = await http.AuthenticateAsync(Scheme);
        if (half.Principal is not { } known) return null;
        var person = await http.RequestServices.GetRequiredService<PersonQueries>().GetAsync(known.PersonId, http.RequestAborted);
        return person is { Active: true } && known.FindFirstValue(StampClaim) == await http.RequestServices.GetRequiredService<Accounts>().StampAsync(person.Id)
            ? person
            : null;
    }

    /// <summary>The second factor was right: the session begins.</summary>
    public static async Task FinishAsync(HttpContext http, Person person)
    {
        await http.SignOutAsync(Scheme);
        await StartAsync(http, person, "password and second factor");
    }

    private static async Task StartAsync(HttpContext http, Person person, string with)
    {
        Actor.Set(Actor.Current.As(person));
        await http.RequestServices.GetRequiredService<AuditLog>().WriteAsync(AuditNote.Of("sign-in", person.Id, person.Name, ("with", with)), http.RequestAborted);
        await Sessions.StartAsync(http, person);
    }
}
