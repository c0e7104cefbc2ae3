using System.Security.Claims;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>
/// Cookie sessions. Session, role, name and activity are read on every request, so sign-out, a change or deactivation holds at once,
/// for copies of the cookie too.
/// </summary>
internal static class Sessions
{
    public static readonly string Scheme = IdentityConstants.ApplicationScheme;
    private const string SessionClaim = "session";

    public static async Task StartAsync(HttpContext http, Person person)
    {
        var id = await http.RequestServices.GetRequiredService<OpenSessions>().StartAsync(person.Id, http.RequestAborted);
        await http.SignInAsync(
            Scheme,
            SignedIn.Principal(person, Scheme, new Claim(SessionClaim, id.ToString())),
            new AuthenticationProperties { IsPersistent = true });
    }

    /// <summary>Ends the session of this request, on both sides.</summary>
    public static async Task EndAsync(HttpContext http)
    {
        if (Id(http.User) is { } id) await http.RequestServices.GetRequiredService<OpenSessions>().EndAsync(id, http.RequestAborted);
        await http.SignOutAsync(Scheme);
    }

    /// <summary>Ends this session and every other one of the person.</summary>
    public static async Task EndEverywhereAsync(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<OpenSessions>().EndAllAsync(http.User.PersonId, http.RequestAborted);
        await http.SignOutAsync(Scheme);
    }

    public static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "deskbridge";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = OpenSessions.Lifetime;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/sign-in";
        cookie.ReturnUrlParameter = "next";
        cookie.Events.OnValidatePrincipal = CheckAsync;
        cookie.Events.OnRedirectToLogin = ToSignInAsync;
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    private static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var cancel = context.HttpContext.RequestAborted;
        var personId = context.Principal!.PersonId;
        var (person, needsFactor) = await services.GetRequiredService<HubStore>().ReadAsync(
            async db =>
            {
                var person = await db.People.SingleOrDefaultAsync(p => p.Id == personId && p.Active, cancel);
                return (person, person is not null && await SecondFactors.IsRequiredAsync(db, person, cancel));
            },
            cancel);
        if (person is null
            || Id(context.Principal) is not { } id
            || !await services.GetRequiredService<OpenSessions>().HoldsAsync(id, personId, needsFactor, cancel))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
            return;
        }

        context.HttpContext.Items[Caller.Key] = person;
        context.ReplacePrincipal(SignedIn.Principal(person, Scheme, new Claim(SessionClaim, id.ToString())));
    }

    private static Guid? Id(ClaimsPrincipal? user) => Guid.TryParse(user?.FindFirstValue(SessionClaim), out var id) ? id : null;

    private static async Task ToSignInAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var http = context.HttpContext;
        if (Api.ApiPaths.Contains(http.Request.Path))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var code = await http.RequestServices.GetRequiredService<SetupCode>().CurrentAsync(http.RequestAborted);
        http.Response.Redirect(code is null ? context.RedirectUri : "/setup");
    }
}
