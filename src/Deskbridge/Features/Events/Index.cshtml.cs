using Deskbridge.Access;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Events;

/// <summary>What every connection did and saw, newest first.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class IndexModel(HubStore store, ConnectionQueries connections, IntakeQueries intakes) : PageModel
{
    private const int PageSize = 50;

    [BindProperty(SupportsGet = true)]
    public Guid? Connection { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public ConnectionEventPage List { get; private set; } = new([], null);

    public IReadOnlyList<ConnectionView> Connections { get; private set; } = [];

    /// <summary>Teams that take mails and callouts, which have events like connections.</summary>
    public IReadOnlyDictionary<Guid, IntakeOfTeam> Intakes { get; private set; } = new Dictionary<Guid, IntakeOfTeam>();

    public bool Filtered => Connection is not null || !string.IsNullOrEmpty(Kind) || !string.IsNullOrEmpty(Ticket);

    public string? NameOf(Guid connection) => Connections.FirstOrDefault(known => known.Id == connection)?.Name ?? Intakes.GetValueOrDefault(connection)?.Name;

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Connections = await connections.ListAsync(withRemoved: true, cancel);
        Intakes = await intakes.NamesAsync(cancel);
        var ticket = Ticket?.Trim().TrimStart('#');
        var filter = new ConnectionEventFilter(Connection, string.IsNullOrEmpty(Kind) ? null : Kind, string.IsNullOrEmpty(ticket) ? null : ticket);
        List = await ConnectionLog.ReadAsync(store, filter, PageSize, After, cancel);
    }
}
