using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Api;
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
internal sealed class EventModel(HubStore store, ConnectionQueries connections, ReplayEvent replay, Caller caller) : PageModel
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionEvent Entry { get; private set; } = null!;

    public string ConnectionName { get; private set; } = "";

    /// <summary>It is about a ticket of a connection that runs, and the reader may have that looked at again.</summary>
    public bool MayReplay { get; private set; }

    /// <summary>What came in, JSON one member a line.</summary>
    public string? Payload => Laid(Entry.Payload);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await ConnectionLog.FindAsync(store, Id, cancel) is not { } entry)
        {
            return Refusals.Page(HttpContext, StatusCodes.Status404NotFound, "This event does not exist, or not any more.");
        }

        Entry = entry;
        var connection = await connections.FindAsync(entry.ConnectionId, cancel);
        ConnectionName = connection?.Name ?? "";
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

    private static string? Laid(string? payload)
    {
        if (payload is null) return null;
        try
        {
            return JsonNode.Parse(payload)?.ToJsonString(Indented) ?? payload;
        }
        catch (JsonException)
        {
            return payload; // Kept as it came, cut or not JSON at all.
        }
    }
}
