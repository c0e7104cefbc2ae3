using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>A run and its steps, as they happen.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class RunModel(ConnectionRuns runs, ConnectionQueries connections, RightsBook rights, RaiseHeldTickets raise, Caller caller, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid RunId { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public RunView View { get; private set; } = null!;

    public ConnectionRun Run => View.Run;

    /// <summary>After an Install: tickets that matched before it and raised nothing.</summary>
    public int Held { get; private set; }

    /// <summary>Objects that were there before, which Install would use after an administrator's word; 0 when it need not be asked for.</summary>
    public int Adoptable { get; private set; }

    /// <summary>Other connections to the same system that run, while this one is not installed.</summary>
    public IReadOnlyList<string> SameSystem { get; private set; } = [];

    /// <summary>After a Test: what the account needs and has; null when its kind has no rights to look at.</summary>
    public RightsView? Rights { get; private set; }

    public string Mark { get; private set; } = "";

    public bool AtWork => Run.State == RunState.Running;

    public bool MayChange => User.IsAtLeast(PersonRole.Admin);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel)) return Page();
        return Refusals.Page(HttpContext, StatusCodes.Status404NotFound, $"Run {RunId} does not exist on this connection.");
    }

    public async Task<IActionResult> OnGetLiveAsync(string? seen, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        return seen == Mark ? StatusCode(StatusCodes.Status204NoContent) : Partial("_Run", this);
    }

    public async Task<IActionResult> OnPostCancelAsync()
    {
        if (!MayChange) return Forbid();
        var stopped = await runs.CancelAsync(RunId);
        TempData.Say(stopped ? "It stops at its next step." : "It had ended already.");
        return RedirectToPage(new { Id, RunId });
    }

    public async Task<IActionResult> OnPostRaiseAsync(CancellationToken cancel)
    {
        var raised = await raise.RunAsync(Id, caller.Person, cancel);
        TempData.Say(raised.Failure?.Message ?? $"{raised.Value} tickets raise their alerts now.", refused: raised.Failure is not null);
        return RedirectToPage(new { Id, RunId });
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { } connection || await runs.FindAsync(RunId, cancel) is not { } view || view.Run.ConnectionId != Id) return false;
        (Connection, View) = (connection, view);
        if (MayChange && view.Run is { Kind: ConnectionRunKind.Install, State: RunState.Succeeded }) Held = await raise.CountAsync(Id, cancel);
        if (MayChange && IsAsking(view.Run) && connection.State is (ConnectionState.Draft or ConnectionState.Disabled))
        {
            Adoptable = view.Items.Count(item => item.Outcome == Adoption.Outcome);
            SameSystem = await connections.RunningTwinsAsync(Id, cancel);
        }

        if (view.Run is { Kind: ConnectionRunKind.Test, State: not RunState.Running }) Rights = await rights.ReadAsync(Id, cancel);
        Mark = Live.Mark(clock, view.Run.State, view.Run.Total, view.Items.Count);
        return true;
    }

    private static bool IsAsking(ConnectionRun run) => run is { Kind: ConnectionRunKind.DryRun, State: RunState.Succeeded } or { Kind: ConnectionRunKind.Install, State: RunState.Failed };
}
