using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Features.Shared;
using Deskbridge.Features.Teams;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Duty;

/// <summary>A team's addresses for mails and callouts: made here, copied from here, tested here.</summary>
[Authorize(Policy = Policies.Dispatcher)]
internal sealed class IntakeModel(TeamQueries teams, IntakeQueries intakes, IntakeReader reader, SetIntake set, TestIntake test, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public IntakeFields Form { get; set; } = new();

    public TeamView Team { get; private set; } = null!;

    public IntakeBox Box { get; private set; } = null!;

    /// <summary>Its id in the event log; null where nobody made it.</summary>
    public Guid? IntakeId { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        Form = IntakeFields.Of(Box.Fields);
        return Page();
    }

    public Task<IActionResult> OnPostMakeAsync(CancellationToken cancel) => SetAsync(new IntakeDraft { Enabled = true }, "The addresses work from now on.", cancel);

    public Task<IActionResult> OnPostOffAsync(CancellationToken cancel) => SetAsync(new IntakeDraft { Enabled = false }, "Nothing comes in any more. Who sends there is told that nobody takes it.", cancel);

    public Task<IActionResult> OnPostRenewAsync(CancellationToken cancel) => SetAsync(new IntakeDraft { RenewAddresses = true }, "The addresses are new. The old ones work no more: enter these wherever those stood.", cancel);

    public Task<IActionResult> OnPostFieldsAsync(CancellationToken cancel) => SetAsync(new IntakeDraft { Fields = Form.ToFields(), MailgunKey = Form.ForgetMailgunKey ? "" : string.IsNullOrWhiteSpace(Form.MailgunKey) ? null : Form.MailgunKey }, "Saved.", cancel);

    public async Task<IActionResult> OnPostTestAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        var tested = await test.RunAsync(Id, caller.Person, cancel);
        TempData.Say(tested.Failure?.Message ?? $"{tested.Value.Message} It is in the list of alerts.", tested.Failure is not null);
        return RedirectToPage(new { Id });
    }

    private async Task<IActionResult> SetAsync(IntakeDraft draft, string done, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        var changed = await set.RunAsync(Id, draft, caller.Person, cancel);
        if (changed.Failure is { } refused)
        {
            ModelState.Refuse(refused);
            return Page();
        }

        TempData.Say(done);
        return RedirectToPage(new { Id });
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await teams.GetAsync(Id, cancel) is not { } team) return false;
        (Team, Box, IntakeId) = (team, await reader.ReadAsync(Id, cancel), (await intakes.GetAsync(Id, cancel))?.Id);
        return true;
    }

    private EmptyResult Missing() => Refusals.Missing(HttpContext, new TeamNotFound(Id));
}

/// <summary>The form of what a callout's fields are.</summary>
internal sealed class IntakeFields
{
    public string? Title { get; set; }

    public string? Customer { get; set; }

    public string? Priority { get; set; }

    public string? Shown { get; set; }

    public string? MailgunKey { get; set; }

    public bool ForgetMailgunKey { get; set; }

    public static IntakeFields Of(CalloutFieldsBody fields) => new() { Title = fields.Title, Customer = fields.Customer, Priority = fields.Priority, Shown = string.Join(", ", fields.Shown ?? []) };

    public CalloutFields ToFields() => new(Clean(Title), Clean(Customer), Clean(Priority), (Shown ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string? Clean(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim();
}
