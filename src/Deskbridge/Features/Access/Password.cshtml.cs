using Deskbridge.Access;
using Deskbridge.Access.Links;
using Deskbridge.Api;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Deskbridge.Features.Access;

/// <summary>Where a one-time link leads. Opening it spends nothing, for mail filters open links too; choosing the password does.</summary>
[AllowAnonymous, EnableRateLimiting(ApiModule.SignInLimit)]
internal sealed class PasswordModel(OneTimeLinks links) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Secret { get; set; } = "";

    public Person? Person { get; private set; }

    public LinkPurpose Purpose { get; private set; }

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(string? password, CancellationToken cancel)
    {
        ModelState.Clear();
        var spent = await links.SpendAsync(Secret, password ?? "", cancel);
        if (spent.Failure is { } refused)
        {
            ModelState.Refuse(refused);
            await LoadAsync(cancel);
            return Page();
        }

        return LocalRedirect(await HalfSignIn.AfterPasswordAsync(HttpContext, spent.Value, "/"));
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        if (await links.FindAsync(Secret, cancel) is var (link, person)) (Purpose, Person) = (link.Purpose, person);
        else Response.StatusCode = StatusCodes.Status410Gone;
    }
}
