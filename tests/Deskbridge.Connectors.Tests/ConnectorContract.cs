using Xunit;

namespace Deskbridge.Connectors.Tests;

/// <summary>What every connector that carries tickets must do, run against its simulator over real HTTP.</summary>
public abstract partial class ConnectorContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<ContractRemote> StartAsync();

    /// <summary>Values of the marker fields, where tickets have such.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Markers => new Dictionary<string, string?>();

    /// <summary>Subscriptions that a connection keeps.</summary>
    protected virtual int Subscriptions => 1;

    /// <summary>Ready to run, with what Install makes there.</summary>
    protected virtual Task<IConnector> InstalledAsync(ContractRemote remote) => Task.FromResult(remote.Connect());

    [Fact]
    public async Task Test_GoodSettings_PassesEveryCheck()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();

        var report = await connector.TestAsync(Cancel);

        Assert.All(report.Checks, check => Assert.True(check.Outcome == ProbeOutcome.Passed, $"{check.Name}: {check.Message} {check.Fix}"));
        Assert.True(report.Checks.Count > 3);
    }

    [Fact]
    public async Task Test_WrongKey_FailsAtCredentialsWithAFix()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect(wrongKey: true);

        var failed = Assert.Single((await connector.TestAsync(Cancel)).Checks, check => check.Outcome == ProbeOutcome.Failed);

        Assert.NotNull(failed.Fix);
    }

    [Fact]
    public async Task ReadChanged_WrongKey_IsACredentialsFailure()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect(wrongKey: true);

        await Assert.ThrowsAsync<ConnectorCredentialsException>(() => Reader(connector).ReadChangedAsync(DateTimeOffset.UnixEpoch, 1, 10, Cancel));
    }

    [Fact]
    public async Task ReadChanged_ManyPages_YieldsEachOnceInOrder()
    {
        await using var remote = await StartAsync();
        var made = await remote.CreateTicketsAsync(23);
        using var connector = remote.Connect();

        var read = new List<RemoteTicket>();
        for (var page = 1; ; page++)
        {
            var rows = await Reader(connector).ReadChangedAsync(DateTimeOffset.UnixEpoch, page, 7, Cancel);
            read.AddRange(rows.Tickets);
            if (!rows.Full)
            {
                break;
            }
        }

        Assert.Equal(read.Count, read.DistinctBy(ticket => ticket.Id, StringComparer.Ordinal).Count());
        Assert.Subset(read.Select(ticket => ticket.Id).ToHashSet(StringComparer.Ordinal), made.ToHashSet(StringComparer.Ordinal));
        Assert.True(read.Zip(read.Skip(1)).All(pair => pair.First.UpdatedAt <= pair.Second.UpdatedAt));
    }

    [Fact]
    public async Task ReadChanged_SinceAnInstant_IncludesThatSecondAndNothingOlder()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var ticket = await Reader(connector).ReadTicketAsync(id, Cancel);

        var rows = await Reader(connector).ReadChangedAsync(ticket!.UpdatedAt, 1, 1000, Cancel);

        Assert.Contains(rows.Tickets, row => row.Id == id);
        Assert.All(rows.Tickets, row => Assert.True(row.UpdatedAt >= ticket.UpdatedAt));
    }

    [Fact]
    public async Task ReadEntered_AfterAnId_GoesOnBehindIt()
    {
        await using var remote = await StartAsync();
        var made = await remote.CreateTicketsAsync(5);
        using var connector = remote.Connect();

        var page = await Reader(connector).ReadEnteredAsync(DateTimeOffset.UnixEpoch, made[1], 2, Cancel);

        Assert.Equal($"{made[2]}, {made[3]}", string.Join(", ", page.Tickets.Select(ticket => ticket.Id)));
        Assert.True(page.Full);
    }

    [Fact]
    public async Task ReadTickets_SomeMissing_LeavesThemOut()
    {
        await using var remote = await StartAsync();
        var made = await remote.CreateTicketsAsync(3);
        using var connector = remote.Connect();

        var read = await Reader(connector).ReadTicketsAsync([.. made, remote.MissingId], Cancel);

        Assert.Equal(made.Order(StringComparer.Ordinal), read.Select(ticket => ticket.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ReadTicket_Missing_IsNull()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();

        Assert.Null(await Reader(connector).ReadTicketAsync(remote.MissingId, Cancel));
    }

    [Fact]
    public async Task ParseTicket_StoredBody_GivesTheSameTicket()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var ticket = await Reader(connector).ReadTicketAsync(id, Cancel);

        var again = Reader(connector).ParseTicket(ticket!.Body);

        Assert.Equal(ticket.Title, again.Title);
        Assert.Equal(ticket.Status, again.Status);
        Assert.Equal(ticket.Body, again.Body);
    }

    [Fact]
    public async Task Update_EveryField_IsReadBack()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = await InstalledAsync(remote);
        var target = await OtherStatusAsync(connector, id);
        var member = (await ((IReadsMembers)connector).ReadMembersAsync(Cancel))[0];
        var set = new Dictionary<string, string?>(Markers, StringComparer.Ordinal) { [TicketFields.Status] = target.Id, [TicketFields.Owner] = member.Id };

        var written = await ((IWritesTickets)connector).UpdateTicketAsync(id, new() { Set = set }, Cancel);
        var read = await Reader(connector).ReadTicketAsync(id, Cancel);

        Assert.All(set, field => Assert.Equal(field.Value, written[field.Key]));
        Assert.All(set, field => Assert.Equal(field.Value, read![field.Key]));
    }

    [Fact]
    public async Task Update_Cleared_IsNothing()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = await InstalledAsync(remote);
        var member = (await ((IReadsMembers)connector).ReadMembersAsync(Cancel))[0];
        var set = new Dictionary<string, string?>(Markers, StringComparer.Ordinal) { [TicketFields.Owner] = member.Id };
        await WriteAsync(connector, id, [.. set.Select(field => (field.Key, field.Value))]);

        var cleared = await WriteAsync(connector, id, [.. set.Select(field => (field.Key, (string?)null))]);

        Assert.All(set.Keys, field => Assert.Null(cleared[field]));
    }

    [Fact]
    public async Task Rules_Installed_AreReadWithoutProblems()
    {
        await using var remote = await StartAsync();
        using var connector = await InstalledAsync(remote);

        var book = await ((IReadsRules)connector).ReadRulesAsync(Cancel);

        Assert.Empty(book.Problems);
        Assert.Equal(3, book.Inbound.Count);
        Assert.Single(book.OnAcknowledge);
        Assert.Single(book.OnClose);
        Assert.Equal(book.Body, ((IReadsRules)connector).ParseRules(book.Body).Body);
    }

    [Fact]
    public async Task Callbacks_RealDelivery_VerifiesAndAForgedOneDoesNot()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();
        await using var inbox = await CallbackInbox.StartAsync();
        await ((IReceivesCallbacks)connector).EnsureSubscriptionsAsync(inbox.Address, Cancel);

        var id = (await remote.CreateTicketsAsync(1))[0];
        var delivery = await inbox.NextAsync(Cancel);
        var genuine = await ((IReceivesCallbacks)connector).VerifyAsync(delivery, Cancel);
        var forged = await ((IReceivesCallbacks)connector).VerifyAsync(delivery with { Body = Change(delivery.Body) }, Cancel);

        Assert.False(genuine is CallbackVerdict.Refused, (genuine as CallbackVerdict.Refused)?.Reason);
        var accepted = Assert.IsType<CallbackVerdict.Accepted>(genuine);
        Assert.Equal((RecordTypes.Ticket, id, "added"), (accepted.RecordType, accepted.RemoteId, accepted.Action));
        Assert.NotNull(accepted.EntityUpdatedAt);
        Assert.IsType<CallbackVerdict.Refused>(forged);
    }

    [Fact]
    public async Task Subscriptions_EnsuredTwice_StayOneAndAreRemoved()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();
        var callbacks = (IReceivesCallbacks)connector;
        var address = new Uri("http://127.0.0.1:9/callbacks/token");

        Assert.Equal(new SubscriptionReport(Subscriptions, 0, 0, 0), await callbacks.EnsureSubscriptionsAsync(address, Cancel));
        Assert.Equal(new SubscriptionReport(0, 0, 0, Subscriptions), await callbacks.EnsureSubscriptionsAsync(address, Cancel));
        Assert.Equal(Subscriptions, await callbacks.RemoveSubscriptionsAsync(address.AbsolutePath, Cancel));
        Assert.Equal(0, await callbacks.RemoveSubscriptionsAsync(address.AbsolutePath, Cancel));
    }

    /// <summary>Install and the schedule may look at the same moment.</summary>
    [Fact]
    public async Task Subscriptions_EnsuredByTwoAtOnce_StayOne()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();
        var callbacks = (IReceivesCallbacks)connector;
        var address = new Uri("http://127.0.0.1:9/callbacks/token");

        var reports = await Task.WhenAll(callbacks.EnsureSubscriptionsAsync(address, Cancel), callbacks.EnsureSubscriptionsAsync(address, Cancel));

        Assert.All(reports, report => Assert.Equal(0, report.Removed));
        Assert.Equal(new SubscriptionReport(0, 0, 0, Subscriptions), await callbacks.EnsureSubscriptionsAsync(address, Cancel));
    }

    [Fact]
    public async Task Subscriptions_OfAHubThatMoved_AreRenewedAndThoseOfOthersStay()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();
        var callbacks = (IReceivesCallbacks)connector;
        var other = new Uri("http://127.0.0.1:9/callbacks/another-token");
        await callbacks.EnsureSubscriptionsAsync(new Uri("http://127.0.0.1:9/callbacks/token"), Cancel);
        await callbacks.EnsureSubscriptionsAsync(other, Cancel);

        Assert.Equal(new SubscriptionReport(Subscriptions, Subscriptions, 0, 0), await callbacks.EnsureSubscriptionsAsync(new Uri("http://127.0.0.2:10/callbacks/token"), Cancel));

        Assert.Equal(new SubscriptionReport(0, 0, 0, Subscriptions), await callbacks.EnsureSubscriptionsAsync(other, Cancel));
    }

    [Fact]
    public async Task Throttled_AnyCall_SaysHowLongToWait()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();
        await Reader(connector).ReadTicketAsync(remote.MissingId, Cancel);
        await remote.ThrottleAsync(TimeSpan.FromSeconds(7));

        var failure = await Assert.ThrowsAsync<ConnectorThrottledException>(() => Reader(connector).ReadTicketAsync(remote.MissingId, Cancel));

        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
    }

    protected static IReadsTickets Reader(IConnector connector) => (IReadsTickets)connector;

    protected static Task<RemoteTicket> WriteAsync(IConnector connector, string id, params (string Field, string? Value)[] fields) =>
        ((IWritesTickets)connector).UpdateTicketAsync(
            id, new() { Set = fields.ToDictionary(field => field.Field, field => field.Value, StringComparer.Ordinal) }, Cancel);

    private static async Task<RemoteStatus> OtherStatusAsync(IConnector connector, string id)
    {
        var ticket = await Reader(connector).ReadTicketAsync(id, Cancel);
        var statuses = await ((IReadsBoards)connector).ReadStatusesAsync(ticket!.Board!.Id, Cancel);
        return statuses.First(status => !status.Closed && status.Id != ticket.Status!.Id);
    }

    private static byte[] Change(ReadOnlyMemory<byte> body)
    {
        var changed = body.ToArray();
        changed[changed.Length / 2] ^= 1;
        return changed;
    }
}
