using System.ComponentModel.DataAnnotations;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Deskbridge.Features.Access;

[AllowAnonymous, EnableRateLimiting(ApiModule.SignInLimit)]
internal sealed class SignInModel(Accounts accounts, SetupCode setup) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Next { get; set; }

    [BindProperty]
    public Fields Form { get; set; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) =>
        await setup.CurrentAsync(cancel) is null ? Page() : Redirect("/setup");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return Page();
        var (person, refused) = await accounts.CheckAsync(Form.Email, Form.Password, cancel);
        if (person is null)
        {
            ModelState.Refuse(refused!);
            return Page();
        }

        return LocalRedirect(await HalfSignIn.AfterPasswordAsync(HttpContext, person, Url.IsLocalUrl(Next) ? Next : "/"));
    }

    internal sealed class Fields
    {
        [Required, StringLength(320)]
        public string Email { get; set; } = "";

        [Required, StringLength(200)]
        public string Password { get; set; } = "";
    }
}
