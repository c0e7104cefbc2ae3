using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Deskbridge.Features.Duty;

/// <summary>Who is on duty when: now, next, the coming two weeks, and what deviates from the rotations.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class ScheduleModel(ScheduleQueries schedules, SetSchedule set, TeamQueries teams, Caller caller, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public OverrideFields Form { get; set; } = new();

    public ScheduleView View { get; private set; } = null!;

    public DutyCalendar Calendar { get; private set; } = null!;

    public IReadOnlyList<MemberView> Members { get; private set; } = [];

    public bool MayDispatch => User.IsAtLeast(PersonRole.Dispatcher);

    public string NameOf(Guid id) => View.Names.GetValueOrDefault(id, "somebody who was deleted");

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        Form.Zone = View.Schedule.Layers is [var upper, ..] ? upper.Zone : User.PersonZone ?? "UTC";
        return Page();
    }

    public async Task<IActionResult> OnPostAddAsync(CancellationToken cancel)
    {
        if (!MayDispatch) return Forbid();
        if (!await LoadAsync(cancel)) return Missing();
        var read = Form.Read();
        var refused = read.Failure ?? (await set.AddAsync(Id, read.Value, caller.Person, cancel)).Failure;
        if (refused is not null)
        {
            ModelState.Refuse(refused);
            return Page();
        }

        TempData.Say("The override is saved.");
        return RedirectToPage(new { Id });
    }

    public async Task<IActionResult> OnPostRemoveAsync(Guid one, CancellationToken cancel)
    {
        if (!MayDispatch) return Forbid();
        var refused = await set.RemoveAsync(Id, one, caller.Person, cancel);
        TempData.Say(refused?.Message ?? "The override is removed.", refused is not null);
        return RedirectToPage(new { Id });
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await schedules.GetAsync(Id, cancel) is not { } view) return false;
        View = view;
        Members = (await teams.GetAsync(Id, cancel))?.Members ?? [];
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(User.PersonZone ?? "") ?? DateTimeZone.Utc;
        var today = Instant.FromDateTimeOffset(clock.GetUtcNow()).InZone(zone).Date;
        var (from, until) = (zone.AtStartOfDay(today).ToInstant(), zone.AtStartOfDay(today.PlusDays(DutyCalendar.Days)).ToInstant());
        Calendar = DutyCalendar.Of(await schedules.ShiftsAsync(Id, from, until, cancel) ?? [], today, zone);
        return true;
    }

    private EmptyResult Missing() => Refusals.Missing(HttpContext, new TeamNotFound(Id));
}

/// <summary>The form of an override.</summary>
internal sealed class OverrideFields
{
    public Guid? Person { get; set; }

    public Guid? InsteadOf { get; set; }

    public string? From { get; set; }

    public string? Until { get; set; }

    public string? Zone { get; set; }

    public Core.Common.Result<DutyOverride> Read() => new Features.Teams.OverrideBody(null, Person, InsteadOf, From, Until, Zone).Read();
}
