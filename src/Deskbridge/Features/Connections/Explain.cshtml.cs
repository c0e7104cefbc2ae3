using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Why a ticket paged, or did not.</summary>
[Authorize(Policy = Policies.Responder)]
internal sealed class ExplainModel(ConnectionQueries connections, ExplainTicket explain) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public TicketExplanation? Explained { get; private set; }

    /// <summary>Why there is no explanation.</summary>
    public string? Refused { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { } found)
        {
            return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
        }

        Connection = found;
        if (string.IsNullOrWhiteSpace(Ticket)) return Page();
        var explained = await explain.RunAsync(Id, Ticket, cancel);
        Refused = explained.Failure?.Message;
        if (explained.Failure is null) Explained = explained.Value;
        return Page();
    }
}
