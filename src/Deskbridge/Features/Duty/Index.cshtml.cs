using Deskbridge.Access;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Duty;

/// <summary>Who is on duty, and the button to go on or off.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class IndexModel(TeamQueries teams, ChannelQueries channels, PunchIn punchIn, PunchOut punchOut, TestTeam test, Caller caller) : PageModel
{
    public IReadOnlyList<TeamView> Teams { get; private set; } = [];

    /// <summary>How many of my channels are in use; with none nobody can page me.</summary>
    public int MyChannels { get; private set; }

    /// <summary>What came of the test of a team just made.</summary>
    public TeamTested? Tested { get; private set; }

    public bool MayPunch => User.IsAtLeast(PersonRole.Responder);

    public bool MayDispatch => User.IsAtLeast(PersonRole.Dispatcher);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Teams = await teams.ListAsync(cancel);
        MyChannels = (await channels.ListAsync(User.PersonId, cancel)).Count(channel => channel.Enabled);
    }

    public MemberView? Me(TeamView team) => team.Members.FirstOrDefault(member => member.PersonId == User.PersonId);

    public async Task<IActionResult> OnPostInAsync(Guid team, Guid person, CancellationToken cancel) =>
        Answer((await punchIn.RunAsync(team, person, caller.Person, cancel)).Failure, person, "On duty. Open alerts that paged nobody page now.");

    public async Task<IActionResult> OnPostOutAsync(Guid team, Guid person, CancellationToken cancel) =>
        Answer((await punchOut.RunAsync(team, person, caller.Person, cancel)).Failure, person, await OffAsync(team, cancel));

    /// <summary>Who is on now, for whoever leaves a shift.</summary>
    private async Task<string> OffAsync(Guid team, CancellationToken cancel)
    {
        var on = (await teams.GetAsync(team, cancel))?.Members.Where(member => member.OnDutySince is not null).Select(member => member.Name).ToList() ?? [];
        return on.Count > 0 ? $"Off duty. On duty now: {string.Join(", ", on)}." : "Off duty. Nobody is on duty in this team now.";
    }

    public async Task<IActionResult> OnPostTestAsync(Guid team, CancellationToken cancel)
    {
        var tested = await test.RunAsync(team, caller.Person, cancel);
        if (tested.Failure is { } refused) return Answer(refused, User.PersonId, "");
        Tested = tested.Value;
        await OnGetAsync(cancel);
        return Page();
    }

    private RedirectToPageResult Answer(Failure? refused, Guid person, string done)
    {
        TempData.Say(refused?.Message ?? (person == User.PersonId ? done : "Done. " + done), refused is not null);
        return RedirectToPage();
    }
}
