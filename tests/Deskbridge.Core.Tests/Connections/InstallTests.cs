using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class InstallTests
{
    [Fact]
    public async Task Install_TicketsThatMatchOrAreMarked_RaiseNothingAndPageNobody()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.RulesExist = false;
        hub.Psa.Add("matches");
        hub.Psa.Add("marked", FakePsa.InProgress, t => t with { Retrieved = true, MarkerStatus = "Acknowledged" });
        hub.Psa.Add("neither", FakePsa.Assigned);

        var id = await hub.InstallAsync();

        var links = await hub.Store.ReadAsync(db => db.Links.OrderBy(link => link.RemoteId).ToListAsync());
        Assert.Equal([LinkState.Candidate, LinkState.Active], links.Select(link => link.State));
        Assert.Equal(AlertStatus.Acknowledged, (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Status);
        Assert.Empty(await hub.Store.ReadAsync(db => db.Pages.ToListAsync()));
        Assert.Equal(3, await hub.Store.ReadAsync(db => db.Mirrors.CountAsync()));
        Assert.Equal(6, await hub.Store.ReadAsync(db => db.InstalledObjects.CountAsync(thing => thing.Created)));
        Assert.Equal(ConnectionState.Active, (await hub.ReadAsync(id)).State);
    }

    [Fact]
    public async Task Install_MarkedTicket_IsLinkedWithItsTextAndItsDetailsAreRead()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.Add("marked", with: ticket => ticket with { Retrieved = true });
        await hub.InstallAsync();

        await hub.Store.Get<DetailReader>().RunOnceAsync(default);

        Assert.StartsWith("Company:", (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Text, StringComparison.Ordinal);
        Assert.Contains("+44 20 7946 0000", (await hub.Store.ReadAsync(db => db.Tickets.SingleAsync())).Details, StringComparison.Ordinal);
    }

    /// <summary>Install looks through the age window; a marked ticket that is older shows up when somebody edits it (engine.md §6.11).</summary>
    [Theory]
    [InlineData(20, 0)]
    [InlineData(10, 1)]
    public async Task MarkedTicket_UnknownAfterInstall_PagesOnlyIfThisInstallationCanHaveMarkedIt(int daysOld, int episodes)
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        hub.Psa.Add("marked", with: ticket => ticket with { Retrieved = true, EnteredAt = hub.Psa.Now.AddDays(-daysOld) });

        await hub.Store.Get<TicketPoller>().PollAsync(await hub.Store.ReadAsync(db => db.Connections.Select(row => row.Id).SingleAsync()), default);
        await hub.Store.Get<TicketWorker>().RunOnceAsync(default);

        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        Assert.Equal(AlertStatus.Open, alert.Status);
        Assert.Equal(episodes, await hub.Store.ReadAsync(db => db.AlertEvents.CountAsync(e => e.Kind == "nobody-on-duty"))); // who was to be paged; there is nobody
    }

    [Fact]
    public async Task Install_TicketChangedAfterTheStartInstant_IsLeftToTheStream()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var reads = 0;
        hub.Psa.Before = operation =>
        {
            // The first read gathers samples for the laws of the rules, the second one goes live.
            if (operation != "entered" || ++reads != 2) return Task.CompletedTask;
            hub.Store.Time.Advance(TimeSpan.FromSeconds(2));
            hub.Psa.Add("entered while installing");
            return Task.CompletedTask;
        };

        await hub.InstallAsync();

        Assert.Empty(await hub.Store.ReadAsync(db => db.Links.ToListAsync()));
        var cursor = await hub.Store.ReadAsync(db => db.Cursors.SingleAsync());
        Assert.True(cursor.MarkTime < hub.Psa.All()[0].UpdatedAt);
    }

    [Fact]
    public async Task Install_UnreadableClause_StopsAndNamesIt()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();
        hub.Psa.PlanProblems.Add("Rule 'Trigger': the clause 'moon is full' cannot be read. Remove it.");

        var run = await hub.RunAsync(id, ConnectionRunKind.Install);

        Assert.Equal(RunState.Failed, run.Run.State);
        Assert.Contains("moon is full", run.Run.Summary, StringComparison.Ordinal);
        Assert.Empty(hub.Psa.Objects);
        Assert.Equal(ConnectionState.Draft, (await hub.ReadAsync(id)).State);
    }

    [Fact]
    public async Task Install_RulesThatFightEachOther_StopsAndSaysHowToMendIt()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.Rules.Add(ClosesOnAssigned);
        var id = await hub.AddConnectionAsync();

        var tried = await hub.RunAsync(id, ConnectionRunKind.DryRun);
        var run = await hub.RunAsync(id, ConnectionRunKind.Install);

        Assert.Equal((RunState.Failed, RunState.Failed), (tried.Run.State, run.Run.State));
        Assert.Contains("status is Assigned", run.Run.Summary, StringComparison.Ordinal);
        Assert.Contains("change the condition", Assert.Single(tried.Items, item => item.Outcome == "failed").Message, StringComparison.Ordinal);
        Assert.Equal(ConnectionState.Draft, (await hub.ReadAsync(id)).State);
    }

    private static readonly FakeRule ClosesOnAssigned = new("e9", InboundEventKind.Close, "status is Assigned", static (ticket, _) => ticket.Status?.Id == FakePsa.Assigned);

    [Fact]
    public async Task Install_CutOffAfterCreating_GoesOnAndStillKnowsTheObjectAsOurs()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();
        hub.Psa.FailAfter = operation => operation == "apply" && hub.Psa.Objects.Count == 3 ? new ConnectorUnavailableException("The line was cut.", true) : null;
        Assert.Equal(RunState.Failed, (await hub.RunAsync(id, ConnectionRunKind.Install)).Run.State);
        hub.Psa.FailAfter = null;

        var run = await hub.RunAsync(id, ConnectionRunKind.Install);

        Assert.Equal(RunState.Succeeded, run.Run.State);
        Assert.Equal(6, hub.Psa.Writes.Count);
        Assert.Equal(6, await hub.Store.ReadAsync(db => db.InstalledObjects.CountAsync(thing => thing.Created && thing.RemoteId != "")));
    }

    [Fact]
    public async Task DryRun_NewConnection_WritesNothingAndExplainsMatches()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.Add("matches");
        var id = await hub.AddConnectionAsync();

        var run = await hub.RunAsync(id, ConnectionRunKind.DryRun);

        Assert.Empty(hub.Psa.Writes);
        Assert.Equal(6, run.Items.Count(item => item.Outcome == "would-create"));
        Assert.Contains("status is New", Assert.Single(run.Items, item => item.Outcome == "matches").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_WhereObjectsWereBefore_AsksFirst_AndRemoveLeavesThem()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        await hub.RunAsync(await hub.InstallAsync(), ConnectionRunKind.Remove);
        Assert.Equal(3, hub.Psa.Objects.Count); // the fields stay unless their loss is confirmed
        var second = await hub.AddConnectionAsync("Again", "https://again.example.test");

        var asked = await hub.RunAsync(second, ConnectionRunKind.Install);
        Assert.Equal((RunState.Failed, 3), (asked.Run.State, hub.Psa.Objects.Count));
        Assert.Equal(3, asked.Items.Count(item => item.Outcome == "adopts"));
        Assert.Equal(ConnectionState.Draft, (await hub.ReadAsync(second)).State);

        var run = await hub.RunAsync(second, ConnectionRunKind.Install, new RunRequest(Adopt: true));
        Assert.Equal((RunState.Succeeded, 3, 3), (run.Run.State, run.Items.Count(item => item.Outcome == "adopts"), run.Items.Count(item => item.Outcome == "created")));
        Assert.Equal(RunState.Succeeded, (await hub.RunAsync(second, ConnectionRunKind.Install)).Run.State); // mends; what was adopted is known

        await hub.RunAsync(second, ConnectionRunKind.Remove, new RunRequest(DeleteFields: true));
        Assert.Equal(["marker.retrieved", "marker.status", "marker.user"], hub.Psa.Objects.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Test_RemoteDown_ListsTheFailedCheckWithItsFix()
    {
        using var log = new KeptLog();
        await using var hub = await ConnectionsHub.CreateAsync(log: log);
        var id = await hub.AddConnectionAsync();
        hub.Psa.FailBefore = _ => new ConnectorUnavailableException("No answer.", false);

        var run = await hub.RunAsync(id, ConnectionRunKind.Test);

        Assert.Equal(RunState.Failed, run.Run.State);
        Assert.Equal("Check the address.", Assert.Single(run.Items).Fix);
        var told = await hub.Store.ReadAsync(db => db.ConnectionEvents.SingleAsync(entry => entry.Kind == "test"));
        Assert.Equal("Test of Main by Ada Root failed: 1 of 1 checks failed. Address: No answer. Check the address.", told.Message);
        Assert.Contains(log.Lines, line => line.Contains(told.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Remove_FieldsNotConfirmed_KeepsThemAndWhatOthersChanged()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.Add(with: t => t with { Retrieved = true });
        var id = await hub.InstallAsync();
        hub.Psa.Objects["rule.write"] = hub.Psa.Objects["rule.write"] with { Fingerprint = "edited" };

        var wrong = await hub.RunAsync(id, ConnectionRunKind.Remove, new RunRequest(DeleteFields: true, ConfirmedTickets: 0));
        var run = await hub.RunAsync(id, ConnectionRunKind.Remove);

        Assert.Contains("1 tickets hold a value", wrong.Run.Summary, StringComparison.Ordinal);
        Assert.Equal(["marker.retrieved", "marker.status", "marker.user", "rule.write"], hub.Psa.Objects.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(4, run.Items.Count(item => item.Outcome == "kept"));
        Assert.Equal(ConnectionState.Removed, (await hub.ReadAsync(id)).State);
    }

    [Fact]
    public async Task Remove_LeavesAlerts_ThatSayThatNothingIsWrittenAnyMore()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        hub.Psa.Add("Raised before");
        await hub.Store.Get<TicketPoller>().PollAsync(id, default);
        await hub.SettleAsync();
        var alert = await hub.Store.ReadAsync(db => db.Alerts.Where(a => a.LinkId != null).Select(a => a.Id).SingleAsync());
        Assert.False((await hub.Store.Get<AlertWork>().ReadAsync(alert, default)).Removed);

        await hub.RunAsync(id, ConnectionRunKind.Remove);

        Assert.True((await hub.Store.Get<AlertWork>().ReadAsync(alert, default)).Removed);
    }

    [Fact]
    public async Task Sync_Active_RewindsTheCursorAndWakesLinkedTickets()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.Add();
        var id = await hub.InstallAsync();

        var run = await hub.RunAsync(id, ConnectionRunKind.Sync);

        Assert.Equal(RunState.Succeeded, run.Run.State);
        Assert.True((await hub.Store.ReadAsync(db => db.Wakes.SingleAsync())).NeedsRead);
    }

    [Fact]
    public async Task Runs_CutOff_AreMarkedInterrupted()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();
        var cut = new ConnectionRun { Id = Guid.CreateVersion7(), ConnectionId = id, Kind = ConnectionRunKind.Install, StartedAt = hub.Store.Time.GetUtcNow() };
        await hub.Store.AddAsync(cut);
        var runs = hub.Store.Get<ConnectionRuns>();
        Assert.IsType<RunInProgress>((await runs.StartAsync(id, ConnectionRunKind.Remove, hub.Admin, new RunRequest(), default)).Failure);

        await runs.MarkInterruptedAsync([], default);

        Assert.Equal(RunState.Interrupted, (await runs.FindAsync(cut.Id, default))!.Run.State);
    }
}
