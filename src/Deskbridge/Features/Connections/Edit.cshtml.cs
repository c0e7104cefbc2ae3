using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Changes the settings of a connection.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class EditModel(ConnectionQueries connections, RightsBook rights, ChangeConnection change, TeamQueries teams, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public SettingsForm Form { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await DrawAsync(cancel) ? Page() : Missing();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await DrawAsync(cancel)) return Missing();
        var draft = SettingsForm.Read(Request.Form);
        var saved = await change.RunAsync(Id, draft, caller.Person, cancel);
        if (saved.Failure is { } refused)
        {
            Form = Form.Refused(draft, refused);
            return Page();
        }

        TempData.Say(string.Join(' ', ["Saved.", .. saved.Notices.Select(notice => notice.Message)]));
        return Redirect($"/connections/{Id}");
    }

    private async Task<bool> DrawAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { State: not ConnectionState.Removed } found) return false;
        Connection = found;
        Form = new SettingsForm(found.Kind, found.KindName, found.Fields, await teams.ListAsync(cancel))
        {
            Back = $"/connections/{Id}",
            Name = found.Name,
            Description = found.Description,
            NeededRights = (await rights.ReadAsync(Id, cancel))?.Needed ?? [],
            TeamId = found.TeamId,
        };
        return true;
    }

    private EmptyResult Missing()
    {
        return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
    }
}
