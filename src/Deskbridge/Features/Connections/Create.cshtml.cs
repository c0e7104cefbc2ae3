using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Enters a new connection; it reads and writes nothing until it is installed.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class CreateModel(ConnectorCatalog catalog, CreateConnection create, ConnectionRuns runs, TeamQueries teams, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "";

    public SettingsForm Form { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await DrawAsync(cancel)) return Page();
        return Refusals.Page(HttpContext, StatusCodes.Status404NotFound, $"There is no connector '{Kind}' in this build.");
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await DrawAsync(cancel)) return NotFound();
        var draft = SettingsForm.Read(Request.Form);
        var saved = await create.RunAsync(Kind, draft, caller.Person, cancel);
        if (saved.Failure is { } refused)
        {
            Form = Form.Refused(draft, refused);
            return Page();
        }

        TempData.Say(string.Join(' ', ["Saved. This is its test.", .. saved.Notices.Select(notice => notice.Message)]));
        var test = await runs.StartAsync(saved.Id!.Value, ConnectionRunKind.Test, caller.Person, new RunRequest(), cancel);
        return Redirect(test.RunId is { } run ? $"/connections/{saved.Id}/runs/{run}" : $"/connections/{saved.Id}");
    }

    private async Task<bool> DrawAsync(CancellationToken cancel)
    {
        if (catalog.Find(Kind) is not { } type) return false;
        var known = await teams.ListAsync(cancel);
        var preset = Activator.CreateInstance(type.OptionsType)!;
        Form = new SettingsForm(type.Kind, type.Name, ConnectionForm.Draw(preset), known)
        {
            IsNew = true,
            NeededRights = type.NeededRights(preset),
            Name = type.Name,
            TeamId = known.Count == 1 ? known[0].Id : null,
        };
        return true;
    }
}
