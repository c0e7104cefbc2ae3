using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.People;

[Authorize(Policy = Policies.Viewer)]
internal sealed class IndexModel(PersonQueries people) : PageModel
{
    public IReadOnlyList<Person> People { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel) => People = await people.ListAsync(cancel);
}
