using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Names what Remove takes away before it does.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class RemoveModel(ConnectionQueries connections, ConnectorPool pool, RemovalPreview preview, ConnectionRuns runs, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public Removal What { get; private set; } = new([], 0);

    /// <summary>Why the settings make no connector; nothing can be taken away then.</summary>
    public string? Unusable { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { State: not ConnectionState.Removed } found)
        {
            return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
        }

        Connection = found;
        try
        {
            if (await pool.FindInAnyStateAsync(Id, cancel) is { } live) What = await preview.ReadAsync(live, cancel);
        }
        catch (ConnectorException failure)
        {
            Unusable = failure.Message;
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync(bool deleteFields, int confirmedTickets, CancellationToken cancel)
    {
        var started = await runs.StartAsync(Id, ConnectionRunKind.Remove, caller.Person, new RunRequest(deleteFields, confirmedTickets), cancel);
        if (started.RunId is { } run) return Redirect($"/connections/{Id}/runs/{run}");
        TempData.Say(started.Failure!.Message, refused: true);
        return RedirectToPage(new { Id });
    }
}
