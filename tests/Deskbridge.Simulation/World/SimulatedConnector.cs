using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.World;

/// <summary>The connector of a simulated PSA: reads, writes and evaluates; every call passes through one door. What only one vendor's has is in the classes below it.</summary>
internal abstract partial class SimulatedConnector(SimulatedPsa psa, ConnectorContext context, ManualTime clock)
    : IConnector, IReadsTickets, IWritesTickets, IReadsRules
{
    private bool _answered;

    protected SimulatedPsa Psa => psa;

    protected Guid ConnectionId => context.ConnectionId;

    protected DateTimeOffset HubNow => clock.GetUtcNow();

    public virtual bool SharesCalls => false;

    public virtual bool AnswersLater => false;

    public TimeSpan? ClockOffset => _answered ? psa.Skew : null;

    public void Dispose()
    {
    }

    public Uri? WebLink(string recordType, string remoteId) => null;

    public Task<ProbeReport> TestAsync(CancellationToken cancel) => Task.FromResult(new ProbeReport([]));

    public virtual Task<TicketPage> ReadChangedAsync(DateTimeOffset since, int page, int pageSize, CancellationToken cancel) => CallAsync(
        "list", "", writes: false,
        () =>
        {
            var rows = Visible(psa.ListLag).Where(ticket => ticket.UpdatedAt >= since).OrderBy(ticket => ticket.UpdatedAt).ThenBy(ticket => ticket.Id, StringComparer.Ordinal);
            var size = Math.Min(pageSize, psa.PageLimit);
            return Task.FromResult(Page(rows.Skip((page - 1) * size).Take(size), size));
        },
        cancel);

    public Task<RemoteTicket?> ReadTicketAsync(string remoteId, CancellationToken cancel) => CallAsync(
        "get", remoteId, writes: false,
        () =>
        {
            var guards = CallClassScope.Current == CallClass.Writes;
            var ticket = psa.RightsAreLost ? null : psa.At(remoteId, clock.GetUtcNow() - (guards ? TimeSpan.Zero : psa.GetLag));
            psa.Oracle.Add(new Entry(EntryKind.Served, clock.GetUtcNow(), remoteId) { After = ticket, ConnectionId = context.ConnectionId, Guards = guards });
            return Task.FromResult(ticket?.ToRemote());
        },
        cancel);

    public Task<IReadOnlyList<RemoteTicket>> ReadTicketsAsync(IReadOnlyCollection<string> remoteIds, CancellationToken cancel) => CallAsync(
        "list", "", writes: false,
        () => Task.FromResult<IReadOnlyList<RemoteTicket>>([.. Visible(psa.ListLag).Where(ticket => remoteIds.Contains(ticket.Id)).Select(ticket => ticket.ToRemote())]),
        cancel);

    public Task<TicketPage> ReadEnteredAsync(DateTimeOffset enteredSince, string? afterId, int pageSize, CancellationToken cancel) => CallAsync(
        "list", "", writes: false,
        () =>
        {
            var rows = Visible(psa.ListLag).Where(ticket => ticket.EnteredAt >= enteredSince).OrderBy(ticket => ticket.Id, StringComparer.Ordinal);
            return Task.FromResult(Page(rows.Where(ticket => afterId is null || string.CompareOrdinal(ticket.Id, afterId) > 0).Take(pageSize), pageSize));
        },
        cancel);

    public RemoteTicket ParseTicket(string body) => Core.Common.Json.Read<SimulatedTicket>(body).ToRemote();

    public virtual Task<RemoteTicket> UpdateTicketAsync(string remoteId, TicketUpdate update, CancellationToken cancel) => CallAsync(
        "update", remoteId, writes: true,
        async () =>
        {
            var effect = psa.EffectBehind is { } look ? await look(context.ConnectionId, remoteId, "field") : null;
            if (psa.Find(remoteId) is not { } ticket) throw new ConnectorNotFoundException($"Ticket {remoteId} does not exist.");
            if (psa.Broken.Contains(remoteId))
            {
                psa.Oracle.Add(new Entry(EntryKind.Refused, clock.GetUtcNow(), ticket.Id) { Detail = SimulatedPsa.ConnectorFails, Set = update.Set });
                throw new FormatException("The connector cannot read the answer.");
            }

            Refuse(ticket, update);
            if (psa.PartialArraysWipe && update.CustomFieldsAsRead is null && update.Set.Keys.Any(TicketFields.IsMarker))
                ticket = ticket with { Retrieved = null, MarkerStatus = null, MarkerUser = null, Colour = null };
            if (update.CustomFieldsAsRead is { } whole) ticket = Whole(ticket, whole);
            foreach (var kept in update.Set.Keys.Where(psa.KeptFields.Contains)) psa.Oracle.Add(new Entry(EntryKind.Refused, clock.GetUtcNow(), ticket.Id) { Detail = kept, Set = update.Set });
            ticket = update.Set.Where(set => !psa.KeptFields.Contains(set.Key)).Aggregate(ticket, (changed, set) => changed.With(set.Key, set.Value));
            var entry = new Entry(EntryKind.Written, clock.GetUtcNow(), remoteId) { ConnectionId = context.ConnectionId, Set = update.Set, Effect = effect };
            return psa.Commit(ticket, EntryKind.Written, "deskbridge", entry).ToRemote();
        },
        cancel);

    public Task<RuleBook> ReadRulesAsync(CancellationToken cancel) => CallAsync("rules", "", writes: false, () => Task.FromResult(psa.Rules.Book()), cancel);

    public RuleBook ParseRules(string body) => SimulatedRules.Parse(body);

    public RemoteTicket Blank => new SimulatedTicket { Id = "0", Title = "", BoardId = "", StatusId = "", EnteredAt = clock.GetUtcNow(), CarriesMarkers = psa.CarriesMarkers }.ToRemote();

    public RemoteTicket Imagine(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed)
    {
        var imagined = Core.Common.Json.Read<SimulatedTicket>(ticket.Body);
        foreach (var (field, value) in values)
        {
            imagined = imagined.With(field, value?.Id);
            if (field == TicketFields.Status) imagined = imagined with { StatusName = value!.Name };
        }

        return (closed is { } flag ? imagined with { Closed = flag } : imagined).ToRemote();
    }

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now) =>
        SimulatedRules.Evaluate(inbound, ticket, markers, now);

    private static SimulatedTicket Whole(SimulatedTicket ticket, IReadOnlyList<CustomFieldValue> whole)
    {
        T? Value<T>(string id) => whole.FirstOrDefault(field => field.Id == id) is { Value: not "null" } field ? Core.Common.Json.Read<T>(field.Value) : default;
        return ticket with { Retrieved = Value<bool?>("1"), MarkerStatus = Value<string>("2"), MarkerUser = Value<string>("3"), Colour = Value<string>("4") };
    }

    private void Refuse(SimulatedTicket ticket, TicketUpdate update)
    {
        var field = update.Set.Keys.FirstOrDefault(psa.RefusedFields.Contains);
        if (field is null && update.Set.TryGetValue(TicketFields.Status, out var status) && psa.Boards[ticket.BoardId].TrueForAll(known => known.Id != status)) field = TicketFields.Status;
        field ??= update.Set.Keys.FirstOrDefault(wanted => TicketFields.IsMarker(wanted) && !psa.Objects.ContainsKey(wanted));
        if (field is not null)
        {
            psa.Oracle.Add(new Entry(EntryKind.Refused, clock.GetUtcNow(), ticket.Id) { Detail = field, Set = update.Set });
            throw new ConnectorRejectedException($"The {field} may not be set to this value.", field);
        }

        if (update.Set.Keys.FirstOrDefault(psa.ForbiddenFields.Contains) is not { } forbidden) return;
        psa.Oracle.Add(new Entry(EntryKind.Refused, clock.GetUtcNow(), ticket.Id) { Detail = forbidden, Set = update.Set });
        throw new ConnectorRejectedException("403 Forbidden", kind: RejectionKind.Permission);
    }

    protected IEnumerable<SimulatedTicket> Visible(TimeSpan lag) => psa.RightsAreLost ? [] : psa.TicketIds.Select(id => psa.At(id, clock.GetUtcNow() - lag)).OfType<SimulatedTicket>();

    private static TicketPage Page(IEnumerable<SimulatedTicket> rows, int pageSize)
    {
        var tickets = rows.Select(ticket => ticket.ToRemote()).ToList();
        return new TicketPage(tickets, tickets.Count == pageSize);
    }

    /// <summary>The one door: budget, time, what others do meanwhile, the fault and the work.</summary>
    protected async Task<T> CallAsync<T>(string operation, string ticketId, bool writes, Func<Task<T>> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await EnterAsync(cancel);
        psa.CallTimes.Add(clock.GetUtcNow());
        clock.Advance(psa.CallTime);
        if (psa.Inside is { } before) await before(new Call(operation, ticketId, Done: false));
        var fault = operation == "list" && psa.ListsAreDown ? Fault.ErrorBefore : psa.Faults.Draw(operation, writes);
        if (fault != Fault.None) psa.Oracle.Add(new Entry(EntryKind.Fault, clock.GetUtcNow(), ticketId) { Detail = $"{operation}: {fault}", ConnectionId = context.ConnectionId });
        if (fault is Fault.Throttled or Fault.ErrorBefore) throw Faults.ToException(fault, writes)!;
        var answer = await work();
        _answered = true;
        if (psa.Inside is { } after) await after(new Call(operation, ticketId, Done: true));
        return Faults.ToException(fault, writes) is { } failure ? throw failure : answer;
    }

    /// <summary>A call that the budget holds back lets time pass until it may go.</summary>
    private async Task EnterAsync(CancellationToken cancel)
    {
        var enter = context.Calls.EnterAsync(CallClassScope.Current, cancel).AsTask();
        while (!enter.IsCompleted && context.Calls is CallBudget budget && budget.Usage().Classes.Sum(used => used.Waiting) > 0) clock.Advance(TimeSpan.FromMilliseconds(20));
        await enter;
    }
}
