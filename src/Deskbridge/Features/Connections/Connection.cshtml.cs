using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>One connection: how it is doing, its rules, and the buttons of its life.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class ConnectionModel(
    ConnectionQueries connections,
    ConnectionQueues queues,
    ConnectorPool pool,
    CallBudgets budgets,
    PollPace pace,
    CallbackHeal callbacks,
    RuleQueries rules,
    RemovalPreview preview,
    TeamQueries teams,
    ConnectionRuns runs,
    SetConnectionState setState,
    ConfirmRuleChange confirm,
    MissingTickets missing,
    AnswerDeletion answer,
    ConnectionFindings findings,
    RightsBook rights,
    SwitchKeys keys,
    Caller caller,
    TimeProvider clock) : PageModel
{
    private const int RunsShown = 8;

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public ConnectionQueue Queue { get; private set; } = null!;

    public CallUsage Calls { get; private set; } = null!;

    /// <summary>Calls that may be made in a minute.</summary>
    public int CallsPerMinute => budgets.CallsPerMinute;

    /// <summary>How often changed tickets are read, as it is now.</summary>
    public TimeSpan ReadsEvery => pace.IntervalOf(Id);

    /// <summary>The row itself, for what the view leaves out; null when its settings make no connector.</summary>
    public LiveConnection? Running { get; private set; }

    /// <summary>Why the settings make no connector.</summary>
    public string? Unusable { get; private set; }

    public RulesView? Rules { get; private set; }

    public string? Team { get; private set; }

    public string? CallbackProblem { get; private set; }

    public IReadOnlyList<InstalledObject> Installed { get; private set; } = [];

    /// <summary>What its account may do; null when its kind has no rights to look at.</summary>
    public RightsView? Rights { get; private set; }

    /// <summary>Cells that are needed all the time and were found missing, in a line.</summary>
    public string LackingRights => Rights?.Lacks ?? "";

    /// <summary>Other connections to the same system that run, while this one is not installed.</summary>
    public IReadOnlyList<string> SameSystem { get; private set; } = [];

    /// <summary>Other connections that run on the same system beside this one.</summary>
    public IReadOnlyList<string> Beside { get; private set; } = [];

    /// <summary>What is wrong with it now.</summary>
    public IReadOnlyList<ConnectionFinding> Findings { get; private set; } = [];

    public MissingView Missing { get; private set; } = null!;

    public IReadOnlyList<ConnectionRun> Runs { get; private set; } = [];

    public DateTimeOffset Now => clock.GetUtcNow();

    public string Mark { get; private set; } = "";

    public bool MayChange => User.IsAtLeast(PersonRole.Admin) && Connection.State != ConnectionState.Removed;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel)) return Page();
        return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
    }

    public async Task<IActionResult> OnGetLiveAsync(string? seen, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        return seen == Mark ? StatusCode(StatusCodes.Status204NoContent) : Partial("_Connection", this);
    }

    public async Task<IActionResult> OnPostRunAsync(ConnectionRunKind kind, bool confirmSecond, bool adopt, CancellationToken cancel)
    {
        if (kind == ConnectionRunKind.Remove) return Redirect($"/connections/{Id}/remove");
        var started = await runs.StartAsync(Id, kind, caller.Person, new RunRequest(ConfirmSecond: confirmSecond, Adopt: adopt), cancel);
        if (started.RunId is { } run) return Redirect($"/connections/{Id}/runs/{run}");
        if (started.Failure is RunInProgress busy) return Redirect($"/connections/{Id}/runs/{busy.RunId}");
        return Answer(started.Failure, "");
    }

    public async Task<IActionResult> OnPostPauseAsync(CancellationToken cancel) =>
        Answer(await setState.PauseAsync(Id, caller.Person, cancel), "Paused. What is queued stays queued.");

    public async Task<IActionResult> OnPostResumeAsync(CancellationToken cancel) =>
        Answer(await setState.ResumeAsync(Id, caller.Person, cancel), "Working again.");

    public async Task<IActionResult> OnPostConfirmAsync(CancellationToken cancel) =>
        Answer(await confirm.RunAsync(Id, caller.Person, cancel), "The changed rules are in force.");

    public async Task<IActionResult> OnPostDeletedAsync(string[] tickets, CancellationToken cancel)
    {
        var confirmed = await answer.ConfirmAsync(Id, tickets, caller.Person, cancel);
        var back = tickets.Length - confirmed.Value;
        return Answer(confirmed.Failure, back == 0 ? "Confirmed; their alerts are closed." : $"{confirmed.Value} confirmed; {back} were found again and go on.");
    }

    public async Task<IActionResult> OnPostKeepAsync(CancellationToken cancel) =>
        Answer(await answer.KeepAsync(Id, caller.Person, cancel), "Nothing is treated as deleted. You are asked again if the next sweep does not find them either.");

    public async Task<IActionResult> OnPostKeysAsync(CancellationToken cancel) =>
        Answer(await keys.RunAsync(Id, caller.Person, cancel), "The second key is the key now; the first was dropped. Delete it in the remote system.");

    private RedirectToPageResult Answer(Failure? refused, string done)
    {
        TempData.Say(refused?.Message ?? done, refused is not null);
        return RedirectToPage(new { Id });
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { } found) return false;
        Connection = found;
        Queue = await queues.OfAsync(Id, cancel);
        Calls = budgets.Of(Id).Usage();
        SameSystem = await connections.RunningTwinsAsync(Id, cancel);
        Beside = await connections.BesideAsync(Id, cancel);
        Findings = await findings.ReadAsync(Id, cancel);
        Rights = await rights.ReadAsync(Id, cancel);
        Missing = await missing.ReadAsync(Id, cancel);
        Runs = await runs.ListAsync(Id, RunsShown, cancel);
        Team = found.TeamId is { } team ? (await teams.GetAsync(team, cancel))?.Name : null;
        await LoadLiveAsync(cancel);
        Mark = Live.Mark(clock, found.State, found.Health, found.RuleChangeHeld, Queue, Runs, Rules?.HeldChange, Rules?.Refused, Rules?.Problems, Rules?.LastChange?.At, Missing, SameSystem, Findings, Installed.Count, LackingRights);
        return true;
    }

    private async Task LoadLiveAsync(CancellationToken cancel)
    {
        try
        {
            Running = await pool.FindInAnyStateAsync(Id, cancel);
        }
        catch (ConnectorException failure)
        {
            Unusable = failure.Message;
        }

        if (Running is null) return;
        Rules = await rules.ReadAsync(Running, cancel);
        Installed = (await preview.ReadAsync(Running, cancel)).Objects;
        if (Running.Connector is IReceivesCallbacks) CallbackProblem = (await callbacks.AddressAsync(Running.Connection, cancel)).Problem;
    }
}
