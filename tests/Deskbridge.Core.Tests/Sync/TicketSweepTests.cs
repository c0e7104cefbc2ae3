using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
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
    public async Task NotFoundById_CountsAsNoCompletePass()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var (gone, _) = (await RaiseAsync(hub, connection, "Goes away"), await RaiseAsync(hub, connection, "Stays"));

        hub.Psa.Delete(gone);
        await hub.Store.Store.WriteAsync(db => db.WakeAsync(connection, "ticket", gone, hub.Store.Time.GetUtcNow(), "callback", needsRead: true), default);
        await WorkAsync(hub);
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
        Assert.Contains("not found at once", await hub.Store.ReadAsync(db => db.ConnectionEvents.Where(e => e.Kind == "failure").Select(e => e.Message).FirstAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_TicketThatTheStreamMissed_IsFoundAndRaises()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromHours(2));
        hub.Psa.Add("Entered unseen", with: ticket => ticket with { UpdatedAt = ticket.EnteredAt.AddHours(-3) });
        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        await WorkAsync(hub);
        var missed = await hub.Store.ReadAsync(db => db.Alerts.CountAsync());

        var result = await hub.Store.Get<TicketSweep>().SweepAsync(connection, default);
        await WorkAsync(hub);

        Assert.Equal((0, 1, 1), (missed, result!.Drift, await hub.Store.ReadAsync(db => db.Alerts.CountAsync())));
    }

    private static async Task<string> RaiseAsync(ConnectionsHub hub, Guid connection, string title)
    {
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        var ticket = hub.Psa.Add(title);
        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        await WorkAsync(hub);
        return ticket.Id;
    }

    private static async Task WorkAsync(ConnectionsHub hub)
    {
        while (await hub.Store.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
        }
    }

    private static Task<AlertStatus> StatusAsync(ConnectionsHub hub, string ticket) =>
        hub.Store.ReadAsync(db => (from alert in db.Alerts
                                   join link in db.Links on alert.LinkId equals link.Id
                                   where link.RemoteId == ticket
                                   select alert.Status).SingleAsync());
}
