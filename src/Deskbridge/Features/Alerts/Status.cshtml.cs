using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Alerts;

/// <summary>Chooses a status for the ticket of an alert; a page of its own, so that the alert's page never waits for the ticket system.</summary>
[Authorize(Policy = Policies.Responder)]
internal sealed class StatusModel(AlertQueries alerts, SetTicketStatus set, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public string? Wanted { get; set; }

    /// <summary>The status that the page showed.</summary>
    [BindProperty]
    public string? Seen { get; set; }

    public AlertDetail Detail { get; private set; } = null!;

    public TicketStatuses? Choices { get; private set; }

    public string? Refused { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel)) return Page();
        return Refusals.Missing(HttpContext, new AlertNotFound(Id));
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var acted = await set.RunAsync(Id, Wanted ?? "", Seen, caller.Person, cancel);
        if (acted.Failure is { } refused)
        {
            var page = await OnGetAsync(cancel);
            Refused = refused.Message;
            return page;
        }

        TempData.Say(acted.Value.Changed ? "The status is on its way to the ticket." : "The ticket has this status already. Nothing was changed.");
        return Redirect($"/alerts/{Id}");
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await alerts.GetAsync(Id, cancel) is not { } detail) return false;
        Detail = detail;
        var choices = await set.ChoicesAsync(Id, cancel);
        Refused = choices.Failure?.Message;
        Choices = choices.Failure is null ? choices.Value : null;
        return true;
    }
}
