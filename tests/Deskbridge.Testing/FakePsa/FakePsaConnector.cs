using System.Globalization;
using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Testing;

/// <summary>A connector to the fake PSA: every capability there is.</summary>
internal sealed partial class FakePsaConnector(FakePsa psa, ConnectorContext context) : IConnector, IReadsTickets, IWritesTickets, IReadsRules
{
    private bool _answered;

    /// <summary>What it was made from.</summary>
    public ConnectorContext Context => context;

    public TimeSpan? ClockOffset => _answered ? psa.SkewAsLearned ?? psa.Skew : null;

    public bool SharesCalls => psa.SharesCalls;

    public bool Disposed { get; private set; }

    public void Dispose()
    {
        if (!Disposed) psa.LiveConnectors--;
        Disposed = true;
    }

    public Uri? WebLink(string recordType, string remoteId) => new($"https://psa.example.test/{recordType}/{remoteId}");

    public async Task<ProbeReport> TestAsync(CancellationToken cancel)
    {
        try
        {
            await CallAsync("test", "", cancel);
            return new ProbeReport([new("Address", ProbeOutcome.Passed, "It answers."), new("Version", ProbeOutcome.Warning, "It is old but works.")]);
        }
        catch (ConnectorException failure)
        {
            return new ProbeReport([new("Address", ProbeOutcome.Failed, failure.Message, "Check the address.")]);
        }
    }

    public async Task<TicketPage> ReadChangedAsync(DateTimeOffset since, int page, int pageSize, CancellationToken cancel)
    {
        await CallAsync("changed", "", cancel);
        var rows = psa.All().Where(ticket => ticket.UpdatedAt >= since).OrderBy(ticket => ticket.UpdatedAt).ThenBy(Number).Skip((page - 1) * pageSize).Take(pageSize);
        return Page(rows, pageSize);
    }

    public async Task<RemoteTicket?> ReadTicketAsync(string remoteId, CancellationToken cancel)
    {
        await CallAsync("ticket", remoteId, cancel);
        return psa.Find(remoteId) is { } found ? Show(found) : null;
    }

    public async Task<IReadOnlyList<RemoteTicket>> ReadTicketsAsync(IReadOnlyCollection<string> remoteIds, CancellationToken cancel)
    {
        await CallAsync("tickets", "", cancel);
        return [.. remoteIds.Select(psa.Find).OfType<FakeTicket>().Select(Show)];
    }

    public async Task<TicketPage> ReadEnteredAsync(DateTimeOffset enteredSince, string? afterId, int pageSize, CancellationToken cancel)
    {
        await CallAsync("entered", "", cancel);
        var after = afterId is null ? 0 : long.Parse(afterId, CultureInfo.InvariantCulture);
        return Page(psa.All().Where(ticket => ticket.EnteredAt >= enteredSince && Number(ticket) > after).Take(pageSize), pageSize);
    }

    public RemoteTicket ParseTicket(string body) => Json.Read<FakeTicket>(body).ToRemote();

    private RemoteTicket Show(FakeTicket ticket) => (psa.DeletedFields.Count == 0 ? ticket : ticket with { Missing = [.. psa.DeletedFields.Order(StringComparer.Ordinal)] }).ToRemote();

    public async Task<RemoteTicket> UpdateTicketAsync(string remoteId, TicketUpdate update, CancellationToken cancel)
    {
        await CallAsync("update", remoteId, cancel);
        if (psa.Find(remoteId) is null) throw new ConnectorNotFoundException($"Ticket {remoteId} does not exist.");
        if (update.Set.Keys.Any(psa.DeletedFields.Contains)) throw new ConnectorRejectedException("Custom field 2 does not exist. Press Repair.", TicketFields.MarkerStatus);
        var written = psa.Edit(
            remoteId,
            ticket =>
            {
                if (psa.PartialArraysWipe && update.CustomFieldsAsRead is null && update.Set.Keys.Any(TicketFields.IsMarker))
                {
                    ticket = ticket with { Retrieved = null, MarkerStatus = null, MarkerUser = null, Colour = null };
                }

                if (update.CustomFieldsAsRead?.FirstOrDefault(field => field is { Caption: "Colour", Value: not "null" }) is { } colour) ticket = ticket with { Colour = Json.Read<string>(colour.Value) };
                return update.Set.Where(pair => !psa.DroppedFields.Contains(pair.Key)).Aggregate(ticket, (changed, pair) => changed.With(pair.Key, pair.Value));
            },
            by: "deskbridge");
        Wrote("update", $"{remoteId} {string.Join(", ", update.Set.Select(pair => $"{pair.Key}={pair.Value}"))}");
        return Show(written);
    }

    public async Task<RuleBook> ReadRulesAsync(CancellationToken cancel)
    {
        await CallAsync("rules", "", cancel);
        return psa.Book();
    }

    public RuleBook ParseRules(string body) => FakeRuleBook.Parse(body);

    public RemoteTicket Blank => new FakeTicket { Id = "0", Title = "", StatusId = FakePsa.New, EnteredAt = psa.Now, UpdatedAt = psa.Now }.ToRemote();

    public RemoteTicket Imagine(RemoteTicket ticket, IReadOnlyDictionary<string, RemoteRef?> values, bool? closed)
    {
        var imagined = values.Aggregate(Json.Read<FakeTicket>(ticket.Body), (changed, pair) => changed.With(pair.Key, pair.Value?.Id)).ToRemote();
        return closed is { } flag ? imagined with { Closed = flag } : imagined;
    }

    public RuleVerdict Evaluate(InboundEvent inbound, RemoteTicket ticket, MarkerAnswers markers, DateTimeOffset now)
    {
        var rule = psa.KnownConditions[inbound.Condition];
        var holds = rule.Holds(ticket, now);
        var age = psa.AgeWindow;
        var inWindow = inbound.Kind != InboundEventKind.Raise || now - ticket.EnteredAt < age;
        return new RuleVerdict(holds, inWindow, rule.ChangesAt?.Invoke(ticket, now), [new ClauseTrace(inbound.Condition, holds, ticket.Status?.Name ?? "")]);
    }

    private static long Number(FakeTicket ticket) => long.Parse(ticket.Id, CultureInfo.InvariantCulture);

    private TicketPage Page(IEnumerable<FakeTicket> rows, int pageSize)
    {
        var tickets = rows.Select(Show).ToList();
        return new TicketPage(tickets, tickets.Count == pageSize);
    }

    private async Task CallAsync(string operation, string id, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await context.Calls.EnterAsync(CallClassScope.Current, cancel);
        psa.Calls.Enqueue(id.Length == 0 ? operation : $"{operation} {id}");
        if (psa.Before is { } before) await before(operation);
        var failure = psa.FailBefore?.Invoke(operation);
        context.Calls.Report(new CallOutcome("GET", "/" + operation, Status(failure), TimeSpan.Zero, (failure as ConnectorThrottledException)?.RetryAfter));
        if (failure is not null) throw failure;
        _answered = true;
    }

    private void Wrote(string operation, string what)
    {
        psa.Writes.Enqueue($"{operation} {what}");
        if (psa.FailAfter?.Invoke(operation) is { } failure) throw failure;
    }

    private static int? Status(Exception? failure) => failure switch
    {
        null => 200,
        ConnectorThrottledException => 429,
        ConnectorCredentialsException => 401,
        ConnectorRejectedException { Kind: RejectionKind.Permission } => 403,
        ConnectorRejectedException => 400,
        ConnectorNotFoundException => 404,
        ConnectorConflictException => 409,
        _ => null,
    };

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
