using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Duty;

/// <summary>Makes or changes a team and says who is in it.</summary>
[Authorize(Policy = Policies.Dispatcher)]
internal sealed class TeamModel(
    TeamQueries teams, PersonQueries people, CreateTeam create, ChangeTeam change, SetTeamMembers setMembers, DeleteTeam delete, EscalationQueries escalation, Caller caller) : PageModel
{
    /// <summary>Null for a new team.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Id { get; set; }

    [BindProperty]
    public TeamFields Form { get; set; } = new();

    public TeamView? Team { get; private set; }

    /// <summary>Null for a new team.</summary>
    public EscalationView? Escalation { get; private set; }

    public IReadOnlyList<Person> People { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        Form = Team is null ? new TeamFields { Members = [User.PersonId] } : TeamFields.Of(Team);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        if (!ModelState.IsValid) return Page();
        var saved = Id is { } id
            ? await change.RunAsync(id, Form.ToDraft(), caller.Person, cancel)
            : await create.RunAsync(Form.ToDraft(), caller.Person, cancel);
        var refused = saved.Failure ?? await setMembers.RunAsync(saved.Value.Id, Form.Members, caller.Person, cancel);
        if (refused is not null)
        {
            ModelState.Refuse(refused);
            return Page();
        }

        TempData.Say($"{saved.Value.Name} is saved.");
        return Redirect("/duty");
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken cancel)
    {
        var refused = await delete.RunAsync(Id ?? Guid.Empty, caller.Person, cancel);
        TempData.Say(refused?.Message ?? "The team is deleted.", refused is not null);
        return refused is null or Core.Common.NotFoundFailure ? Redirect("/duty") : RedirectToPage(new { Id });
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        Team = Id is { } id ? await teams.GetAsync(id, cancel) : null;
        Escalation = Team is null ? null : await escalation.GetAsync(Team.Id, cancel);
        People = [.. (await people.ListAsync(cancel)).Where(person => person.Active || Team?.Members.Any(member => member.PersonId == person.Id) == true)];
        return Id is null || Team is not null;
    }

    private EmptyResult Missing()
    {
        return Refusals.Missing(HttpContext, new TeamNotFound(Id!.Value));
    }
}
