using Deskbridge.Access;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Api;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Deskbridge.Features.Access;

/// <summary>Second step of the sign-in for those whose role has to use a second factor and who have none yet.</summary>
[AllowAnonymous, EnableRateLimiting(ApiModule.SignInLimit)]
internal sealed class EnrolModel(SecondFactors factors) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Next { get; set; }

    public EnrolView View { get; private set; } = null!;

    /// <summary>Shown this once; set when it is done.</summary>
    public IReadOnlyList<string>? Codes { get; private set; }

    public string Onward => Url.IsLocalUrl(Next) ? Next : "/";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await HalfSignIn.PersonAsync(HttpContext) is not { } person) return Redirect("/sign-in");
        if (await factors.HasAsync(person.Id, cancel)) return LocalRedirect(HalfSignIn.CodePath);
        View = new EnrolView(factors.Propose(person));
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? secret, string? code, CancellationToken cancel)
    {
        // Whoever has one already must show it: this page would replace it for anyone with the password.
        if (await HalfSignIn.PersonAsync(HttpContext) is not { } person) return Redirect("/sign-in");
        if (await factors.HasAsync(person.Id, cancel)) return LocalRedirect(HalfSignIn.CodePath);
        ModelState.Clear();
        var confirmed = await factors.ConfirmAsync(person, secret, code ?? "", cancel);
        if (confirmed.Failure is { } refused)
        {
            ModelState.Refuse(refused);
            View = new EnrolView(factors.Read(person, secret) ?? factors.Propose(person));
            return Page();
        }

        Codes = confirmed.Value;
        await HalfSignIn.FinishAsync(HttpContext, person);
        return Page();
    }
}
