using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

public sealed class CoalescedChangeTests
{
    [Fact]
    public async Task Reopen_OfATicketThatWasOpenedAndIsClosedAgainUnseen_ClosesTheAlert()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        var ticket = hub.Psa.Add();
        await SettleAsync(hub, connection);
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        await hub.Store.Get<CloseAlert>().RunAsync(alert.Id, hub.Admin, default);
        await SettleAsync(hub, connection);

        await hub.Store.Get<ReopenAlert>().RunAsync(alert.Id, hub.Admin, default);
        await PassAsync(() => hub.Store.Get<TicketWorker>().RunOnceAsync(default));
        hub.Psa.Edit(ticket.Id, t => t with { StatusId = FakePsa.New });
        await PassAsync(() => hub.Store.Get<EffectSender>().RunOnceAsync(default));
        hub.Psa.Edit(ticket.Id, t => t with { StatusId = FakePsa.Closed });
        await SettleAsync(hub, connection);

        Assert.Equal(AlertStatus.Closed, (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Status);
    }

    private static async Task SettleAsync(ConnectionsHub hub, Guid connection)
    {
        for (var round = 0; round < 3; round++)
        {
            hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
            await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
            await PassAsync(() => hub.Store.Get<TicketWorker>().RunOnceAsync(default));
            await PassAsync(() => hub.Store.Get<EffectSender>().RunOnceAsync(default));
        }
    }

    private static async Task PassAsync(Func<Task<int>> pass)
    {
        while (await pass() > 0)
        {
        }
    }
}
