using Deskbridge.Access;
using Deskbridge.Core.Audit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Access;

[Authorize(Policy = Policies.Viewer)]
internal sealed class SignOutModel(AuditLog audit) : PageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        await audit.WriteAsync(AuditNote.Of("sign-in.ended", User.PersonId, User.PersonName), cancel);
        await Sessions.EndAsync(HttpContext);
        return Redirect("/sign-in");
    }
}
