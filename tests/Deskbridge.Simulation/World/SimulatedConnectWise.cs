using Deskbridge.Connectors;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.World;

/// <summary>The connector of a simulated ConnectWise: it also takes files, schedules members, and makes fields and rules.</summary>
internal sealed class SimulatedConnectWise(SimulatedPsa psa, ConnectorContext context, ManualTime clock) : SimulatedConnector(psa, context, clock), ITicketDocuments, ISchedulesMembers, IProvisions
{
    public bool TakesDocuments => true;

    public Task<IReadOnlyList<RemoteDocument>> ReadDocumentsAsync(string ticketId, CancellationToken cancel) =>
        CallAsync("documents", ticketId, writes: false, () => Task.FromResult<IReadOnlyList<RemoteDocument>>([.. Psa.Documents.GetValueOrDefault(ticketId) ?? []]), cancel);

    public Task<RemoteDocument> AddDocumentAsync(string ticketId, DocumentDraft draft, CancellationToken cancel) => CallAsync(
        "add-document", ticketId, writes: true,
        async () =>
        {
            var effect = Psa.EffectBehind is { } look ? await look(ConnectionId, ticketId, "document") : null;
            if (Psa.Find(ticketId) is null) throw new ConnectorNotFoundException($"Ticket {ticketId} does not exist.");
            var document = new RemoteDocument(Psa.NextChildId(), draft.Title, draft.FileName, draft.Content.Length);
            if (!Psa.Documents.TryGetValue(ticketId, out var documents)) Psa.Documents[ticketId] = documents = [];
            documents.Add(document);
            Psa.Oracle.Add(new Entry(EntryKind.DocumentAdded, HubNow, ticketId) { Detail = draft.Title, ConnectionId = ConnectionId, Effect = effect });
            return document;
        },
        cancel);

    public Task<IReadOnlyList<RemoteScheduleEntry>> ReadScheduleAsync(string ticketId, CancellationToken cancel) =>
        CallAsync("schedule", ticketId, writes: false, () => Task.FromResult<IReadOnlyList<RemoteScheduleEntry>>([.. (Psa.Schedules.GetValueOrDefault(ticketId) ?? []).Where(entry => !entry.Done)]), cancel);

    public Task<RemoteScheduleEntry> AddScheduleAsync(string ticketId, string memberId, CancellationToken cancel) => CallAsync(
        "add-schedule", ticketId, writes: true,
        async () =>
        {
            var effect = Psa.EffectBehind is { } look ? await look(ConnectionId, ticketId, "schedule") : null;
            if (Psa.Find(ticketId) is null) throw new ConnectorNotFoundException($"Ticket {ticketId} does not exist.");
            var entry = new RemoteScheduleEntry(Psa.NextChildId(), memberId, Done: false);
            if (!Psa.Schedules.TryGetValue(ticketId, out var entries)) Psa.Schedules[ticketId] = entries = [];
            entries.Add(entry);
            Psa.Oracle.Add(new Entry(EntryKind.Scheduled, HubNow, ticketId) { Detail = memberId, ConnectionId = ConnectionId, Effect = effect });
            return entry;
        },
        cancel);

    public Task EndScheduleAsync(string ticketId, string entryId, CancellationToken cancel) => CallAsync(
        "end-schedule", ticketId, writes: true,
        async () =>
        {
            var effect = Psa.EffectBehind is { } look ? await look(ConnectionId, ticketId, "schedule") : null;
            var entries = Psa.Schedules.GetValueOrDefault(ticketId) ?? [];
            var place = entries.FindIndex(entry => entry.Id == entryId);
            if (place < 0) throw new ConnectorNotFoundException($"Schedule entry {entryId} does not exist.");
            entries[place] = entries[place] with { Done = true };
            Psa.Oracle.Add(new Entry(EntryKind.Unscheduled, HubNow, ticketId) { Detail = entries[place].MemberId, ConnectionId = ConnectionId, Effect = effect });
            return true;
        },
        cancel);

    public Task<ProvisionPlan> PlanAsync(CancellationToken cancel) => CallAsync(
        "plan", "", writes: false,
        () =>
        {
            var existing = Psa.Objects.Keys.ToHashSet(StringComparer.Ordinal);
            if (Psa.PlansByDoing) Psa.ProvisionAll(ConnectionId);
            var steps = Psa.NeededObjects.Select(needed => new ProvisionStep(needed.Role, needed.Kind, needed.Role, $"The {needed.Role}", existing.Contains(needed.Role) ? needed.Id : null));
            return Task.FromResult(new ProvisionPlan([.. steps], []));
        },
        cancel);

    public Task<ProvisionedObject> ApplyAsync(ProvisionStep step, IReadOnlyDictionary<string, string> done, CancellationToken cancel) => CallAsync(
        "provision", "", writes: true,
        () =>
        {
            var needed = Psa.NeededObjects.Single(needed => needed.Role == step.Role);
            var created = Psa.Objects.TryAdd(step.Role, SimulatedPsa.AsCreated);
            if (created) Psa.Oracle.Add(new Entry(EntryKind.Provisioned, HubNow, "") { Detail = step.Role, ConnectionId = ConnectionId });
            return Task.FromResult(new ProvisionedObject(step.Role, step.Kind, step.Name, needed.Id, created, SimulatedPsa.AsCreated));
        },
        cancel);

    public Task<RemovalOutcome> RemoveAsync(ProvisionedObject created, CancellationToken cancel) => CallAsync(
        "unprovision", "", writes: true,
        () =>
        {
            if (!Psa.Objects.TryGetValue(created.Role, out var content)) return Task.FromResult(new RemovalOutcome(true, "It was gone already."));
            if (content != created.Fingerprint) return Task.FromResult(new RemovalOutcome(false, "Somebody changed it since."));
            Psa.Objects.Remove(created.Role);
            Psa.Oracle.Add(new Entry(EntryKind.Unprovisioned, HubNow, "") { Detail = created.Role, ConnectionId = ConnectionId });
            return Task.FromResult(new RemovalOutcome(true, "Removed."));
        },
        cancel);
}
