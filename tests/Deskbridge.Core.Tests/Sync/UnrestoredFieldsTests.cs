using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>A partial array emptied other people's fields, and the remote refuses to have them back (decision 0034).</summary>
public sealed class UnrestoredFieldsTests
{
    [Fact]
    public async Task FieldsThatCannotBePutBack_AreRefusedAndTold_AndLaterWritesSendAllFields()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var mia = Build.Person("Mia Chen", email: "mia.chen@example.test");
        await hub.Store.AddAsync(mia);
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        hub.Psa.Add("First", with: ticket => ticket with { Colour = "red" });
        await hub.PollLaterAsync(connection);
        await hub.SettleAsync();
        hub.Psa.PartialArraysWipe = true;
        var updates = 0;
        hub.Psa.FailBefore = operation => operation == "update" && ++updates == 2 ? new ConnectorRejectedException("Colour may not be set.") : null;
        var alert = await hub.Store.ReadAsync(db => db.Alerts.Select(a => a.Id).SingleAsync());
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert, mia, default);
        await hub.SettleAsync();

        Assert.Equal(CustomFieldMode.Unrestored, (await hub.ReadAsync(connection)).CustomFields);
        Assert.Contains("could not be put back", await hub.Store.ReadAsync(db => db.Effects.Where(e => e.State == EffectState.Rejected).Select(e => e.Error!).FirstAsync()), StringComparison.Ordinal);

        var second = hub.Psa.Add("Second", with: ticket => ticket with { Colour = "blue" }).Id;
        await hub.PollLaterAsync(connection);
        await hub.SettleAsync();

        Assert.Equal((true, "blue"), (hub.Psa.Find(second)!.Retrieved, hub.Psa.Find(second)!.Colour));
    }
}
