using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>
/// Creates what the connection needs, step by step, and starts it (engine.md §6.11, §10). Started again it goes on: steps look before
/// they create. On a connection that already runs it only mends what is missing.
/// </summary>
internal sealed class RunInstall(
    ConnectorPool pool, ConnectionChanges changes, GoLive goLive, HubStore store, Failpoints failpoints, RandomIds ids, TimeProvider clock, CallbackHeal callbacks, LawCheck laws, MarkerFinding markers) : IRun
{
    public ConnectionRunKind Kind => ConnectionRunKind.Install;

    public async Task<RunResult> RunAsync(RunScope run, CancellationToken cancel)
    {
        var live = await FindAsync(run.ConnectionId, cancel);
        var isNew = live.Connection.State is not (ConnectionState.Active or ConnectionState.Paused);
        var made = 0;
        if (live.Connector is IProvisions provisions)
        {
            var plan = await provisions.PlanAsync(cancel);
            await run.SetTotalAsync(plan.Steps.Count + 2, cancel);
            if (plan.Problems.Count > 0)
            {
                foreach (var problem in plan.Problems) await run.AddAsync("Plan", "failed", problem, null, cancel);
                return new RunResult(false, $"Nothing was created: {plan.Problems[0]}");
            }

            var adopted = isNew ? await Adoption.AmongAsync(store, run.ConnectionId, plan, cancel) : [];
            if (adopted.Count > 0 && !run.Request.Adopt) return await AskToAdoptAsync(run, plan, adopted, cancel);
            if (await ClashAheadAsync(run, live, cancel) is { } clash) return clash;
            made = await ApplyAsync(run, provisions, plan, [.. adopted.Select(step => step.Role)], cancel);
            await store.WriteAsync(db => markers.ClearAsync(db, run.ConnectionId, clock.GetUtcNow(), cancel), cancel);
            changes.Raise(run.ConnectionId);
            live = await FindAsync(run.ConnectionId, cancel);
        }

        if (live.Connector is not (IReadsTickets and IReadsRules)) return await StartWithoutTicketsAsync(run, cancel);
        var reader = (IReadsRules)live.Connector;
        var rules = await reader.ReadRulesAsync(cancel);
        var unreadable = rules.Problems.Any(problem => problem.Blocks);
        var broken = unreadable ? [] : await laws.RunAsync(live, reader, rules, cancel);
        var choice = isNew && !unreadable ? await ChooseAsync(run, live, reader, rules, cancel) : EvaluatorChoice.AllHere;
        broken = [.. broken, .. choice.Problems];
        foreach (var problem in rules.Problems.Concat(broken)) await run.AddAsync($"Rule: {problem.Rule}", problem.Blocks ? "failed" : "warning", problem.Message, null, cancel);
        if (rules.Problems.Concat(broken).FirstOrDefault(problem => problem.Blocks) is { } blocking) return new RunResult(false, $"Rule '{blocking.Rule}': {blocking.Message}");
        return !isNew
            ? new RunResult(true, made == 0 ? "Everything needed is in place; the connection goes on as before." : $"{(made == 1 ? "1 object was" : $"{made} objects were")} made again; the connection goes on.")
            : await GoLiveAsync(run, live, rules, broken, choice, cancel);
    }

    /// <summary>Nothing is touched before a person knows what would be used and who made it.</summary>
    private static async Task<RunResult> AskToAdoptAsync(RunScope run, ProvisionPlan plan, IReadOnlyList<ProvisionStep> adopted, CancellationToken cancel)
    {
        foreach (var step in adopted) await run.AddAsync($"{step.Kind}: {step.Name}", Adoption.Outcome, Adoption.Describe(step), null, cancel);
        await Adoption.TellOfOthersAsync(run, plan, cancel);
        return new RunResult(false, $"Nothing was created or changed. {Adoption.Ask(adopted.Count)}");
    }

    /// <summary>Both evaluators judge the same tickets (engine.md §6.9); what the remote system will be asked about is said.</summary>
    private async Task<EvaluatorChoice> ChooseAsync(RunScope run, LiveConnection live, IReadsRules reader, RuleBook rules, CancellationToken cancel)
    {
        var choice = await ChooseEvaluators.RunAsync(live, reader, rules, cancel);
        foreach (var notice in choice.Notices(rules))
        {
            await run.AddAsync("Evaluation of rules", "warning", notice, null, cancel);
            await store.WriteAsync(
                db =>
                {
                    db.LogConnectionEvent(live.Id, "rules", null, notice, null, null, clock.GetUtcNow(), warn: true);
                    return Task.CompletedTask;
                },
                cancel);
        }

        if (choice is { Asked.Count: 0, Compared: > 0 }) await run.AddAsync("Evaluation of rules", "passed", $"The hub and the ticket system read the rules alike on {choice.Compared} tickets.", null, cancel);
        return choice;
    }

    /// <summary>Rules that Install would write and then refuse are not written at all.</summary>
    private async Task<RunResult?> ClashAheadAsync(RunScope run, LiveConnection live, CancellationToken cancel)
    {
        if (live.Connector is not IReadsRules reader) return null;
        if (await RulesAhead.ReadAsync(reader, cancel) is not { RaisesNow: false, Book: { } written }) return null;
        var broken = (await laws.RunAsync(live, reader, written, cancel)).Where(problem => problem.Blocks).ToList();
        foreach (var problem in broken) await run.AddAsync($"Rule: {problem.Rule}", "failed", problem.Message, null, cancel);
        return broken.Count == 0 ? null : new RunResult(false, $"Nothing was created: {broken[0].Message}");
    }

    private async Task<LiveConnection> FindAsync(Guid id, CancellationToken cancel) =>
        await pool.FindInAnyStateAsync(id, cancel) ?? throw new ConnectorNotFoundException("The connection was removed.");

    private async Task<int> ApplyAsync(RunScope run, IProvisions provisions, ProvisionPlan plan, HashSet<string> adopted, CancellationToken cancel)
    {
        var done = plan.Steps.Where(step => step.ExistingId is not null).ToDictionary(step => step.Role, step => step.ExistingId!, StringComparer.Ordinal);
        var created = 0;
        foreach (var step in plan.Steps)
        {
            if (step.ExistingId is null) await IntendAsync(run.ConnectionId, step, cancel);
            var made = await provisions.ApplyAsync(step, done, cancel);
            done[step.Role] = made.RemoteId;
            if (made.Created) created++;
            failpoints.Pass("install.step-applied");
            await store.WriteAsync(db => RecordAsync(db, run, step, made, adopted.Contains(step.Role), cancel), cancel);
        }

        return created;
    }

    /// <summary>Recorded before it is created: when a crash comes between, the object found afterwards is known to be ours and Remove takes it away.</summary>
    private Task IntendAsync(Guid connectionId, ProvisionStep step, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                if (await db.InstalledObjects.FindAsync([connectionId, step.Role], cancel) is { } known)
                {
                    (known.RemoteId, known.Created, known.Name) = ("", true, step.Name);
                    return;
                }

                db.InstalledObjects.Add(new InstalledObject
                {
                    ConnectionId = connectionId,
                    Role = step.Role,
                    Kind = step.Kind,
                    Name = step.Name,
                    RemoteId = "",
                    Created = true,
                    Fingerprint = "",
                    At = clock.GetUtcNow(),
                });
            },
            cancel);

    private async Task RecordAsync(HubDb db, RunScope run, ProvisionStep step, ProvisionedObject made, bool adopted, CancellationToken cancel)
    {
        var row = await db.InstalledObjects.FindAsync([run.ConnectionId, made.Role], cancel);
        if (row is null)
        {
            db.InstalledObjects.Add(InstalledObject.Of(run.ConnectionId, made, clock.GetUtcNow()));
        }
        else
        {
            var finishesIntent = row.RemoteId.Length == 0;
            var stillOurs = row.Created && (finishesIntent || row.RemoteId == made.RemoteId);
            if (made.Created || finishesIntent || row.RemoteId != made.RemoteId) row.Fingerprint = made.Fingerprint;
            (row.Name, row.RemoteId, row.Created) = (made.Name, made.RemoteId, made.Created || stillOurs);
        }

        if (adopted) run.Add(db, $"{step.Kind}: {step.Name}", Adoption.Outcome, Adoption.Describe(step));
        else run.Add(db, $"{step.Kind}: {step.Name}", made.Created ? "created" : "exists", $"{step.Description} (id {made.RemoteId})");
    }

    private async Task<RunResult> GoLiveAsync(RunScope run, LiveConnection live, RuleBook rules, IReadOnlyList<RuleProblem> brokenLaws, EvaluatorChoice choice, CancellationToken cancel)
    {
        var startedAt = await StartInstantAsync(run.ConnectionId, cancel);
        var remoteStart = startedAt + live.ClockOffset;
        var version = await store.WriteAsync(
            async db =>
            {
                await choice.KeepAsync(db, live.Id, rules, clock.GetUtcNow(), cancel);
                return await RuleReading.StoreAsync(db, live.Id, rules, brokenLaws, choice, ids, clock.GetUtcNow(), cancel);
            },
            cancel);
        var count = await goLive.ReadAsync(live, rules, choice.Judge((IReadsRules)live.Connector), version.Id, remoteStart, cancel);
        var found = $"{count.Read} tickets inside the age window read. {count.Matching} open tickets match already and raise nothing; {count.Marked} carry the marker already and were linked without a page.";
        await run.AddAsync("Tickets", "passed", found, null, cancel);
        failpoints.Pass("install.before-active");
        await store.WriteAsync(db => ActivateAsync(db, run.ConnectionId, version.Id, remoteStart, cancel), cancel);
        changes.Raise(run.ConnectionId);
        await run.AddAsync("Connection", "passed", "It reads and writes now.", null, cancel);
        if (await callbacks.HealAsync(run.ConnectionId, cancel) is { } subscriptions) await run.AddAsync("Callbacks", "passed", subscriptions, null, cancel);
        return new RunResult(true, $"Installed. {found}");
    }

    private async Task<RunResult> StartWithoutTicketsAsync(RunScope run, CancellationToken cancel)
    {
        await store.WriteAsync(
            async db =>
            {
                var connection = await db.Connections.FindAsync([run.ConnectionId], cancel);
                if (connection!.State is not ConnectionState.Paused) connection.State = ConnectionState.Active;
                connection.InstalledAt ??= clock.GetUtcNow();
            },
            cancel);
        changes.Raise(run.ConnectionId);
        return new RunResult(true, "Installed.");
    }

    /// <summary>Recorded before the first ticket is read. An Install that the hub's end cut off keeps its instant, so that nothing that began to match meanwhile is swallowed.</summary>
    private Task<DateTimeOffset> StartInstantAsync(Guid id, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var connection = (await db.Connections.FindAsync([id], cancel))!;
                var last = await db.ConnectionRuns
                    .Where(run => run.ConnectionId == id && run.Kind == ConnectionRunKind.Install && run.State != RunState.Running)
                    .OrderByDescending(run => run.StartedAt)
                    .FirstOrDefaultAsync(cancel);
                var resumed = last is { State: RunState.Interrupted } && connection.InstalledAt >= last.StartedAt;
                if (!resumed) connection.InstalledAt = clock.GetUtcNow();
                return connection.InstalledAt!.Value;
            },
            cancel);

    private async Task ActivateAsync(HubDb db, Guid id, Guid ruleVersionId, DateTimeOffset remoteStart, CancellationToken cancel)
    {
        var connection = (await db.Connections.FindAsync([id], cancel))!;
        connection.State = ConnectionState.Active;
        connection.RuleVersionId = ruleVersionId;
        connection.HeldRuleVersionId = null;
        await CallbackHeal.WantAsync(db, id, cancel);
        var cursor = await db.Cursors.FindAsync([id, TicketPoller.Stream], cancel);
        if (cursor is null) db.Cursors.Add(new Cursor { ConnectionId = id, Stream = TicketPoller.Stream, MarkTime = remoteStart, OverlapSeconds = TicketPoller.DefaultOverlapSeconds });
        else cursor.MarkTime = remoteStart;
        var linked = await db.Links.Where(link => link.ConnectionId == id && link.State == LinkState.Active).Select(link => link.RemoteId).ToListAsync(cancel);
        await db.WakeManyAsync(id, linked, clock.GetUtcNow(), "installed", needsRead: false, cancel);
    }
}
