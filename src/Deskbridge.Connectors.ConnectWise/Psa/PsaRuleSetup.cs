namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Plans, creates and removes the workflow rules. They stay inactive: ConnectWise only keeps them.</summary>
internal sealed class PsaRuleSetup(
    PsaClient client, ConnectWisePsaOptions options, IReadOnlyDictionary<string, string> installed, Func<PsaRuleReader> reader)
{
    private const string Path = "system/workflows";
    private const string RuleKind = "Workflow rule";
    private const string EventKind = "Event";
    private const string ActionKind = "Action";
    private const string ChangeStatus = "Change Ticket Status";

    private readonly IReadOnlyList<RuleSpec> _specs = PsaRuleSpecs.For(options);

    public async Task<IReadOnlyList<ProvisionStep>> PlanAsync(List<string> problems, CancellationToken cancel)
    {
        var steps = new List<ProvisionStep>();
        foreach (var spec in _specs)
        {
            var rule = await SnapshotAsync(spec, null, cancel);
            problems.AddRange(Unreadable(rule));
            steps.Add(new(spec.Role, RuleKind, spec.Name, spec.Description, rule?.Id)
            {
                Differs = rule is { Active: true } ? "It is active, so ConnectWise runs it as well; Install leaves it so. Deactivate it under Setup Tables > General > Workflow Rules." : null,
            });
            foreach (var wanted in spec.Events)
            {
                var there = Match(rule, wanted);
                steps.Add(new(wanted.Role, EventKind, wanted.Name, there?.Condition ?? wanted.Condition, there is null ? null : $"{rule!.Id}/{there.Id}")
                {
                    Differs = there is null || IsSame(there.Condition, wanted.Condition) ? null : $"Its condition was edited; one made by Install would be: {wanted.Condition}",
                });
                if (wanted.Action is { } action)
                {
                    steps.Add(Step(action, there, rule));
                }
            }
        }

        problems.AddRange(await MissingStatusesAsync(steps, cancel));
        return steps;
    }

    public async Task<ProvisionedObject> ApplyAsync(ProvisionStep step, IReadOnlyDictionary<string, string> done, CancellationToken cancel)
    {
        foreach (var spec in _specs)
        {
            if (spec.Role == step.Role)
            {
                return await ApplyRuleAsync(step, spec, done, cancel);
            }

            if (spec.Events.FirstOrDefault(one => one.Role == step.Role || one.Action?.Role == step.Role) is { } wanted)
            {
                var rule = await SnapshotAsync(spec, done, cancel)
                    ?? throw new ConnectorRejectedException($"The workflow rule \"{spec.Name}\" does not exist any more. Run Install again.");
                return wanted.Role == step.Role ? await ApplyEventAsync(step, wanted, rule, cancel) : await ApplyActionAsync(step, wanted, rule, cancel);
            }
        }

        throw new ArgumentException($"{step.Role} is no workflow rule, event or action.", nameof(step));
    }

    public async Task<RemovalOutcome> RemoveAsync(ProvisionedObject created, CancellationToken cancel)
    {
        var ids = created.RemoteId.Split('/');
        var path = ids.Length switch
        {
            1 => $"{Path}/{ids[0]}",
            2 => $"{Path}/{ids[0]}/events/{ids[1]}",
            _ => $"{Path}/{ids[0]}/events/{ids[1]}/actions/{ids[2]}",
        };
        var now = ids.Length switch
        {
            1 => Fingerprint(await client.GetAsync(path, PsaJson.Default.WorkflowDto, cancel)),
            2 => Fingerprint(await client.GetAsync(path, PsaJson.Default.WorkflowEventDto, cancel)),
            _ => Fingerprint(await client.GetAsync(path, PsaJson.Default.WorkflowActionDto, cancel)),
        };
        if (now != created.Fingerprint)
        {
            return new(false, $"{created.Kind} \"{created.Name}\" was changed since it was created, so it is kept.");
        }

        var holds = ids.Length switch
        {
            1 => (await client.ListAsync($"{path}/events", PsaJson.Default.WorkflowEventDto, cancel)).Count,
            2 => (await client.ListAsync($"{path}/actions", PsaJson.Default.WorkflowActionDto, cancel)).Count,
            _ => 0,
        };
        if (holds > 0)
        {
            return new(false, $"{created.Kind} \"{created.Name}\" still holds {holds} that this connection did not create or that were changed, so it is kept.");
        }

        await client.DeleteAsync(path, cancel);
        return new(true, $"{created.Kind} \"{created.Name}\" was removed.");
    }

    private static string Fingerprint(WorkflowDto rule) => PsaProvisioning.Fingerprint(rule.Name, rule.ActivateFlag == true);

    private static string Fingerprint(WorkflowEventDto one) => PsaProvisioning.Fingerprint(one.EventCondition, one.ExecutionTime);

    private static string Fingerprint(WorkflowActionDto action) =>
        PsaProvisioning.Fingerprint(action.NotifyType?.Id, action.BoardStatus?.Id, action.ServicePriority?.Id);

    private static ProvisionStep Step(ActionSpec action, EventSnapshot? parent, RuleSnapshot? rule)
    {
        // Whatever actions somebody chose stand; only an event without any gets the default one.
        var there = parent is { Actions: [var first, ..] } ? first : null;
        var target = there is null ? action.Status : there.Status?.Name ?? there.Priority?.Name ?? there.Type;
        return new(action.Role, ActionKind, ChangeStatus, target, there is null ? null : $"{rule!.Id}/{parent!.Id}/{there.Id}")
        {
            Differs = there is null || action.Status.Equals(there.Status?.Name, StringComparison.OrdinalIgnoreCase) ? null : $"One made by Install would set {action.Status}.",
        };
    }

    /// <summary>Letter case and runs of blanks do not make a condition another one.</summary>
    private static bool IsSame(string condition, string other) =>
        string.Equals(string.Join(' ', Words(condition)), string.Join(' ', Words(other)), StringComparison.OrdinalIgnoreCase);

    private static string[] Words(string condition) => condition.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private async Task<ProvisionedObject> ApplyRuleAsync(ProvisionStep step, RuleSpec spec, IReadOnlyDictionary<string, string> done, CancellationToken cancel)
    {
        var wanted = new WorkflowDto { Name = spec.Name, ActivateFlag = false };
        if (await PsaRuleSource.FindRuleAsync(client, spec.Name, Known(spec, done), cancel) is { Id: not null } there)
        {
            return PsaProvisioning.Found(step, PsaMap.Number(there.Id), Fingerprint(there), Fingerprint(wanted));
        }

        var tables = await client.ListAsync($"{Path}/tableTypes", PsaJson.Default.ReferenceDto, cancel);
        var table = tables.FirstOrDefault(table => table.Name is "Service Tickets" or "Service Ticket")
            ?? tables.FirstOrDefault(table => table.Name?.Contains("Service Ticket", StringComparison.OrdinalIgnoreCase) == true)
            ?? throw new ConnectorRejectedException("ConnectWise offers no workflow rules for the table Service Tickets. Check the API member's right System > Table Setup.");
        var stored = PsaClient.Read(
            await client.PostAsync(Path, wanted with { TableType = new(table.Id) }, PsaJson.Default.WorkflowDto, cancel), PsaJson.Default.WorkflowDto);
        return Created(step, PsaMap.Number(stored.Id), Fingerprint(stored));
    }

    private async Task<ProvisionedObject> ApplyEventAsync(ProvisionStep step, EventSpec wanted, RuleSnapshot rule, CancellationToken cancel)
    {
        var draft = EventDraft(wanted.Condition, wanted.RunsOnce);
        if (Match(rule, wanted) is { } there)
        {
            var read = await client.GetAsync($"{Path}/{rule.Id}/events/{there.Id}", PsaJson.Default.WorkflowEventDto, cancel);
            return PsaProvisioning.Found(step, $"{rule.Id}/{there.Id}", Fingerprint(read), Fingerprint(draft));
        }

        var stored = PsaClient.Read(await client.PostAsync($"{Path}/{rule.Id}/events", draft, PsaJson.Default.WorkflowEventDto, cancel), PsaJson.Default.WorkflowEventDto);
        return Created(step, $"{rule.Id}/{stored.Id}", Fingerprint(stored));
    }

    private async Task<ProvisionedObject> ApplyActionAsync(ProvisionStep step, EventSpec wanted, RuleSnapshot rule, CancellationToken cancel)
    {
        var parent = Match(rule, wanted)
            ?? throw new ConnectorRejectedException($"The event \"{wanted.Name}\" of the workflow rule \"{rule.Name}\" does not exist any more. Run Install again.");
        var actions = $"{Path}/{rule.Id}/events/{parent.Id}/actions";
        var types = await client.ListAsync($"{Path}/{rule.Id}/notifyTypes", PsaJson.Default.ReferenceDto, cancel);
        var type = types.FirstOrDefault(type => ChangeStatus.Equals(type.Name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ConnectorRejectedException($"ConnectWise offers no action \"{ChangeStatus}\" for the workflow rule \"{rule.Name}\". Add it by hand under Setup Tables > General > Workflow Rules.");
        var status = await FindStatusAsync(wanted.Action!.Status, cancel)
            ?? throw new ConnectorRejectedException(NoStatus(wanted.Action.Status), TicketFields.Status);
        var draft = new WorkflowActionDto { NotifyType = new(type.Id), BoardStatus = new(status.Id) };
        if (parent.Actions is [var there, ..])
        {
            var read = await client.GetAsync($"{actions}/{there.Id}", PsaJson.Default.WorkflowActionDto, cancel);
            return PsaProvisioning.Found(step, $"{rule.Id}/{parent.Id}/{there.Id}", Fingerprint(read), Fingerprint(draft));
        }

        var stored = PsaClient.Read(await client.PostAsync(actions, draft, PsaJson.Default.WorkflowActionDto, cancel), PsaJson.Default.WorkflowActionDto);
        return Created(step, $"{rule.Id}/{parent.Id}/{stored.Id}", Fingerprint(stored));
    }

    /// <summary>Another event that raises alerts, beside the one that Install made (S56).</summary>
    public static async Task<ProvisionedObject> CopyEventAsync(PsaClient client, RuleEventState like, CancellationToken cancel)
    {
        var rule = PsaMap.Number(like.RuleId);
        var stored = PsaClient.Read(
            await client.PostAsync($"{Path}/{rule}/events", EventDraft(like.Condition, runsOnce: false), PsaJson.Default.WorkflowEventDto, cancel), PsaJson.Default.WorkflowEventDto);
        return new($"{PsaRoles.RaiseEvent}.{stored.Id}", EventKind, $"Raise an alert, event {stored.Id}", $"{like.RuleId}/{stored.Id}", Created: true, Fingerprint(stored));
    }

    private static WorkflowEventDto EventDraft(string condition, bool runsOnce) => new()
    {
        EventCondition = condition,
        ExecutionTime = runsOnce ? "Once" : "Continuously",
        FrequencyOfExecution = runsOnce ? null : 1,
        FrequencyUnit = runsOnce ? null : "Days",
    };

    private static ProvisionedObject Created(ProvisionStep step, string id, string fingerprint) =>
        new(step.Role, step.Kind, step.Name, id, Created: true, fingerprint);

    private async Task<RuleSnapshot?> SnapshotAsync(RuleSpec spec, IReadOnlyDictionary<string, string>? done, CancellationToken cancel) =>
        await PsaRuleSource.ReadRuleAsync(client, spec.Name, Known(spec, done), withActions: spec.Events.Any(one => one.Action is not null), cancel);

    private string? Known(RuleSpec spec, IReadOnlyDictionary<string, string>? done) =>
        done?.GetValueOrDefault(spec.Role) ?? installed.GetValueOrDefault(spec.Role);

    private EventSnapshot? Match(RuleSnapshot? rule, EventSpec wanted) =>
        rule?.Events.FirstOrDefault(one => (reader().PartsOf(one.Condition).Parts ?? reader().PartsAround(one.Condition)) is { } parts && wanted.Matches(parts));

    private IEnumerable<string> Unreadable(RuleSnapshot? rule) => (rule?.Events ?? [])
        .Select(one => (Event: one, reader().PartsOf(one.Condition).Unreadable))
        .Where(read => read.Unreadable is not null && reader().PartsAround(read.Event.Condition) is null)
        .Select(read => $"Rule \"{rule!.Name}\": {PsaRuleReader.Describe(read.Event, read.Unreadable!)}");

    private async Task<IReadOnlyList<string>> MissingStatusesAsync(List<ProvisionStep> steps, CancellationToken cancel)
    {
        (string Role, string Status)[] needed =
        [
            (PsaRoles.RaiseEvent, options.NewStatus), (PsaRoles.AcknowledgeEvent, options.InProgressStatus),
            (PsaRoles.CloseEvent, options.ClosedStatus), (PsaRoles.AcknowledgeAction, options.AssignedStatus), (PsaRoles.CloseAction, options.ClosedStatus),
        ];
        var missing = new List<string>();
        var wanted = needed.Where(one => steps.Exists(step => step.Role == one.Role && step.ExistingId is null));
        foreach (var status in wanted.Select(one => one.Status).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (await FindStatusAsync(status, cancel) is null)
            {
                missing.Add(NoStatus(status));
            }
        }

        return missing;
    }

    private static string NoStatus(string name) =>
        $"No service board has a status named \"{name}\". Choose a status that exists under More settings, or create it under Setup Tables > Service > Service Board.";

    /// <summary>The status on the first board that has it; a ticket of another board takes that board's status of the same name.</summary>
    private async Task<BoardStatusDto?> FindStatusAsync(string name, CancellationToken cancel)
    {
        foreach (var board in await PsaBoards.ReadAsync(client, cancel))
        {
            var statuses = await PsaBoards.ReadStatusesAsync(client, board.Id ?? 0, cancel);
            if (statuses.FirstOrDefault(status => name.Equals(status.Name, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
