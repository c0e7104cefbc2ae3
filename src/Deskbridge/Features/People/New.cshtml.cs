using Deskbridge.Access;
using Deskbridge.Access.Links;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.People;

[Authorize(Policy = Policies.Admin)]
internal sealed class NewModel(InvitePerson invite, AddPerson add, PasswordLinks links, Caller caller) : PageModel
{
    [BindProperty]
    public PersonFields Form { get; set; } = new();

    public bool CanMail { get; private set; }

    public LinkSent? Invited { get; private set; }

    public WithPassword? Added { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel) => CanMail = await links.CanMailAsync(cancel);

    public async Task OnPostInviteAsync(CancellationToken cancel)
    {
        await OnGetAsync(cancel);
        if (!ModelState.IsValid) return;
        var invited = await invite.RunAsync(Form.ToDraft(), $"{Request.Scheme}://{Request.Host}", caller.Person, cancel);
        if (invited.Failure is { } refused) ModelState.Refuse(refused);
        else Invited = invited.Value;
    }

    public async Task OnPostPasswordAsync(CancellationToken cancel)
    {
        await OnGetAsync(cancel);
        if (!ModelState.IsValid) return;
        var added = await add.RunAsync(Form.ToDraft(), caller.Person, cancel);
        if (added.Failure is { } refused) ModelState.Refuse(refused);
        else Added = added.Value;
    }
}
