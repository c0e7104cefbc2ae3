using Deskbridge.Connectors;

namespace Deskbridge.Simulation.World;

/// <content>What Install creates and Remove takes away.</content>
internal sealed partial class SimulatedConnector : IProvisions
{
    public Task<ProvisionPlan> PlanAsync(CancellationToken cancel) => CallAsync(
        "plan", "", writes: false,
        () =>
        {
            var existing = psa.Objects.Keys.ToHashSet(StringComparer.Ordinal);
            if (psa.PlansByDoing) psa.ProvisionAll(context.ConnectionId);
            var steps = SimulatedPsa.NeededObjects.Select(needed => new ProvisionStep(needed.Role, needed.Kind, needed.Role, $"The {needed.Role}", existing.Contains(needed.Role) ? needed.Id : null));
            return Task.FromResult(new ProvisionPlan([.. steps], []));
        },
        cancel);

    public Task<ProvisionedObject> ApplyAsync(ProvisionStep step, IReadOnlyDictionary<string, string> done, CancellationToken cancel) => CallAsync(
        "provision", "", writes: true,
        () =>
        {
            var needed = SimulatedPsa.NeededObjects.Single(needed => needed.Role == step.Role);
            var created = psa.Objects.TryAdd(step.Role, SimulatedPsa.AsCreated);
            if (created) psa.Oracle.Add(new Entry(EntryKind.Provisioned, clock.GetUtcNow(), "") { Detail = step.Role, ConnectionId = context.ConnectionId });
            return Task.FromResult(new ProvisionedObject(step.Role, step.Kind, step.Name, needed.Id, created, SimulatedPsa.AsCreated));
        },
        cancel);

    public Task<RemovalOutcome> RemoveAsync(ProvisionedObject created, CancellationToken cancel) => CallAsync(
        "unprovision", "", writes: true,
        () =>
        {
            if (!psa.Objects.TryGetValue(created.Role, out var content)) return Task.FromResult(new RemovalOutcome(true, "It was gone already."));
            if (content != created.Fingerprint) return Task.FromResult(new RemovalOutcome(false, "Somebody changed it since."));
            psa.Objects.Remove(created.Role);
            psa.Oracle.Add(new Entry(EntryKind.Unprovisioned, clock.GetUtcNow(), "") { Detail = created.Role, ConnectionId = context.ConnectionId });
            return Task.FromResult(new RemovalOutcome(true, "Removed."));
        },
        cancel);
}
