using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Alerts;

/// <summary>One alert: what to do about it, what is known, and why everything happened. Opening it changes nothing; mails link here.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class AlertModel(AlertQueries alerts, AlertButtons buttons, AlertWork work, Caller caller, RandomIds ids, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Text of the note being written.</summary>
    [BindProperty]
    public string? Note { get; set; }

    /// <summary>Where the note shall show; what the page offers, and maybe none ticked.</summary>
    [BindProperty]
    public List<NoteFlags>? Flags { get; set; }

    /// <summary>Made with the form: sending the form twice adds one note.</summary>
    [BindProperty]
    public string? ClientKey { get; set; }

    public AlertDetail Detail { get; private set; } = null!;

    public AlertRow Alert => Detail.Alert;

    /// <summary>The ticket, the writes to it and its conflicts.</summary>
    public AlertBackground Work { get; private set; } = null!;

    /// <summary>See <see cref="Live"/>.</summary>
    public string Mark { get; private set; } = "";

    /// <summary>A later alert of the same ticket counts now; this one is history.</summary>
    public bool Overtaken => Detail.CurrentId != Id;

    public bool MaySetStatus => MayAct && !Work.Removed && Work.Ticket is { LinkState: not "tombstoned" };

    /// <summary>Somebody else has it.</summary>
    public bool MayTakeOver => MayAct && Alert is { Status: "acknowledged", Actor: var actor } && actor != caller.Person.Name;

    /// <summary>What happened on both sides, newest first: the alert's own lines and the notes that others wrote on the ticket.</summary>
    public IEnumerable<AlertLine> BothSides => Detail.Timeline.Concat(Work.TheirNotes).Concat(Work.ChangedThere(Detail.Notes)).OrderByDescending(line => line.At).ThenByDescending(line => line.Order);

    public bool MayAttach => MayAct && Work.Ticket is not { TakesFiles: false };

    /// <summary>Who wrote a note may edit it, and so may administrators.</summary>
    public bool MayEdit(AlertNoteRow note) => note.MayBeEditedBy(caller.Person);

    public bool MayAct => User.IsAtLeast(PersonRole.Responder) && !Overtaken;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        ClientKey ??= ids.NewMarker();
        if (await LoadAsync(cancel)) return Page();
        return Refusals.Missing(HttpContext, new AlertNotFound(Id));
    }

    /// <summary>All but the frame, for the page that refreshes itself.</summary>
    public async Task<IActionResult> OnGetLiveAsync(string? seen, CancellationToken cancel)
    {
        ClientKey = ids.NewMarker();
        if (!await LoadAsync(cancel)) return NotFound();
        return seen == Mark ? StatusCode(StatusCodes.Status204NoContent) : Partial("_Alert", this);
    }

    public Task<IActionResult> OnPostAcknowledgeAsync(CancellationToken cancel) => ActAsync(buttons.Acknowledge, "You have it. Paging has stopped.", cancel);

    public Task<IActionResult> OnPostTakeOverAsync(CancellationToken cancel) => ActAsync(buttons.TakeOver, "You have it now.", cancel);

    public Task<IActionResult> OnPostUnacknowledgeAsync(CancellationToken cancel) => ActAsync(buttons.Unacknowledge, "It is open again and pages whoever is on duty.", cancel);

    public Task<IActionResult> OnPostCloseAsync(CancellationToken cancel) => ActAsync(buttons.Close, "Closed.", cancel);

    public async Task<IActionResult> OnPostEscalateAsync(string? seen, CancellationToken cancel)
    {
        var acted = await buttons.Escalate.RunAsync(Id, seen, caller.Person, cancel);
        if (acted.Failure is NotFoundFailure) return await OnGetAsync(cancel);
        if (acted.Failure is { } refused) TempData.Say(refused.Message, refused: true);
        else if (!acted.Value.Changed) TempData.Say("It went on meanwhile: look at what comes next. Nothing was changed.");
        else if (acted.Value.Alert.Unattended) TempData.Say("Nobody can be paged at this moment. The administrators know.", refused: true);
        else TempData.Say("Escalated. The timeline says who is paged.");
        return RedirectToPage(new { Id = acted.Failure is null ? acted.Value.Alert.Id : Id });
    }

    public Task<IActionResult> OnPostReopenAsync(CancellationToken cancel) => ActAsync(buttons.Reopen, "It is open again and pages whoever is on duty.", cancel);

    public async Task<IActionResult> OnPostNoteAsync(CancellationToken cancel)
    {
        var added = await buttons.Note.RunAsync(Id, caller.Person, Note ?? "", Flags is { Count: > 0 } ticked ? ticked.Aggregate((all, one) => all | one) : null, ClientKey, cancel);
        if (added.Failure is { } refused)
        {
            ModelState.Clear();
            ModelState.Refuse(refused);
            if (refused is not InvalidFailure) ClientKey = null;
            return await OnGetAsync(cancel);
        }

        TempData.Say("The note is added.");
        return RedirectToPage(new { Id });
    }

    private async Task<IActionResult> ActAsync(AlertButton button, string done, CancellationToken cancel)
    {
        var acted = await button(Id, caller.Person, cancel);
        if (acted.Failure is NotFoundFailure) return await OnGetAsync(cancel);
        if (acted.Failure is { } refused) TempData.Say(refused.Message, refused: true);
        else TempData.Say(acted.Value.Changed ? done : await alerts.UnchangedAsync(acted.Value.Alert, caller.Person, cancel));
        return RedirectToPage(new { Id = acted.Failure is null ? acted.Value.Alert.Id : Id });
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await alerts.GetAsync(Id, cancel) is not { } detail) return false;
        Detail = detail;
        Work = await work.ReadAsync(Id, cancel);
        Mark = Live.Mark(clock, detail, Work);
        return true;
    }
}

/// <summary>A state action as the page's buttons call it.</summary>
internal delegate Task<Result<AlertActed>> AlertButton(Guid alertId, Person by, CancellationToken cancel);

/// <summary>The seven things a person can do to an alert.</summary>
internal sealed class AlertButtons(AcknowledgeAlert acknowledge, UnacknowledgeAlert unacknowledge, CloseAlert close, ReopenAlert reopen, TakeOverAlert takeOver, EscalateAlert escalate, AddAlertNote note)
{
    public AlertButton Acknowledge => acknowledge.RunAsync;

    public AlertButton Unacknowledge => unacknowledge.RunAsync;

    public AlertButton Close => close.RunAsync;

    public AlertButton Reopen => reopen.RunAsync;

    public AlertButton TakeOver => takeOver.RunAsync;

    public EscalateAlert Escalate => escalate;

    public AddAlertNote Note => note;
}
