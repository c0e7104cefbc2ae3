using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>A refusal says which status the board lacks; whoever adds it and acts again must not be refused from memory.</summary>
public sealed class AddedStatusTests
{
    [Fact]
    public async Task StatusAddedToTheBoard_AfterARefusal_IsWrittenAtTheNextAcknowledge()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var mia = Build.Person("Mia Chen", email: "mia.chen@example.test");
        await hub.Store.AddAsync(mia);
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromMinutes(11)); // what Install read is forgotten by then
        hub.Psa.LackingStatuses.Add(FakePsa.Assigned);
        var ticket = hub.Psa.Add("Server room too warm").Id;
        await hub.PollLaterAsync(connection);
        var alert = await hub.Store.ReadAsync(db => db.Alerts.Select(a => a.Id).SingleAsync());
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert, mia, default);
        await hub.SettleAsync();
        Assert.Contains("has no status \"Assigned\"", await hub.Store.ReadAsync(db => db.Effects.Where(e => e.State == EffectState.Rejected).Select(e => e.Error!).SingleAsync()), StringComparison.Ordinal);

        hub.Psa.LackingStatuses.Clear();
        hub.Store.Time.Advance(TimeSpan.FromMinutes(1));
        await hub.Store.Get<UnacknowledgeAlert>().RunAsync(alert, mia, default);
        await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert, mia, default);
        await hub.SettleAsync();

        Assert.Equal(FakePsa.Assigned, hub.Psa.Find(ticket)!.StatusId);
    }

    /// <summary>A board that will never have it costs no call per alert.</summary>
    [Fact]
    public async Task StatusThatStaysAway_IsAskedForTwiceAMinuteAtMost()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromMinutes(11)); // what Install read is forgotten by then
        hub.Psa.LackingStatuses.Add(FakePsa.Assigned);
        var before = Asked(hub);
        for (var i = 0; i < 6; i++)
        {
            var title = hub.Psa.Add($"Ticket {i}").Title;
            await hub.PollLaterAsync(connection);
            var alert = await hub.Store.ReadAsync(db => db.Alerts.Where(a => a.Title == title).Select(a => a.Id).SingleAsync());
            await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert, hub.Admin, default);
            await hub.SettleAsync();
        }

        Assert.InRange(Asked(hub) - before, 1, 9);
    }

    private static int Asked(ConnectionsHub hub) => hub.Psa.Calls.Count(call => call.StartsWith("statuses", StringComparison.Ordinal));
}
