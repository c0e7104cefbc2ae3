using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

public sealed class DetailsWantedTests
{
    /// <summary>The ticket's stamp is the remote's, the read was at an instant of ours: they are compared on one clock.</summary>
    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task Details_OfATicketThatChangedAfterTheyWereRead_AreReadAgainWhateverTheClocks(int minutesAhead)
    {
        await using var hub = await TicketHub.InstalledAsync(psa => psa.Skew = TimeSpan.FromMinutes(minutesAhead));
        var alert = await hub.RaisedAsync();
        await hub.Get<DetailReader>().RunOnceAsync(default);
        hub.Pass(TimeSpan.FromMinutes(1));
        await PlanAgainAsync(hub);
        Assert.False((await hub.ReadAsync(db => db.Tickets.SingleAsync())).DetailsWanted);

        hub.Psa.Edit("1001", ticket => ticket with { Colour = "green" });
        await PlanAgainAsync(hub);

        Assert.True((await hub.ReadAsync(db => db.Tickets.SingleAsync())).DetailsWanted);
        Assert.Equal(AlertStatus.Open, (await hub.AlertOfAsync("1001")).Status);
        Assert.Equal(alert.Id, (await hub.AlertOfAsync("1001")).Id);
    }

    /// <summary>The ticket's stamp has no fractions of a second: a change right after the read carries a time before it.</summary>
    [Fact]
    public async Task Details_OfATicketThatChangedInTheSecondTheyWereRead_AreReadAgain()
    {
        await using var hub = await TicketHub.InstalledAsync();
        await hub.RaisedAsync();
        hub.Pass(TimeSpan.FromMilliseconds(300));
        await hub.Get<DetailReader>().RunOnceAsync(default);
        hub.Pass(TimeSpan.FromMilliseconds(300));

        hub.Psa.Edit("1001", ticket => ticket with { Colour = "green" });
        await PlanAgainAsync(hub);

        Assert.True((await hub.ReadAsync(db => db.Tickets.SingleAsync())).DetailsWanted);
    }

    private static async Task PlanAgainAsync(TicketHub hub)
    {
        await hub.PollAsync();
        await hub.Hub.Store.Store.WriteAsync(db => db.WakeAsync(hub.ConnectionId, "ticket", "1001", hub.Hub.Store.Time.GetUtcNow(), "again", cancel: default), default);
        await hub.WorkAsync();
    }
}
