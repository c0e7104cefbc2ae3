using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Connections;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Says what Disable drops before it does (S43).</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class DisableModel(ConnectionQueries connections, ConnectionQueues queues, SetConnectionState state, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public ConnectionQueue Queue { get; private set; } = ConnectionQueue.Empty;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { State: not ConnectionState.Removed } found)
            return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
        Connection = found;
        Queue = await queues.OfAsync(Id, cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var refused = await state.DisableAsync(Id, caller.Person, cancel);
        TempData.Say(refused?.Message ?? "Disabled. Install lets it work again.", refused is not null);
        return Redirect($"/connections/{Id}");
    }
}
