using Deskbridge.Access;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.People;

[Authorize(Policy = Policies.Admin)]
internal sealed class NewModel(AddPerson add, Caller caller) : PageModel
{
    [BindProperty]
    public PersonFields Form { get; set; } = new();

    public WithPassword? Added { get; private set; }

    public async Task OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return;
        var added = await add.RunAsync(Form.ToDraft(), caller.Person, cancel);
        if (added.Failure is { } refused) ModelState.Refuse(refused);
        else Added = added.Value;
    }
}
