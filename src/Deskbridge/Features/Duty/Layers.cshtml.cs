using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Deskbridge.Features.Duty;

/// <summary>The layers of a schedule. They are added, moved and removed by buttons that send the form along; only Save changes the hub.</summary>
[Authorize(Policy = Policies.Dispatcher)]
internal sealed class LayersModel(ScheduleQueries schedules, SetSchedule set, TeamQueries teams, Caller caller, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public LayersFields Form { get; set; } = new();

    public ScheduleView View { get; private set; } = null!;

    public IReadOnlyList<MemberView> Members { get; private set; } = [];

    /// <summary>The form shows what is not saved.</summary>
    public bool Edited { get; private set; }

    public string NameOf(Guid id) => View.Names.GetValueOrDefault(id, "somebody who was deleted");

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        Form = LayersFields.Of(View);
        if (Form.Layers.Count == 0) Form.Layers.Add(Fresh());
        return Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        Edited = true;
        if (!ModelState.IsValid) return Page();
        var layers = new List<DutyLayer>();
        Failure? refused = null;
        foreach (var (index, layer) in Form.Layers.Index())
        {
            var read = layer.ToBody().Read($"layers[{index}]");
            refused ??= read.Failure;
            if (read.Failure is null) layers.Add(read.Value);
        }

        refused ??= (await set.RunAsync(Id, View.Schedule with { Layers = layers }, Form.Version, caller.Person, cancel)).Failure;
        if (refused is not null)
        {
            ModelState.Refuse(refused);
            if (refused is ConflictFailure) Form.Version = View.Version;
            ModelState.Remove("Form.Version");
            return Page();
        }

        TempData.Say("The rotations are saved.");
        return Redirect($"/duty/teams/{Id}/schedule");
    }

    public Task<IActionResult> OnPostAddAsync(CancellationToken cancel) => EditAsync(() => Form.Layers.Insert(0, Fresh()), cancel);

    public Task<IActionResult> OnPostRemoveAsync(int at, CancellationToken cancel) => EditAsync(() => { if (at >= 0 && at < Form.Layers.Count) Form.Layers.RemoveAt(at); }, cancel);

    public Task<IActionResult> OnPostUpAsync(int at, CancellationToken cancel) => EditAsync(() => Swap(Form.Layers, at - 1), cancel);

    public Task<IActionResult> OnPostDownAsync(int at, CancellationToken cancel) => EditAsync(() => Swap(Form.Layers, at), cancel);

    public Task<IActionResult> OnPostJoinAsync(int at, CancellationToken cancel) => EditAsync(
        () =>
        {
            if (at >= 0 && at < Form.Layers.Count && Form.Layers[at] is { Next: { } person } layer && !layer.People.Contains(person)) layer.People.Add(person);
        },
        cancel);

    public Task<IActionResult> OnPostLeaveAsync(int at, Guid person, CancellationToken cancel) => EditAsync(() => { if (at >= 0 && at < Form.Layers.Count) Form.Layers[at].People.Remove(person); }, cancel);

    private LayerFields Fresh()
    {
        var zone = User.PersonZone ?? "UTC";
        var today = Instant.FromDateTimeOffset(clock.GetUtcNow()).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).Date;
        var name = Enumerable.Range(1, ScheduleRules.MostLayers + 1).Select(number => $"Rotation {number}").First(free => Form.Layers.TrueForAll(layer => layer.Name != free));
        return new LayerFields { Name = name, Zone = zone, Start = LocalTimes.Date.Format(today) };
    }

    private static void Swap<T>(List<T> list, int at)
    {
        if (at >= 0 && at + 1 < list.Count) (list[at], list[at + 1]) = (list[at + 1], list[at]);
    }

    private async Task<IActionResult> EditAsync(Action edit, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        ModelState.Clear();
        edit();
        Edited = true;
        return Page();
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await schedules.GetAsync(Id, cancel) is not { } view) return false;
        View = view;
        Members = (await teams.GetAsync(Id, cancel))?.Members ?? [];
        return true;
    }

    private EmptyResult Missing() => Refusals.Missing(HttpContext, new TeamNotFound(Id));
}

/// <summary>The form of the layers.</summary>
internal sealed class LayersFields
{
    public int Version { get; set; }

    public List<LayerFields> Layers { get; set; } = [];

    public static LayersFields Of(ScheduleView view) => new()
    {
        Version = view.Version,
        Layers = [.. view.Schedule.Layers.Select(layer => new LayerFields
        {
            Name = layer.Name, People = [.. layer.People], Length = layer.Length, Unit = layer.Unit, Start = LocalTimes.Date.Format(layer.Start), HandOver = LocalTimes.Time.Format(layer.HandOver), Zone = layer.Zone,
            Days = [.. layer.Days], From = LocalTimes.Time.Format(layer.From), To = LocalTimes.Time.Format(layer.To),
        })],
    };
}

/// <summary>The form of a layer.</summary>
internal sealed class LayerFields
{
    public string? Name { get; set; }

    public List<Guid> People { get; set; } = [];

    /// <summary>Whom the button adds.</summary>
    public Guid? Next { get; set; }

    public int Length { get; set; } = 1;

    public ShiftUnit Unit { get; set; } = ShiftUnit.Weeks;

    public string? Start { get; set; }

    public string? HandOver { get; set; } = "08:00";

    public string? Zone { get; set; }

    public List<IsoDayOfWeek> Days { get; set; } = [];

    public string? From { get; set; } = "00:00";

    public string? To { get; set; } = "00:00";

    public Teams.LayerBody ToBody() => new(
        Name, People, Length, Unit.ToString(), Start, Clock(HandOver), Zone, [.. Days.Select(day => day.ToString())], Clock(From), Clock(To));

    /// <summary>A browser may send seconds.</summary>
    private static string? Clock(string? time) => time is { Length: > 5 } ? time[..5] : time;
}
