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
        var updates = 0;
        var (connection, _) = await EmptyAsync(hub, () => hub.Psa.FailBefore =
            operation => operation == "update" && ++updates == 2 ? new ConnectorRejectedException("Colour may not be set.") : null);

        Assert.Equal(CustomFieldMode.Unrestored, (await hub.ReadAsync(connection)).CustomFields);
        Assert.Contains("could not be put back", await hub.Store.ReadAsync(db => db.Effects.Where(e => e.State == EffectState.Rejected).Select(e => e.Error!).FirstAsync()), StringComparison.Ordinal);

        var second = hub.Psa.Add("Second", with: ticket => ticket with { Colour = "blue" }).Id;
        await hub.PollLaterAsync(connection);
        await hub.SettleAsync();

        Assert.Equal((true, "blue"), (hub.Psa.Find(second)!.Retrieved, hub.Psa.Find(second)!.Colour));
    }

    /// <summary>Seed 935: the write back failed for an hour in a way that nobody foresaw, and people went on reading that the fields are put back.</summary>
    [Fact]
    public async Task FieldsWhoseWriteBackIsGivenUp_AreToldToo()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var updates = 0;
        var (connection, ticket) = await EmptyAsync(hub, () => hub.Psa.Before =
            operation => operation == "update" && ++updates >= 2 ? throw new FormatException("Nobody foresaw this.") : Task.CompletedTask);

        for (var pass = 0; pass < 20; pass++)
        {
            hub.Store.Time.Advance(TimeSpan.FromMinutes(5));
            await hub.SettleAsync();
        }

        Assert.Null(hub.Psa.Find(ticket)!.Colour);
        Assert.Equal(CustomFieldMode.Unrestored, (await hub.ReadAsync(connection)).CustomFields);
        Assert.StartsWith(
            "Other custom fields were emptied and could not be put back: Given up after 10 failures: Nobody foresaw this.",
            await hub.Store.ReadAsync(db => db.Effects.Where(e => e.State == EffectState.Dead).OrderBy(e => e.Seq).Select(e => e.Error!).FirstAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FieldsOfOthers_ArePutBack_ThoughTheMarkerIsRefusedByThen()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var updates = 0;
        var (connection, ticket) = await EmptyAsync(hub, () => hub.Psa.Before = operation =>
        {
            if (operation == "update" && ++updates == 2) hub.Psa.DeletedFields.Add(TicketFields.MarkerStatus);
            return Task.CompletedTask;
        });

        Assert.Equal("red", hub.Psa.Find(ticket)!.Colour);
        Assert.Equal(CustomFieldMode.Whole, (await hub.ReadAsync(connection)).CustomFields);
    }

    /// <summary>An acknowledgement is the connection's first partial array, and it empties the ticket's colour.</summary>
    private static async Task<(Guid Connection, string Ticket)> EmptyAsync(ConnectionsHub hub, Action prepare)
    {
        var mia = Build.Person("Mia Chen", email: "mia.chen@example.test");
        await hub.Store.AddAsync(mia);
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        var ticket = hub.Psa.Add("First", with: ticket => ticket with { Colour = "red" }).Id;
        await hub.PollLaterAsync(connection);
        await hub.SettleAsync();
        hub.Psa.PartialArraysWipe = true;
        prepare();
        var alert = await hub.Store.ReadAsync(db => db.Alerts.Select(a => a.Id).SingleAsync());
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert, mia, default);
        await hub.SettleAsync();
        return (connection, ticket);
    }
}
