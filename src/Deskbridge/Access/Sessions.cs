using System.Security.Claims;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>Cookie sessions. Role, name and activity are read on every request, so a change or deactivation holds at once.</summary>
internal static class Sessions
{
    public static readonly string Scheme = IdentityConstants.ApplicationScheme;
    private const string StampClaim = "stamp";

    public static async Task StartAsync(HttpContext http, Person person)
    {
        var stamp = await http.RequestServices.GetRequiredService<Accounts>().StampAsync(person.Id) ?? "";
        await http.SignInAsync(
            Scheme,
            SignedIn.Principal(person, Scheme, new Claim(StampClaim, stamp)),
            new AuthenticationProperties { IsPersistent = true });
    }

    public static Task EndAsync(HttpContext http) => http.SignOutAsync(Scheme);

    public static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "deskbridge";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromDays(90);
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
        var id = context.Principal!.PersonId;
        var stamp = context.Principal!.FindFirstValue(StampClaim);
        var person = await services.GetRequiredService<HubStore>()
            .ReadAsync(db => db.People.SingleOrDefaultAsync(p => p.Id == id && p.Active, cancel), cancel);
        if (person is null || stamp is null || stamp != await services.GetRequiredService<Accounts>().StampAsync(id))
        {
            context.RejectPrincipal();
            await EndAsync(context.HttpContext);
            return;
        }

        context.HttpContext.Items[Caller.Key] = person;
        context.ReplacePrincipal(SignedIn.Principal(person, Scheme, new Claim(StampClaim, stamp)));
    }

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
