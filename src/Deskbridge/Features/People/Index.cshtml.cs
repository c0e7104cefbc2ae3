using Deskbridge.Access;
using Deskbridge.Access.Links;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.People;

[Authorize(Policy = Policies.Viewer)]
internal sealed class IndexModel(PersonQueries people, OneTimeLinks links, TimeProvider clock) : PageModel
{
    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>Who was invited and has not come yet.</summary>
    public IReadOnlyDictionary<Guid, LinkState> Invitations { get; private set; } = new Dictionary<Guid, LinkState>();

    public async Task OnGetAsync(CancellationToken cancel)
    {
        People = await people.ListAsync(cancel);
        var now = clock.GetUtcNow();
        Invitations = (await links.InvitationsAsync(cancel)).Where(link => link.UsedAt is null).ToDictionary(link => link.PersonId, link => link.State(now));
    }
}
