using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

public sealed class TicketSweepTests
{
    [Fact]
    public async Task Sweep_TicketMissedOnce_IsNotDeleted_MissedTwice_IsAndItsAlertCloses()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var (gone, _) = (await RaiseAsync(hub, connection, "Goes away"), await RaiseAsync(hub, connection, "Stays"));

        hub.Psa.Delete(gone);
        var first = await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        Assert.Equal(0, first!.Gone);
        Assert.Equal(AlertStatus.Open, await StatusAsync(hub, gone));

        var second = await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        Assert.Equal(1, second!.Gone);
        Assert.Equal(AlertStatus.Closed, await StatusAsync(hub, gone));
        Assert.Equal(LinkState.Tombstoned, await hub.Store.ReadAsync(db => db.Links.Where(l => l.RemoteId == gone).Select(l => l.State).SingleAsync()));
    }

    [Fact]
    public async Task NotFound_IsSaidOnTheAlertAtOnce_OnceOnly_AndSoIsItsReturn()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var ticket = await RaiseAsync(hub, connection, "Comes and goes");
        var body = hub.Psa.Find(ticket)!;

        hub.Psa.Delete(ticket);
        for (var look = 0; look < 2; look++) await LookAsync(hub, connection, ticket);
        var gone = await KindsAsync(hub);
        hub.Psa.Restore(body);
        await LookAsync(hub, connection, ticket);

        Assert.Equal("missing", Assert.Single(gone, kind => kind is "missing" or "found"));
        Assert.Equal(["missing", "found"], (await KindsAsync(hub)).Where(kind => kind is "missing" or "found"));
    }

    [Fact]
    public async Task Write_ToATicketThatVanished_SaysSoOnTheAlert()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var ticket = await RaiseAsync(hub, connection, "Vanishes");
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        var mia = Build.Person();
        await hub.Store.AddAsync(mia);

        hub.Psa.Delete(ticket);
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert.Id, mia, default);
        for (var pass = 0; pass < 3; pass++)
        {
            await hub.WorkAsync();
            await hub.Store.Get<EffectSender>().RunOnceAsync(default);
            hub.Store.Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Contains("missing", await KindsAsync(hub));
    }

    /// <summary>A ticket seen between two sweeps has not been absent twice in a row.</summary>
    [Fact]
    public async Task Sweep_TicketSeenBetweenTwoMisses_IsNotDeleted()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var (ticket, _) = (await RaiseAsync(hub, connection, "Comes and goes"), await RaiseAsync(hub, connection, "Stays"));
        var body = hub.Psa.Find(ticket)!;

        foreach (var there in new[] { false, true, false })
        {
            if (there) hub.Psa.Restore(body);
            else hub.Psa.Delete(ticket);
            await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        }

        Assert.Equal(AlertStatus.Open, await StatusAsync(hub, ticket));
    }

    /// <summary>The API member lost a right and got it back: nobody changes the ticket, so that no poll shows it.</summary>
    [Fact]
    public async Task BuriedTicket_ThatShowsAgain_OpensItsAlertAgainAndPages()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var (ticket, body) = await BuriedAsync(hub, connection);
        hub.Store.Time.Advance(TimeSpan.FromDays(20));

        hub.Psa.Restore(body);
        await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        await hub.WorkAsync();

        Assert.Equal(AlertStatus.Open, await StatusAsync(hub, ticket));
        Assert.Equal(LinkState.Active, await hub.Store.ReadAsync(db => db.Links.Where(l => l.RemoteId == ticket).Select(l => l.State).SingleAsync()));
        Assert.Equal(["closed", "found", "reopened"], (await KindsAsync(hub)).Where(kind => kind is "closed" or "found" or "reopened"));
        Assert.Equal(2, await hub.Store.ReadAsync(db => db.Alerts.Where(a => a.Status == AlertStatus.Open).MaxAsync(a => a.Episode)));
    }

    [Fact]
    public async Task BuriedTicket_ThatShowsAgainClosed_LeavesItsAlertClosed()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var (ticket, body) = await BuriedAsync(hub, connection);

        hub.Psa.Restore(body with { StatusId = FakePsa.Closed });
        await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        await hub.WorkAsync();

        Assert.Equal(AlertStatus.Closed, await StatusAsync(hub, ticket));
        Assert.Contains("found", await KindsAsync(hub));
    }

    [Fact]
    public async Task Sweep_TwoOfTenDeletedAtOnce_AreBelievedAfterTwoSweeps()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, tickets) = await RaiseManyAsync(hub, 10);

        foreach (var ticket in tickets[..2]) hub.Psa.Delete(ticket);
        for (var pass = 0; pass < 2; pass++) await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);

        foreach (var ticket in tickets[..2]) Assert.Equal(AlertStatus.Closed, await StatusAsync(hub, ticket));
    }

    [Fact]
    public async Task Sweep_TooManyDeletedAtOnce_AsksThenAlarms_AndAYesClosesThoseStillGone()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, tickets) = await RaiseManyAsync(hub, 10);
        var missing = hub.Store.Get<MissingTickets>();
        var sweep = hub.Store.Get<TicketSweep>();
        var kept = hub.Psa.Find(tickets[0])!;
        foreach (var ticket in tickets[..4]) hub.Psa.Delete(ticket);

        await sweep.SweepAsync(connection, default);
        var asked = await missing.ReadAsync(connection, default);
        Assert.Equal((4, true, 0), (asked.Tickets.Count, asked.Asks, await AlarmsAsync(hub)));
        await sweep.SweepAsync(connection, default);
        await sweep.SweepAsync(connection, default);
        Assert.Equal(1, await AlarmsAsync(hub));
        Assert.Equal(AlertStatus.Open, await StatusAsync(hub, tickets[3]));

        hub.Psa.Restore(kept);
        var answer = await hub.Store.Get<AnswerDeletion>().ConfirmAsync(connection, tickets[..4], hub.Admin, default);
        await hub.WorkAsync();

        Assert.Equal(3, answer.Value);
        Assert.Equal([AlertStatus.Open, AlertStatus.Closed], [await StatusAsync(hub, tickets[0]), await StatusAsync(hub, tickets[3])]);
        Assert.Contains("Ada Root confirmed", await hub.Store.ReadAsync(db => db.AlertEvents.Where(line => line.Kind == "closed").Select(line => line.Why!).FirstAsync()), StringComparison.Ordinal);
        Assert.Empty((await missing.ReadAsync(connection, default)).Tickets);
        Assert.Equal(0, await AlarmsAsync(hub));
    }

    [Fact]
    public async Task Keep_OfWhatIsMissing_SettlesTheQuestionUntilAnotherSweepMissesIt()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, tickets) = await RaiseManyAsync(hub, 5);
        var sweep = hub.Store.Get<TicketSweep>();
        foreach (var ticket in tickets) hub.Psa.Delete(ticket);
        for (var pass = 0; pass < 2; pass++) await sweep.SweepAsync(connection, default);

        await hub.Store.Get<AnswerDeletion>().KeepAsync(connection, hub.Admin, default);
        Assert.Equal(0, await AlarmsAsync(hub));
        await sweep.SweepAsync(connection, default);
        Assert.Equal(0, await AlarmsAsync(hub));
        await sweep.SweepAsync(connection, default);

        Assert.Equal(1, await AlarmsAsync(hub));
    }

    [Fact]
    public async Task Confirm_ByAnybodyElse_OrOfATicketThatIsThere_IsRefused()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var ticket = await RaiseAsync(hub, connection, "Stays");
        var answer = hub.Store.Get<AnswerDeletion>();

        Assert.IsType<OnlyAdministrators>((await answer.ConfirmAsync(connection, [ticket], Build.Person(), default)).Failure);
        Assert.IsType<TicketNotMissing>((await answer.ConfirmAsync(connection, [ticket], hub.Admin, default)).Failure);
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(1, 2, true)]
    [InlineData(3, 10, true)]
    [InlineData(4, 10, false)]
    [InlineData(20, 400, true)]
    [InlineData(21, 10_000, false)]
    [InlineData(0, 0, true)]
    public void Guard_BelievesThree_OrFivePercent_NeverMoreThanTwenty_NeverAll(int missing, int linked, bool believed) =>
        Assert.Equal(believed, new DeletionGuard().Believes(missing, linked));

    [Fact]
    public async Task NotFoundById_CountsAsNoCompletePass()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var (gone, _) = (await RaiseAsync(hub, connection, "Goes away"), await RaiseAsync(hub, connection, "Stays"));

        hub.Psa.Delete(gone);
        await LookAsync(hub, connection, gone);
        await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);

        Assert.Equal(AlertStatus.Open, await StatusAsync(hub, gone));
    }

    [Fact]
    public async Task Sweep_EveryTicketMissing_IsNotBelieved()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var tickets = new[] { await RaiseAsync(hub, connection, "One"), await RaiseAsync(hub, connection, "Two") };

        foreach (var ticket in tickets) hub.Psa.Delete(ticket);
        for (var pass = 0; pass < 3; pass++) await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);

        foreach (var ticket in tickets) Assert.Equal(AlertStatus.Open, await StatusAsync(hub, ticket));
        Assert.Contains("not found at once", await hub.Store.ReadAsync(db => db.ConnectionEvents.Where(e => e.Kind == "missing" && e.RemoteId == null).Select(e => e.Message).FirstAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_TicketThatTheStreamMissed_IsFoundAndRaises()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromHours(2));
        hub.Psa.Add("Entered unseen", with: ticket => ticket with { UpdatedAt = ticket.EnteredAt.AddHours(-3) });
        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        await hub.WorkAsync();
        var missed = await hub.Store.ReadAsync(db => db.Alerts.CountAsync());

        var result = await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        await hub.WorkAsync();

        Assert.Equal((0, 1, 1), (missed, result!.Drift, await hub.Store.ReadAsync(db => db.Alerts.CountAsync())));
    }

    /// <summary>Drift means a fault. A ticket that no poll had time to show, or that was out of sight, is none.</summary>
    [Fact]
    public async Task Sweep_BeforeThePoll_OrOfATicketThatShowsAgain_CountsNoDrift()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var (hidden, changed) = (await RaiseAsync(hub, connection, "Out of sight"), await RaiseAsync(hub, connection, "Stays"));
        var body = hub.Psa.Find(hidden)!;
        hub.Psa.Delete(hidden);
        var first = await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        hub.Store.Time.Advance(TimeSpan.FromHours(1));

        hub.Psa.Restore(body);
        hub.Psa.Add("Entered just now");
        hub.Psa.Edit(changed, ticket => ticket with { StatusId = FakePsa.InProgress });
        var second = await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        await hub.WorkAsync();

        Assert.Equal((0, 0), (first!.Drift, second!.Drift));
        Assert.Equal(AlertStatus.Acknowledged, await StatusAsync(hub, changed));
    }

    /// <summary>A ticket with an alert that two sweeps did not find, and as it was before.</summary>
    private static async Task<(string Ticket, FakeTicket Body)> BuriedAsync(ConnectionsHub hub, Guid connection)
    {
        var (ticket, _) = (await RaiseAsync(hub, connection, "Out of sight"), await RaiseAsync(hub, connection, "Stays"));
        var body = hub.Psa.Find(ticket)!;
        hub.Psa.Delete(ticket);
        for (var pass = 0; pass < 2; pass++) await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        return (ticket, body);
    }

    private static async Task<string> RaiseAsync(ConnectionsHub hub, Guid connection, string title)
    {
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        var ticket = hub.Psa.Add(title);
        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        await hub.WorkAsync();
        return ticket.Id;
    }

    private static async Task<(Guid Connection, string[] Tickets)> RaiseManyAsync(ConnectionsHub hub, int count)
    {
        var connection = await hub.InstallAsync();
        var tickets = new string[count];
        for (var i = 0; i < count; i++) tickets[i] = await RaiseAsync(hub, connection, $"Ticket {i}");
        return (connection, tickets);
    }

    private static async Task LookAsync(ConnectionsHub hub, Guid connection, string ticket)
    {
        await hub.Store.Store.WriteAsync(db => db.WakeAsync(connection, "ticket", ticket, hub.Store.Time.GetUtcNow(), "callback", needsRead: true), default);
        await hub.WorkAsync();
    }

    private static Task<List<string>> KindsAsync(ConnectionsHub hub) =>
        hub.Store.ReadAsync(db => db.AlertEvents.OrderBy(line => line.Order).Select(line => line.Kind).ToListAsync());

    private static Task<int> AlarmsAsync(ConnectionsHub hub) =>
        hub.Store.ReadAsync(db => db.Alerts.CountAsync(alert => alert.Cause == "tickets-missing" && alert.Status != AlertStatus.Closed));

    private static Task<AlertStatus> StatusAsync(ConnectionsHub hub, string ticket) =>
        hub.Store.ReadAsync(db => (from alert in db.Alerts
                                   join link in db.Links on alert.LinkId equals link.Id
                                   where link.RemoteId == ticket
                                   select alert.Status).SingleAsync());
}
