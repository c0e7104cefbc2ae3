using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

/// <summary>Trouble with a remote system stands in the event log, and in the hub's own log too.</summary>
public sealed class ConnectionLogTests
{
    [Theory]
    [InlineData("refused-callback", true)]
    [InlineData("rejected", true)]
    [InlineData("missing", true)]
    [InlineData("custom-fields", true)]
    [InlineData("raised", false)]
    [InlineData("callback", false)]
    public async Task Entry_OfTrouble_IsInTheHubsOwnLogWithoutItsPayload(string kind, bool logged)
    {
        using var log = new KeptLog();
        await using var hub = await ConnectionsHub.CreateAsync(log: log);
        var id = await hub.AddConnectionAsync();

        await hub.Store.Get<HubStore>().WriteAsync(
            db =>
            {
                db.LogConnectionEvent(id, kind, "10031", "Ticket 10031 is odd.", "the payload", "the trace", hub.Store.Time.GetUtcNow());
                return Task.CompletedTask;
            },
            default);

        Assert.Equal(logged, log.Lines.Any(line => line.Contains($"Connection Main ({id}), {kind}: Ticket 10031 is odd.", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Lines, line => line.Contains("the payload", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Entry_OfATransactionThatFailed_IsInNoLog()
    {
        using var log = new KeptLog();
        await using var hub = await ConnectionsHub.CreateAsync(log: log);
        var id = await hub.AddConnectionAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Store.Get<HubStore>().WriteAsync(
            db =>
            {
                db.LogConnectionEvent(id, "rejected", "10031", "Ticket 10031 is odd.", null, null, hub.Store.Time.GetUtcNow());
                throw new InvalidOperationException("It fails.");
            },
            default));

        Assert.DoesNotContain(log.Lines, line => line.Contains("is odd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AlarmOfTheHub_ComesAndGoes_InBothLogs()
    {
        using var log = new KeptLog();
        await using var hub = await ConnectionsHub.CreateAsync(log: log);
        var id = await hub.InstallAsync();
        var alerts = hub.Store.Get<HubAlerts>();
        Task DoAsync(Func<HubDb, Task> what) => hub.Store.Get<HubStore>().WriteAsync(what, default);

        for (var i = 0; i < 3; i++) await DoAsync(db => alerts.RaiseAsync(db, id, "test", "A marker field is missing", "Press Repair.", hub.Store.Time.GetUtcNow(), default));
        hub.Store.Time.Advance(TimeSpan.FromMinutes(1));
        await DoAsync(db => alerts.ClearAsync(db, id, "test", "It is there again.", hub.Store.Time.GetUtcNow(), default));

        var told = await hub.Store.ReadAsync(db => db.ConnectionEvents.Where(entry => entry.Kind == "alarm").OrderBy(entry => entry.At).ToListAsync());
        Assert.Equal(
            ["The hub raised an alert of its own: A marker field is missing. Press Repair.", "The hub closed its alert \"A marker field is missing\": It is there again."],
            told.Select(entry => entry.Message));
        Assert.All(told, entry => Assert.NotNull(entry.AlertId));
        Assert.Single(log.Lines, line => line.Contains("A marker field is missing. Press Repair.", StringComparison.Ordinal));
    }
}
