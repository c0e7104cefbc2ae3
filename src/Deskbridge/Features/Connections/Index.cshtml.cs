using Deskbridge.Access;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

[Authorize(Policy = Policies.Viewer)]
internal sealed class IndexModel(ConnectionQueries connections, TimeProvider clock) : PageModel
{
    public IReadOnlyList<ConnectionView> Connections { get; private set; } = [];

    public DateTimeOffset Now => clock.GetUtcNow();

    public bool MayChange => User.IsAtLeast(PersonRole.Admin);

    public async Task OnGetAsync(CancellationToken cancel) => Connections = await connections.ListAsync(withRemoved: true, cancel);
}
