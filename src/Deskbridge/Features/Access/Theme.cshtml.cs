using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Access;

/// <summary>Keeps the choice of dark or light.</summary>
[AllowAnonymous]
internal sealed class ThemeModel : PageModel
{
    public IActionResult OnGet() => NotFound();

    public IActionResult OnPost(string? to, string? next)
    {
        if (to is "dark" or "light")
        {
            Response.Cookies.Append(Shared.Theme.Cookie, to, new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                HttpOnly = true,
                Secure = Request.IsHttps,
            });
        }

        return LocalRedirect(Url.IsLocalUrl(next) ? next : "/");
    }
}
