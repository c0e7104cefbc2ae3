using System.ComponentModel.DataAnnotations;
using Deskbridge.Access.Links;
using Deskbridge.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Deskbridge.Features.Access;

/// <summary>Asks for a reset link. What it answers does not tell which addresses exist.</summary>
[AllowAnonymous, EnableRateLimiting(ApiModule.SignInLimit)]
internal sealed class ForgotModel(PasswordLinks links, ForgottenPasswords forgotten) : PageModel
{
    [BindProperty, Required(ErrorMessage = "Enter your email."), EmailAddress(ErrorMessage = "That is not an email address."), StringLength(254)]
    public string Email { get; set; } = "";

    public bool CanMail { get; private set; }

    public bool Asked { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel) => CanMail = await links.CanMailAsync(cancel);

    public async Task OnPostAsync(CancellationToken cancel)
    {
        CanMail = await links.CanMailAsync(cancel);
        if (!CanMail || !ModelState.IsValid) return;
        forgotten.Ask(Email.Trim());
        Asked = true;
    }
}
