using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>The rules of a connection as ConnectWise has them now, event by event.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class RulesModel(ConnectionQueries connections, OpenRules open, RuleQueries queries, RuleTriggers triggers, Caller caller) : PageModel
{
    private IEditsRules? _editor;

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public RuleDesk? Desk { get; private set; }

    /// <summary>The connection's settings.</summary>
    public IAlertingPreferences? Preferences { get; private set; }

    public RulesView? InForce { get; private set; }

    /// <summary>Why the rules are not shown.</summary>
    public string? Refused { get; private set; }

    /// <summary>The remote system holds the rules; otherwise the settings do.</summary>
    public bool WritesThere => _editor is IWritesRules;

    /// <summary>What tells an event from others of its rule.</summary>
    public RuleSummary SummaryOf(RuleState rule, RuleEventState one) => RuleSummary.Of(_editor!, one, rule.Events);

    public bool MayChange => User.IsAtLeast(PersonRole.Admin) && Connection.State != ConnectionState.Removed;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { } found)
        {
            return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
        }

        Connection = found;
        var opened = await open.RunAsync(Id, cancel);
        Refused = opened.Failure?.Message;
        if (opened.Failure is not null) return Page();
        (Desk, Preferences, _editor) = (opened.Value.Desk, opened.Value.Live.Preferences, opened.Value.Editor);
        InForce = await queries.ReadAsync(opened.Value.Live, cancel);
        return Page();
    }

    /// <summary>Adds an event that raises alerts, and opens it.</summary>
    public async Task<IActionResult> OnPostAddAsync(string? like, CancellationToken cancel)
    {
        if (!User.IsAtLeast(PersonRole.Admin)) return Forbid();
        var added = await triggers.AddAsync(Id, like ?? "", caller.Person, cancel);
        if (added.Failure is { } refused)
        {
            TempData.Say(refused.Message, refused: true);
            return Redirect($"/connections/{Id}/rules");
        }

        TempData.Say($"Event {added.Value.Event.Id} was added in ConnectWise. Change its condition and save.");
        return Redirect($"/connections/{Id}/rules/{added.Value.Event.Id}");
    }
}
