using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Events;

/// <summary>One entry of the event log with what came in and how it was decided, as plain text.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class EventModel(HubStore store, ConnectionQueries connections, IntakeQueries intakes, ReplayEvent replay, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionEvent Entry { get; private set; } = null!;

    public string ConnectionName { get; private set; } = "";

    /// <summary>The team's addresses that it came by; null for events of connections.</summary>
    public IntakeOfTeam? Intake { get; private set; }

    /// <summary>It is about a ticket of a connection that runs, and the reader may have that looked at again.</summary>
    public bool MayReplay { get; private set; }

    /// <summary>What came in, laid out for reading.</summary>
    public string? Payload => Entry.Payload is { } payload ? PayloadText.Lay(payload) : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await ConnectionLog.FindAsync(store, Id, cancel) is not { } entry)
        {
            return Refusals.Page(HttpContext, StatusCodes.Status404NotFound, "This event does not exist, or not any more.");
        }

        Entry = entry;
        var connection = await connections.FindAsync(entry.ConnectionId, cancel);
        Intake = connection is null ? (await intakes.NamesAsync(cancel)).GetValueOrDefault(entry.ConnectionId) : null;
        ConnectionName = connection?.Name ?? Intake?.Name ?? "";
        MayReplay = connection?.State == ConnectionState.Active && ReplayEvent.MayBe(entry) && User.IsAtLeast(PersonRole.Dispatcher);
        return Page();
    }

    public async Task<IActionResult> OnPostReplayAsync(CancellationToken cancel)
    {
        if (await ConnectionLog.FindAsync(store, Id, cancel) is not { } entry) return RedirectToPage(new { Id });
        var replayed = await replay.RunAsync(entry.ConnectionId, Id, caller.Person, cancel);
        TempData.Say(replayed.Failure?.Message ?? $"Ticket {replayed.Value.Ticket} \"{replayed.Value.Title}\" is looked at again. What comes of it is told here within seconds.", replayed.Failure is not null);
        return replayed.Failure is null ? RedirectToPage("/Events/Index", new { connection = entry.ConnectionId, ticket = entry.RemoteId }) : RedirectToPage(new { Id });
    }
}
