using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Edits one event of a rule: its condition as groups and as text, or its actions.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class RuleModel(
    ConnectionQueries connections, OpenRules open, CheckRuleEvent check, SaveRuleEvent save, RuleTriggers triggers, RuleValueLists lists, ConnectionRuns runs, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string EventId { get; set; } = "";

    public RuleForm Form { get; private set; } = new("", "", 0, null);

    public ConnectionView Connection { get; private set; } = null!;

    public OpenedRules Rules { get; private set; } = null!;

    public RuleEventState Event { get; private set; } = null!;

    public ConditionReading Reading { get; private set; } = null!;

    public IReadOnlyList<RuleTemplate> Templates { get; private set; } = [];

    /// <summary>The values of every kind of action.</summary>
    public IReadOnlyList<(RuleActionKind Kind, IReadOnlyList<RuleValue> Values)> Choices { get; private set; } = [];

    public RuleEventCheck? Checked { get; private set; }

    public Failure? Refused { get; private set; }

    /// <summary>The preview that was started.</summary>
    public RunView? Preview { get; private set; }

    /// <summary>The actions as the form shows them.</summary>
    public IReadOnlyList<RuleActionState> Actions => Form.Actions ?? Event.Actions;

    /// <summary>What clauses can be about, for the script.</summary>
    public string FieldsJson => Json.Write(Rules.Editor.RuleFields);

    /// <summary>The remote system holds the rules; otherwise the settings do.</summary>
    public bool WritesThere => Rules.Editor is IWritesRules;

    /// <summary>The condition as a tree, for the script; null when it cannot be read.</summary>
    public string TreeJson => Json.Write(Reading.Tree);

    public async Task<IActionResult> OnGetAsync(string? template, CancellationToken cancel)
    {
        if (await OpenAsync(cancel) is { } missing) return missing;
        var chosen = Templates.FirstOrDefault(one => one.Key == template);
        Form = new(chosen?.Condition ?? Event.Condition, Event.Version, 0, chosen is { Actions.Count: > 0 } && RuleFace.Writes(Event.Purpose) ? chosen.Actions : null);
        return Draw();
    }

    public async Task<IActionResult> OnGetPreviewAsync(Guid runId, CancellationToken cancel)
    {
        Preview = await runs.FindAsync(runId, cancel);
        return Preview is null || Preview.Run.ConnectionId != Id ? NotFound() : Partial("_RulePreview", this);
    }

    public async Task<IActionResult> OnGetValuesAsync(string list, CancellationToken cancel)
    {
        var found = await open.FindAsync(Id, cancel);
        try
        {
            return found.Failure is null && RuleValueLists.Refuse(found.Value.Editor, list) is null ? Answer(await lists.ReadAsync(Id, found.Value.Editor, list, cancel)) : NotFound();
        }
        catch (ConnectorException failure)
        {
            return Answer(new { failure.Message });
        }
    }

    /// <summary>The text as a tree, without any call to the remote system: asked at every pause in the typing.</summary>
    public async Task<IActionResult> OnPostTreeAsync(string? original, RuleEventPurpose purpose, string? condition, CancellationToken cancel)
    {
        var found = await open.FindAsync(Id, cancel);
        if (found.Failure is not null) return NotFound();
        var shown = new RuleEventState(EventId, "", "", purpose, original ?? "", [], "", null, null);
        return Answer(found.Value.Editor.ReadCondition(shown, condition ?? ""));
    }

    public async Task<IActionResult> OnPostCheckAsync(CancellationToken cancel)
    {
        if (await OpenAsync(cancel) is { } missing) return missing;
        Form = RuleForm.Read(Request.Form, Choices);
        var found = await check.RunAsync(Id, Edit, cancel);
        if (found.Failure is null) Checked = found.Value;
        else Refused = found.Failure;
        return Draw();
    }

    public async Task<IActionResult> OnPostTryAsync(CancellationToken cancel)
    {
        if (await OpenAsync(cancel) is { } missing) return missing;
        Form = RuleForm.Read(Request.Form, Choices);
        var started = await runs.StartAsync(Id, ConnectionRunKind.Preview, caller.Person, new RunRequest(Rule: new RuleTrial(EventId, Form.Condition)), cancel);
        Refused = started.Failure;
        if (started.RunId is { } run) Preview = await runs.FindAsync(run, cancel);
        return Draw();
    }

    public async Task<IActionResult> OnPostSaveAsync(CancellationToken cancel)
    {
        if (await OpenAsync(cancel) is { } missing) return missing;
        Form = RuleForm.Read(Request.Form, Choices);
        var saved = await save.RunAsync(Id, Edit, Form.Version, Form.ConfirmRaises, caller.Person, cancel);
        if (saved.Failure is null)
        {
            TempData.Say(Said(saved.Value.Outcome, WritesThere ? "Saved in ConnectWise" : "Saved"));
            return Redirect($"/connections/{Id}/rules");
        }

        Refused = saved.Failure;
        if (Refused is RuleChangedSince changed) (Event, Form) = (changed.Now, Form with { Version = changed.Now.Version });
        return Draw();
    }

    public async Task<IActionResult> OnPostReturnAsync(ReturnPolicy? policy, int? hours, CancellationToken cancel) =>
        await DoneAsync(
            (await triggers.ChooseReturnAsync(Id, EventId, policy, hours, caller.Person, cancel)).Failure,
            policy is { } own ? $"Chosen for event {EventId}: {RuleFace.Returns.Single(one => one.Policy == own).Says}." : $"Event {EventId} does as the connection's settings say again.",
            $"/connections/{Id}/rules/{EventId}",
            cancel);

    public async Task<IActionResult> OnPostDeleteAsync(string? version, CancellationToken cancel) =>
        await DoneAsync(await triggers.DeleteAsync(Id, EventId, version ?? "", caller.Person, cancel), "Deleted in ConnectWise, and out of force.", $"/connections/{Id}/rules", cancel);

    private async Task<IActionResult> DoneAsync(Failure? refused, string said, string then, CancellationToken cancel)
    {
        if (refused is null)
        {
            TempData.Say(said);
            return Redirect(then);
        }

        if (await OpenAsync(cancel) is { } missing) return missing;
        (Form, Refused) = (new(Event.Condition, Event.Version, 0, null), refused);
        return Draw();
    }

    private RuleEventEdit Edit => new(EventId, Form.Condition, RuleFace.Writes(Event.Purpose) ? Form.Actions : null);

    private static string Said(RuleRefresh outcome, string saved) => outcome switch
    {
        RuleRefresh.InForce => $"{saved} and in force.",
        RuleRefresh.Same => "Nothing differs from what is in force.",
        RuleRefresh.NotRunning => $"{saved}. It takes force when the connection works.",
        RuleRefresh.Held => $"{saved}. It waits for a word on the connection's page.",
        _ => $"{saved}, but the rules cannot be used as a whole; the connection's page says why.",
    };

    private ContentResult Answer<T>(T value) => Content(Json.Write(value), "application/json");

    private PageResult Draw()
    {
        Reading = Rules.Editor.ReadCondition(Event, Form.Condition);
        return Page();
    }

    /// <summary>Reads what the page shows; answers when there is nothing to show.</summary>
    private async Task<IActionResult?> OpenAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { State: not ConnectionState.Removed } connection) return Missing(new ConnectionNotFound(Id));
        Connection = connection;
        var opened = await open.RunAsync(Id, EventId, cancel);
        if (opened.Failure is { } refused) return Missing(refused);
        (Rules, Event) = opened.Value;
        try
        {
            Templates = await Rules.ReadTemplatesAsync(Event, lists, cancel);
            if (!RuleFace.Writes(Event.Purpose)) return null;
            var choices = new List<(RuleActionKind, IReadOnlyList<RuleValue>)>();
            foreach (var kind in Rules.Editor.RuleActionKinds) choices.Add((kind, kind.Values is { } list ? await lists.ReadAsync(Id, Rules.Editor, list, cancel) : []));
            Choices = choices;
        }
        catch (ConnectorException failure)
        {
            return Missing(new RulesNotRead(failure.Message));
        }

        return null;
    }

    private EmptyResult Missing(Failure failure)
    {
        return Refusals.Page(HttpContext, failure.StatusCode, failure.Message);
    }
}
