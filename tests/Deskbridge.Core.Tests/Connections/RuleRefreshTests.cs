using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class RuleRefreshTests
{
    private static readonly FakeRule FireToo = new("e9", InboundEventKind.Raise, "summary says fire", static (ticket, _) => ticket.Title.Contains("fire", StringComparison.Ordinal));

    [Fact]
    public async Task Refresh_SmallChange_IsInForceAtOnceAndWakesTickets()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.Add("fire", FakePsa.Assigned);
        var id = await hub.InstallAsync();
        var before = (await hub.ReadAsync(id)).RuleVersionId;
        hub.Psa.Rules.Add(FireToo);

        var outcome = await hub.Store.Get<RefreshRules>().RunAsync(id, default);

        Assert.Equal(RuleRefresh.InForce, outcome);
        Assert.NotEqual(before, (await hub.ReadAsync(id)).RuleVersionId);
        Assert.Equal("rules changed", (await hub.Store.ReadAsync(db => db.Wakes.SingleAsync())).Reasons);
        Assert.Equal(RuleRefresh.Same, await hub.Store.Get<RefreshRules>().RunAsync(id, default));
    }

    [Fact]
    public async Task Refresh_ManyNewAlerts_WaitsForAWord()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        for (var i = 0; i < 11; i++) hub.Psa.Add("fire", FakePsa.Assigned);
        var id = await hub.InstallAsync();
        var before = (await hub.ReadAsync(id)).RuleVersionId;
        hub.Psa.Rules.Add(FireToo);
        var refresh = hub.Store.Get<RefreshRules>();

        Assert.Equal(RuleRefresh.Held, await refresh.RunAsync(id, default));
        await refresh.RunAsync(id, default);
        var held = await hub.ReadAsync(id);
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        await hub.Store.Get<ConfirmRuleChange>().RunAsync(id, hub.Admin, default);

        Assert.Equal((before, "rules-changed", 1), (held.RuleVersionId, alert.Cause, alert.Count));
        Assert.Equal(held.HeldRuleVersionId, (await hub.ReadAsync(id)).RuleVersionId);
        Assert.Equal(11, await hub.Store.ReadAsync(db => db.Wakes.CountAsync()));
        Assert.Equal(AlertStatus.Closed, (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Status);
    }

    [Fact]
    public async Task Refresh_UnreadableClause_KeepsTheOldRulesAndRaisesOnce()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var before = (await hub.ReadAsync(id)).RuleVersionId;
        hub.Psa.RuleProblems.Add(new RuleProblem("Trigger", "The clause 'moon is full' cannot be read.", Blocks: true));
        var refresh = hub.Store.Get<RefreshRules>();

        await refresh.RunAsync(id, default);
        Assert.Equal(RuleRefresh.Unusable, await refresh.RunAsync(id, default));
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        hub.Psa.RuleProblems.Clear();
        await refresh.RunAsync(id, default);

        Assert.Equal((before, "rules", 1), ((await hub.ReadAsync(id)).RuleVersionId, alert.Cause, alert.Count));
        Assert.Equal(AlertStatus.Closed, (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Status);
    }

    [Fact]
    public async Task Refresh_ChangeThatFightsWithItself_KeepsTheOldRulesAndShowsWhy()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var before = (await hub.ReadAsync(id)).RuleVersionId;
        hub.Psa.Rules.Add(new FakeRule("e9", InboundEventKind.Close, "status is Assigned", static (ticket, _) => ticket.Status?.Id == FakePsa.Assigned));

        Assert.Equal(RuleRefresh.Unusable, await hub.Store.Get<RefreshRules>().RunAsync(id, default));

        var shown = await hub.Store.Get<RuleQueries>().ReadAsync((await hub.Store.Get<ConnectorPool>().FindAsync(id, default))!, default);
        Assert.Equal(before, (await hub.ReadAsync(id)).RuleVersionId);
        Assert.Contains("An acknowledge would ask for its own close", shown!.Refused, StringComparison.Ordinal);
        Assert.Contains("status is Assigned", await hub.Store.ReadAsync(db => db.ConnectionEvents.Where(e => e.Kind == "rules").Select(e => e.Message).SingleAsync()), StringComparison.Ordinal);
    }

    /// <summary>Statuses may change under rules that do not: the connection goes on, and people are told once.</summary>
    [Fact]
    public async Task Refresh_RulesInForceThatComeToFight_GoOnAndAreTold()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var closes = FakePsa.Closed;
        hub.Psa.Rules.Add(new FakeRule("e9", InboundEventKind.Close, "status says done", (ticket, _) => ticket.Status?.Id == closes));
        var id = await hub.InstallAsync();
        var refresh = hub.Store.Get<RefreshRules>();
        await refresh.RunAsync(id, default);

        closes = FakePsa.Assigned;
        hub.Store.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RuleRefresh.Same, await refresh.RunAsync(id, default));
        hub.Store.Time.Advance(TimeSpan.FromHours(1));
        await refresh.RunAsync(id, default);
        var told = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        closes = FakePsa.Closed;
        hub.Store.Time.Advance(TimeSpan.FromHours(1));
        await refresh.RunAsync(id, default);

        Assert.Equal(("rules-clash", 1), (told.Cause, told.Count));
        Assert.Equal(AlertStatus.Closed, (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Status);
    }

    [Fact]
    public async Task Silence_TenMinutesWithoutARead_RaisesAndClears()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var alarm = hub.Store.Get<SilenceAlarm>();
        await alarm.CheckAsync(default);

        hub.Store.Time.Advance(TimeSpan.FromMinutes(10));
        await alarm.CheckAsync(default);
        await alarm.CheckAsync(default);
        var raised = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        await hub.Store.Get<ConnectionMonitor>().SucceededAsync(id, default);
        await alarm.CheckAsync(default);

        Assert.Equal(("cannot-read", 1), (raised.Cause, raised.Count));
        Assert.Equal(AlertStatus.Closed, (await hub.Store.ReadAsync(db => db.Alerts.SingleAsync())).Status);
    }

    [Fact]
    public async Task Monitor_FiveFailures_OpenTheBreakerUntilItsTime()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var monitor = hub.Store.Get<ConnectionMonitor>();

        for (var i = 0; i < 5; i++) await monitor.FailedAsync(id, new ConnectorUnavailableException("No answer.", false), "Reading changed tickets", default);
        var now = hub.Store.Time.GetUtcNow();

        Assert.True(monitor.IsOpen(id, now));
        Assert.False(monitor.IsOpen(id, now + TimeSpan.FromSeconds(20)));
        await monitor.SucceededAsync(id, default);
        Assert.False(monitor.IsOpen(id, now));
    }

    [Fact]
    public async Task Callbacks_WithoutAndWithPublicAddress_SayWhatIsMissingThenRegisterOnce()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var heal = hub.Store.Get<CallbackHeal>();

        await heal.HealAsync(id, default);
        await heal.HealAsync(id, default);
        var missing = await hub.Store.ReadAsync(db => db.ConnectionEvents.CountAsync(entry => entry.Kind == "subscriptions"));
        await hub.Store.AddAsync(new Core.Data.Setting { Key = Core.Data.SettingKeys.PublicUrl, Value = "https://hub.example.test/" });
        await heal.HealAsync(id, default);
        await heal.HealAsync(id, default);

        Assert.Equal(1, missing);
        var url = Assert.Single(hub.Psa.Subscriptions);
        Assert.EndsWith((await hub.ReadAsync(id)).CallbackToken, url.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callbacks_ThatCouldNotBeChecked_AreCheckedAgainOnce()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        await hub.Store.AddAsync(new Core.Data.Setting { Key = Core.Data.SettingKeys.PublicUrl, Value = "https://hub.example.test/" });
        var heal = hub.Store.Get<CallbackHeal>();
        hub.Psa.FailBefore = _ => new ConnectorUnavailableException("No answer.", false);
        Assert.Contains("could not be checked", await heal.HealAsync(id, default), StringComparison.Ordinal);
        hub.Psa.FailBefore = null;

        await heal.RetryAsync(id, default);

        Assert.Single(hub.Psa.Subscriptions);
        Assert.Contains("1 added", (await hub.Store.Get<ConnectionQueries>().FindAsync(id, default))!.Health.Callbacks, StringComparison.Ordinal);
        hub.Psa.FailBefore = _ => throw new InvalidOperationException("Nothing is left to check.");
        await heal.RetryAsync(id, default);
    }

    [Fact]
    public async Task Callbacks_ThatAnotherHubLooksAt_AreLeftToItAndLookedAtAgain()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        await hub.Store.AddAsync(new Core.Data.Setting { Key = Core.Data.SettingKeys.PublicUrl, Value = "https://hub.example.test/" });
        var until = hub.Store.Time.GetUtcNow().AddMinutes(5);
        await hub.Store.Store.WriteAsync(db => db.ConnectionHealth.ExecuteUpdateAsync(set => set.SetProperty(row => row.CallbacksHeldBy, Guid.CreateVersion7()).SetProperty(row => row.CallbacksHeldUntil, until)), default);
        var heal = hub.Store.Get<CallbackHeal>();

        Assert.Null(await heal.HealAsync(id, default));
        Assert.Empty(hub.Psa.Subscriptions);

        hub.Store.Time.Advance(TimeSpan.FromMinutes(5)); // the other one died in it
        await heal.RetryAsync(id, default);
        Assert.Single(hub.Psa.Subscriptions);
    }

    /// <summary>The hub died after it had taken the old one away, and before it wrote down what it found.</summary>
    [Fact]
    public async Task Callbacks_WhoseCheckWasCutOff_AreLookedAtAgainByTheSameHub()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        await hub.Store.AddAsync(new Core.Data.Setting { Key = Core.Data.SettingKeys.PublicUrl, Value = "https://hub.example.test/" });
        var (me, until) = (hub.Store.Get<Core.Data.ThisNode>().Id, hub.Store.Time.GetUtcNow().AddMinutes(5));
        await hub.Store.Store.WriteAsync(db => db.ConnectionHealth.ExecuteUpdateAsync(set => set.SetProperty(row => row.CallbacksHeldBy, me).SetProperty(row => row.CallbacksHeldUntil, until)), default);

        await hub.Store.Get<CallbackHeal>().RetryAsync(id, default);

        Assert.Single(hub.Psa.Subscriptions);
    }

    /// <summary>The hub died when the connection was active and nobody had asked for the callbacks yet.</summary>
    [Fact]
    public async Task Callbacks_OfAnInstallThatWasCutOff_AreAskedForAllTheSame()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        await hub.Store.AddAsync(new Core.Data.Setting { Key = Core.Data.SettingKeys.PublicUrl, Value = "https://hub.example.test/" });
        var id = await hub.AddConnectionAsync();
        var told = 0;
        _ = hub.Store.Get<ConnectorPool>(); // is told before
        hub.Store.Get<ConnectionChanges>().Subscribe(_ =>
        {
            if (told++ > 0) throw new InvalidOperationException("The hub dies."); // first it is told that it begins, then that it is active
        });
        await Record.ExceptionAsync(() => hub.RunAsync(id, ConnectionRunKind.Install));
        Assert.Equal((ConnectionState.Active, 0), ((await hub.ReadAsync(id)).State, hub.Psa.Subscriptions.Count));

        await hub.Store.Get<CallbackHeal>().RetryAsync(id, default);

        Assert.Single(hub.Psa.Subscriptions);
    }

    /// <summary>A hub under load that reads every ticket itself would never come to them in a lower class.</summary>
    [Fact]
    public async Task Callbacks_AreAskedForInTheClassOfTickets()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        await hub.Store.AddAsync(new Core.Data.Setting { Key = Core.Data.SettingKeys.PublicUrl, Value = "https://hub.example.test/" });
        var asked = new Dictionary<string, CallClass>(StringComparer.Ordinal);
        hub.Psa.Before = operation =>
        {
            asked[operation] = CallClassScope.Current;
            return Task.CompletedTask;
        };

        await hub.Store.Get<CallbackHeal>().HealAsync(id, default);

        Assert.Equal(CallClass.Tickets, asked["subscriptions"]);
    }

    [Fact]
    public async Task Callbacks_OfWhichSomebodySaysThatTheyEnded_AreLookedAtOnceHoweverOftenItIsSaid()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        await hub.Store.AddAsync(new Core.Data.Setting { Key = Core.Data.SettingKeys.PublicUrl, Value = "https://hub.example.test/" });
        var heal = hub.Store.Get<CallbackHeal>();
        await heal.HealAsync(id, default);
        hub.Psa.Subscriptions.Clear();

        await heal.WantAsync(id, "It was switched off.", "{}", default);
        await heal.WantAsync(id, "It was switched off.", "{}", default);
        await heal.RetryAsync(id, default);

        Assert.Single(hub.Psa.Subscriptions);
        Assert.Equal(1, await hub.Store.ReadAsync(db => db.ConnectionEvents.CountAsync(entry => entry.Message.StartsWith("It was switched off."))));
        hub.Psa.FailBefore = _ => throw new InvalidOperationException("Nothing is left to look at.");
        await heal.RetryAsync(id, default);
    }
}
