using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Alerts;

/// <summary>Gives a note another text; a page of its own, so that what is being written survives the refreshes of the alert's page.</summary>
[Authorize(Policy = Policies.Responder)]
internal sealed class NoteModel(AlertQueries alerts, EditAlertNote edit, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid NoteId { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    /// <summary>The version of the note that the page showed.</summary>
    [BindProperty]
    public int Seen { get; set; }

    public AlertDetail Detail { get; private set; } = null!;

    public AlertNoteRow Note { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } refused) return refused;
        (Text, Seen) = (Note.Text, Note.Version);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var edited = await edit.RunAsync(Id, NoteId, Seen, Text ?? "", caller.Person, cancel);
        if (edited.Failure is null)
        {
            TempData.Say("The note is changed.");
            return Redirect($"/alerts/{Id}");
        }

        if (await LoadAsync(cancel) is { } refused) return refused;
        ModelState.Clear();
        ModelState.Refuse(edited.Failure);
        Seen = Note.Version; // what was typed stays, and what the note says now stands above it
        return Page();
    }

    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        if (await alerts.GetAsync(Id, cancel) is not { } detail) return Refusals.Missing(HttpContext, new AlertNotFound(Id));
        if (detail.Notes.FirstOrDefault(note => note.Id == NoteId) is not { } note) return Refusals.Missing(HttpContext, new NoteNotFound(NoteId));
        if (!note.MayBeEditedBy(caller.Person)) return Refusals.Page(HttpContext, StatusCodes.Status403Forbidden, new NoteOfAnother(note.Author).Message);
        (Detail, Note) = (detail, note);
        return null;
    }
}
