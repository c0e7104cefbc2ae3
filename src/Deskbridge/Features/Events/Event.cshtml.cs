using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Events;

/// <summary>One entry of the event log with what came in and how it was decided, as plain text.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class EventModel(HubStore store, ConnectionQueries connections) : PageModel
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionEvent Entry { get; private set; } = null!;

    public string ConnectionName { get; private set; } = "";

    /// <summary>What came in, JSON one member a line.</summary>
    public string? Payload => Laid(Entry.Payload);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await ConnectionLog.FindAsync(store, Id, cancel) is not { } entry)
        {
            return Refusals.Page(HttpContext, StatusCodes.Status404NotFound, "This event does not exist, or not any more.");
        }

        Entry = entry;
        ConnectionName = (await connections.FindAsync(entry.ConnectionId, cancel))?.Name ?? "";
        return Page();
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
