using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

public sealed class PartialArrayTests
{
    [Fact]
    public async Task WritesOnTheirWayTogether_OnARemoteThatWipes_RiskOneTicketOnly()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.PartialArraysWipe = true;
        var connection = await hub.InstallAsync();
        for (var i = 0; i < 20; i++) hub.Psa.Add(with: ticket => ticket with { Colour = "red" });

        await hub.Store.Get<TicketPoller>().PollAsync(connection, default);
        while (await hub.Store.Get<EffectSender>().RunOnceAsync(default) > 0)
        {
        }

        Assert.All(hub.Psa.All(), ticket => Assert.Equal(("red", true), (ticket.Colour, ticket.Retrieved)));
        Assert.Equal(CustomFieldMode.Whole, (await hub.ReadAsync(connection)).CustomFields);
        Assert.Equal(1, await hub.Store.ReadAsync(db => db.EffectAttempts.CountAsync(attempt => attempt.Action == "restore")));
    }
}
