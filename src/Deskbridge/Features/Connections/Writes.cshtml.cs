using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Refused writes and conflicts of a connection, for a dispatcher to go through; and the look at one ticket.</summary>
[Authorize(Policy = Policies.Dispatcher)]
internal sealed class WritesModel(ConnectionQueries connections, WriteReview review, LookAtTicket look, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public WriteReviewView Review { get; private set; } = new([], []);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { State: not ConnectionState.Removed } found)
        {
            return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
        }

        Connection = found;
        Review = await review.ReadAsync(Id, cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostRetryAsync(Guid write, CancellationToken cancel) =>
        Answer(await review.RetryAsync(Id, write, caller.Person, cancel), "It is tried again now.");

    public async Task<IActionResult> OnPostDiscardAsync(Guid write, CancellationToken cancel) =>
        Answer(await review.DiscardAsync(Id, write, caller.Person, cancel), "Discarded: the ticket stays as it is.");

    public async Task<IActionResult> OnPostClearAsync(Guid[] conflict, CancellationToken cancel) =>
        Answer(await review.ClearAsync(Id, conflict, caller.Person, cancel), "Taken off the list.");

    public async Task<IActionResult> OnPostLookAsync(string? ticket, CancellationToken cancel)
    {
        var looked = await look.RunAsync(Id, ticket ?? "", cancel);
        return Answer(looked.Failure, looked.Failure is null ? $"Ticket {ticket?.Trim()} \"{looked.Value}\" is read and worked off now." : "");
    }

    private RedirectToPageResult Answer(Failure? refused, string done)
    {
        TempData.Say(refused?.Message ?? done, refused is not null);
        return RedirectToPage(new { Id });
    }
}
