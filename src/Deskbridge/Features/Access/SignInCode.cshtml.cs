using Deskbridge.Access;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Api;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Deskbridge.Features.Access;

/// <summary>Second step of the sign-in, for those with an authenticator app.</summary>
[AllowAnonymous, EnableRateLimiting(ApiModule.SignInLimit)]
internal sealed class SignInCodeModel(SecondFactors factors) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Next { get; set; }

    public async Task<IActionResult> OnGetAsync() => await HalfSignIn.PersonAsync(HttpContext) is null ? Redirect("/sign-in") : Page();

    public async Task<IActionResult> OnPostAsync(string? code, CancellationToken cancel)
    {
        if (await HalfSignIn.PersonAsync(HttpContext) is not { } person) return Redirect("/sign-in");
        ModelState.Clear();
        if (await factors.CheckAsync(person.Id, code ?? "", cancel) is { } refused)
        {
            ModelState.Refuse(refused);
            return Page();
        }

        await HalfSignIn.FinishAsync(HttpContext, person);
        return LocalRedirect(Url.IsLocalUrl(Next) ? Next : "/");
    }
}
