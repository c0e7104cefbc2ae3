using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Duty;

/// <summary>How a team escalates. Steps are added, moved and removed by buttons that send the form along; only Save changes the hub.</summary>
[Authorize(Policy = Policies.Dispatcher)]
internal sealed class EscalationModel(EscalationQueries escalation, SetEscalation set, TeamQueries teams, PersonQueries people, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public EscalationFields Form { get; set; } = new();

    /// <summary>The chain as it is saved.</summary>
    public EscalationView Chain { get; private set; } = null!;

    public IReadOnlyList<TeamView> Others { get; private set; } = [];

    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>The form shows what is not saved.</summary>
    public bool Edited { get; private set; }

    public string Words(StepAudience audience) => audience switch
    {
        StepAudience.Duty => $"who is on duty in {Chain.Team}",
        StepAudience.Everybody => $"everybody in {Chain.Team}, on duty or not",
        StepAudience.People => "people by name",
        _ => "who is on duty in another team",
    };

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        Form = EscalationFields.Of(Chain);
        return Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        Edited = true;
        if (!ModelState.IsValid) return Page();
        var saved = await set.RunAsync(Id, Form.ToSteps(), Form.Version, caller.Person, cancel);
        if (saved.Failure is { } refused)
        {
            ModelState.Refuse(refused);
            if (refused is ConflictFailure) Form.Version = Chain.Version; // seen now, above the form
            ModelState.Remove("Form.Version");
            return Page();
        }

        TempData.Say("The escalation is saved. Open alerts follow it.");
        return RedirectToPage(new { Id });
    }

    public Task<IActionResult> OnPostAddAsync(CancellationToken cancel) =>
        EditAsync(steps => { if (steps.Count < EscalationRules.MostSteps) steps.Add(new StepFields { Wait = StepFields.UsualWait, Pages = StepAudience.Everybody }); }, cancel);

    public Task<IActionResult> OnPostRemoveAsync(int at, CancellationToken cancel) =>
        EditAsync(steps => { if (at >= 0 && at < steps.Count && steps.Count > 1) steps.RemoveAt(at); }, cancel);

    public Task<IActionResult> OnPostUpAsync(int at, CancellationToken cancel) => EditAsync(steps => Swap(steps, at - 1), cancel);

    public Task<IActionResult> OnPostDownAsync(int at, CancellationToken cancel) => EditAsync(steps => Swap(steps, at), cancel);

    private static void Swap(List<StepFields> steps, int at)
    {
        if (at >= 0 && at + 1 < steps.Count) (steps[at], steps[at + 1]) = (steps[at + 1], steps[at]);
    }

    private async Task<IActionResult> EditAsync(Action<List<StepFields>> edit, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return Missing();
        ModelState.Clear();
        edit(Form.Steps);
        if (Form.Steps.Count == 0) Form.Steps.Add(new StepFields());
        foreach (var later in Form.Steps.Skip(1).Where(step => step.Wait is null or 0)) later.Wait = StepFields.UsualWait;
        Edited = true;
        return Page();
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await escalation.GetAsync(Id, cancel) is not { } chain) return false;
        Chain = chain;
        Others = [.. (await teams.ListAsync(cancel)).Where(team => team.Id != Id)];
        People = await people.ListAsync(cancel);
        return true;
    }

    private EmptyResult Missing() => Refusals.Missing(HttpContext, new TeamNotFound(Id));
}

/// <summary>The form of a chain.</summary>
internal sealed class EscalationFields
{
    public int Version { get; set; }

    public List<StepFields> Steps { get; set; } = [];

    public static EscalationFields Of(EscalationView chain) => new()
    {
        Version = chain.Version,
        Steps = [.. chain.Steps.Select(step => new StepFields { Wait = step.WaitMinutes, Pages = step.Pages, People = [.. step.People], TeamId = step.TeamId })],
    };

    public IReadOnlyList<ChainStep> ToSteps() => [.. Steps.Select((step, index) => new ChainStep(index == 0 ? 0 : step.Wait ?? 0, step.Pages, step.People, step.TeamId))];
}

/// <summary>The form of a step.</summary>
internal sealed class StepFields
{
    /// <summary>What a new step waits.</summary>
    public const int UsualWait = 10;

    public int? Wait { get; set; }

    public StepAudience Pages { get; set; }

    public List<Guid> People { get; set; } = [];

    public Guid? TeamId { get; set; }
}
