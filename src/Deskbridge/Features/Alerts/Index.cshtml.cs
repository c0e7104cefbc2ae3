using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Alerts;

/// <summary>The home: what is open, and a button to take it.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class IndexModel(
    AlertQueries alerts, AcknowledgeAlert acknowledge, TeamQueries teams, ConnectionQueries connections, Caller caller, TimeProvider clock) : PageModel
{
    public const string All = "all";

    /// <summary>open, acknowledged, closed or all.</summary>
    [BindProperty(SupportsGet = true)]
    public string Status { get; set; } = "open";

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? Team { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public AlertList List { get; private set; } = new([], null);

    public AlertCounts Counts { get; private set; } = new(0, 0, 0);

    public IReadOnlyList<TeamView> Teams { get; private set; } = [];

    /// <summary>Teams that a connection sends its alerts to and where nobody is on duty.</summary>
    public IReadOnlyList<TeamView> Unmanned { get; private set; } = [];

    public bool AnyConnection { get; private set; }

    /// <summary>See <see cref="Live"/>.</summary>
    public string Mark { get; private set; } = "";

    public bool MayAct => User.IsAtLeast(PersonRole.Responder);

    public bool Filtered => !string.IsNullOrWhiteSpace(Q) || Team is not null;

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    /// <summary>The list alone, for the page that refreshes itself.</summary>
    public async Task<IActionResult> OnGetListAsync(string? seen, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        return seen == Mark ? StatusCode(StatusCodes.Status204NoContent) : Partial("_AlertList", this);
    }

    public async Task<IActionResult> OnPostAcknowledgeAsync(Guid id, CancellationToken cancel)
    {
        var acted = await acknowledge.RunAsync(id, caller.Person, cancel);
        if (acted.Failure is { } refused) TempData.Say(refused.Message, refused: true);
        else TempData.Say(acted.Value.Changed ? $"You have \"{acted.Value.Alert.Title}\". Paging has stopped." : await alerts.UnchangedAsync(acted.Value.Alert, caller.Person, cancel));
        return RedirectToPage(new { Status, Q, Team });
    }

    /// <summary>This list with another state, from its beginning.</summary>
    public string To(string status) => Url.Page("/Alerts/Index", new { Status = status, Q, Team })!;

    private async Task LoadAsync(CancellationToken cancel)
    {
        var status = AlertWords.Read(Status);
        if (status is null) Status = All;
        Teams = await teams.ListAsync(cancel);
        List = await alerts.ListAsync(new AlertFilter { Status = status, Search = Q, TeamId = Team, After = After }, cancel);
        Counts = await alerts.CountAsync(Team, cancel);
        var known = await connections.ListAsync(withRemoved: false, cancel);
        AnyConnection = known.Count > 0;
        Unmanned = [.. Teams.Where(team => known.Any(c => c.TeamId == team.Id && c.State == ConnectionState.Active) && !team.Manned)];
        Mark = Live.Mark(clock, List, Counts, Unmanned.Select(team => team.Name), AnyConnection);
    }
}
