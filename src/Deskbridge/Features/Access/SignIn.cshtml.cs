using System.ComponentModel.DataAnnotations;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Deskbridge.Features.Access;

[AllowAnonymous, EnableRateLimiting(ApiModule.SignInLimit)]
internal sealed class SignInModel(Accounts accounts, SetupCode setup, PersonQueries people, AuditLog audit, TimeProvider clock) : PageModel
{
    /// <summary>No refusal comes sooner: what is done for an email that exists, and not for another, must not be told by the time of the answer.</summary>
    public static readonly TimeSpan RefusalTakes = TimeSpan.FromMilliseconds(500);

    [BindProperty(SupportsGet = true)]
    public string? Next { get; set; }

    [BindProperty]
    public Fields Form { get; set; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) =>
        await setup.CurrentAsync(cancel) is null ? Page() : Redirect("/setup");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return Page();
        var began = clock.GetTimestamp();
        var (person, refused) = await accounts.CheckAsync(Form.Email, Form.Password, cancel);
        if (person is null)
        {
            // What strangers type may be a password in the wrong field: only addresses that exist are kept.
            var known = await people.FindAsync(Form.Email, cancel);
            await audit.WriteAsync(AuditNote.Of("sign-in.refused", known?.Id.ToString() ?? "", known?.Name ?? "somebody unknown", ("why", refused!.GetType().Name)), cancel);
            ModelState.Refuse(refused!);
            if (RefusalTakes - clock.GetElapsedTime(began) is { Ticks: > 0 } rest) await Task.Delay(rest, clock, cancel);
            return Page();
        }

        return LocalRedirect(await HalfSignIn.AfterPasswordAsync(HttpContext, person, Url.IsLocalUrl(Next) ? Next : "/"));
    }

    internal sealed class Fields
    {
        [Required, StringLength(320)]
        public string Email { get; set; } = "";

        [Required, StringLength(Accounts.LongestPassword)]
        public string Password { get; set; } = "";
    }
}
