using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>Many callbacks at once are stored, read and planned together, under the same rules as one.</summary>
public sealed class CallbackStormTests : IAsyncLifetime
{
    private ConnectionsHub _hub = null!;
    private string _token = "";
    private int _told;

    public async ValueTask InitializeAsync()
    {
        _hub = await ConnectionsHub.CreateAsync();
        var connection = await _hub.InstallAsync();
        _token = await _hub.Store.ReadAsync(db => db.Connections.Where(c => c.Id == connection).Select(c => c.CallbackToken).SingleAsync());
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Storm_OfNewTickets_IsReadInOneCallAndRaisesEachOnce()
    {
        var tickets = Enumerable.Range(1, 6).Select(number => _hub.Psa.Add($"Disk {number} is full")).ToList();
        _hub.Psa.Calls.Clear();

        await TellAsync([.. tickets, .. tickets]);
        await WorkAsync();

        Assert.Equal(["tickets"], ReadCalls());
        Assert.Equal(tickets.Select(ticket => ticket.Title).Order(), (await AlertsAsync()).Select(alert => alert.Title).Order());
        Assert.False(await _hub.Store.ReadAsync(db => db.Wakes.AnyAsync(wake => wake.NeedsRead)));
    }

    [Fact]
    public async Task Storm_WithATicketThatIsGone_ReadsThatOneAloneAndRaisesTheOthers()
    {
        var tickets = Enumerable.Range(1, 5).Select(number => _hub.Psa.Add($"Disk {number} is full")).ToList();
        _hub.Psa.Delete(tickets[2].Id);
        _hub.Psa.Calls.Clear();

        await TellAsync([.. tickets]);
        await WorkAsync();

        Assert.Equal(["tickets", $"ticket {tickets[2].Id}"], ReadCalls());
        Assert.Equal(4, (await AlertsAsync()).Count);
    }

    [Fact]
    public async Task Storm_WithATicketThatHasAnAlert_ActsOnItsChange()
    {
        var known = _hub.Psa.Add("Backup failed");
        await TellAsync(known);
        await WorkAsync();
        _hub.Store.Time.Advance(TimeSpan.FromMinutes(1));
        var changed = _hub.Psa.Edit(known.Id, ticket => ticket with { StatusId = FakePsa.InProgress });
        var fresh = Enumerable.Range(1, 4).Select(number => _hub.Psa.Add($"Disk {number} is full"));

        await TellAsync([changed, .. fresh]);
        await WorkAsync();

        var alerts = await AlertsAsync();
        Assert.Equal(AlertStatus.Acknowledged, alerts.Single(alert => alert.Title == "Backup failed").Status);
        Assert.Equal(4, alerts.Count(alert => alert.Status == AlertStatus.Open));
    }

    [Fact]
    public async Task Storm_AboutFewTickets_ReadsEachAtOnceAndOnceMoreAfterIt()
    {
        var tickets = Enumerable.Range(1, 2).Select(number => _hub.Psa.Add($"Disk {number} is full").Id).ToList();
        _hub.Psa.Calls.Clear();

        for (var round = 0; round < 50; round++)
        {
            foreach (var id in tickets) await TellAsync(_hub.Psa.Edit(id, ticket => ticket with { Title = $"Told {round} times" }));
            await WorkAsync();
        }

        Assert.All(tickets, id => Assert.Equal(1, ReadsOf(id)));
        _hub.Store.Time.Advance(CallbackIntake.Spacing);
        await WorkAsync();
        Assert.All(tickets, id => Assert.Equal(2, ReadsOf(id)));
        Assert.All(await AlertsAsync(), alert => Assert.Equal("Told 49 times", alert.Title));
    }

    [Fact]
    public async Task Callbacks_WhileTheirTicketIsRead_AreSharedByOneMoreRead()
    {
        var ticket = _hub.Psa.Add("Backup failed");
        _hub.Psa.Calls.Clear();
        _hub.Psa.Before = async operation =>
        {
            if (operation == "ticket" && ReadsOf(ticket.Id) <= 5) await TellAsync([.. Enumerable.Repeat(ticket, 20)]);
        };

        await TellAsync(_hub.Psa.Edit(ticket.Id, present => present with { Title = "Backup failed twice" }));
        await WorkAsync();

        Assert.Equal(1, ReadsOf(ticket.Id));
        _hub.Psa.Before = null;
        _hub.Store.Time.Advance(CallbackIntake.Spacing);
        await WorkAsync();
        Assert.Equal(2, ReadsOf(ticket.Id));
        Assert.False(await _hub.Store.ReadAsync(db => db.Wakes.AnyAsync(wake => wake.NeedsRead)));
    }

    /// <summary>Callbacks that come while a replayed ticket is read wake it again; what came of the replay is told once.</summary>
    [Theory]
    [InlineData(false, "Looked at again: its alert was raised.")]
    [InlineData(true, "Looked at again: the ticket was not found.")]
    public async Task Replay_WhileCallbacksCome_IsToldOnce(bool gone, string told)
    {
        var ticket = _hub.Psa.Add("Backup failed");
        var connection = await _hub.Store.ReadAsync(db => db.Connections.Select(c => c.Id).SingleAsync());
        await _hub.Store.Store.WriteAsync(db => db.WakeAsync(connection, "ticket", ticket.Id, _hub.Store.Time.GetUtcNow(), ReplayEvent.Kind, needsRead: true), default);
        if (gone) _hub.Psa.Delete(ticket.Id);
        _hub.Psa.Before = async operation =>
        {
            if (operation == "ticket" && ReadsOf(ticket.Id) <= 1) await TellAsync(ticket);
        };

        for (var round = 0; round < 3; round++)
        {
            await WorkAsync();
            _hub.Store.Time.Advance(CallbackIntake.Spacing);
        }

        Assert.Equal([told], await _hub.Store.ReadAsync(db => db.ConnectionEvents.Where(entry => entry.Kind == ReplayEvent.Kind).Select(entry => entry.Message).ToListAsync()));
    }

    [Fact]
    public async Task Callback_AfterAReadThatFoundNothingNew_WaitsAsAfterAnyRead()
    {
        var ticket = _hub.Psa.Add("Backup failed");
        await TellAsync(ticket);
        await WorkAsync();
        _hub.Store.Time.Advance(CallbackIntake.Spacing);
        _hub.Psa.Calls.Clear();

        for (var again = 0; again < 5; again++)
        {
            await TellAsync(ticket);
            await WorkAsync();
        }

        Assert.Equal(1, ReadsOf(ticket.Id));
    }

    public static TheoryData<Exception> Failures => [new ConnectorRejectedException("Too long."), new FormatException("One of the records is no ticket.")];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Storm_WhoseCallFails_IsReadOneByOne(Exception failure)
    {
        var tickets = Enumerable.Range(1, 5).Select(number => _hub.Psa.Add($"Disk {number} is full")).ToList();
        _hub.Psa.FailBefore = operation => operation == "tickets" ? failure : null;

        await TellAsync([.. tickets]);
        await WorkAsync();

        Assert.Equal(5, (await AlertsAsync()).Count);
    }

    private async Task TellAsync(params FakeTicket[] tickets)
    {
        var answers = await Task.WhenAll(tickets.Select(ticket => _hub.Store.Get<CallbackIntake>().AcceptAsync(_token, Callback(ticket.Id, $"{Interlocked.Increment(ref _told)}"), default)));
        Assert.All(answers, answer => Assert.Equal(CallbackAnswer.Stored, answer));
    }

    private static CallbackRequest Callback(string id, string key) => new(
        Encoding.UTF8.GetBytes(Json.Write(new Dictionary<string, string> { ["key"] = key, ["id"] = id, ["action"] = "updated" })),
        new Dictionary<string, string> { ["x-signature"] = FakePsa.GoodSignature });

    private async Task WorkAsync()
    {
        while (await _hub.Store.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
        }
    }

    private int ReadsOf(string id) => _hub.Psa.Calls.Count(call => call == $"ticket {id}");

    private List<string> ReadCalls() => [.. _hub.Psa.Calls.Where(call => call.StartsWith("ticket", StringComparison.Ordinal))];

    private Task<List<Alert>> AlertsAsync() => _hub.Store.ReadAsync(db => db.Alerts.ToListAsync());
}
