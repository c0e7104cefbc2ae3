using System.Collections.Concurrent;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Operations;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Deskbridge.Core.Tests.Alerting.Escalation.ChainWorld;

namespace Deskbridge.Core.Tests.Alerting.Escalation;

public sealed class EscalationTests
{
    [Fact]
    public async Task Step_ThatShouldHaveRunAMinuteAgo_IsLate_UnlessARestoreHoldsIt()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Everybody(10));
        var alert = await world.RaiseAsync();
        Task<int> LateAsync() => world.Pager.Test.ReadAsync(db => db.LateStepsAsync(world.Pager.Test.Time.GetUtcNow(), default));

        world.Pager.Test.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, await LateAsync());
        world.Pager.Test.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await LateAsync());

        var held = world.Pager.Test.Time.GetUtcNow();
        await world.Pager.Test.ReadAsync(db => db.DueSteps.Where(step => step.AlertId == alert.Id).ExecuteUpdateAsync(set => set.SetProperty(step => step.HeldUntil, (DateTimeOffset?)held)));
        Assert.Equal(0, await LateAsync());
    }

    [Fact]
    public async Task Chain_NobodyAcknowledges_PagesStepByStep_AndBeginsAgain()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();

        var alert = await world.RaiseAsync();
        Assert.Equal("mia", world.Rang);
        await world.MinutesAsync(10);
        Assert.Equal("mia ben mia", Sorted(world.Rang, 1));
        await world.MinutesAsync(15);
        Assert.EndsWith(" lea", world.Rang, StringComparison.Ordinal);
        await world.MinutesAsync(5);
        Assert.EndsWith(" lea otto", world.Rang, StringComparison.Ordinal);
        await world.MinutesAsync(5);
        Assert.EndsWith(" lea otto mia", world.Rang, StringComparison.Ordinal);

        var name = world.Pager.Team.Name;
        Assert.Equal(
            [
                $"Step 1 of 4, on duty in {name}: paging Mia Chen (Ntfy).", $"Step 2 of 4, everybody in {name}: paging Ben (Ntfy), Mia Chen (Ntfy).", "Step 3 of 4, Lea: paging Lea (Ntfy).",
                "Step 4 of 4, on duty in Network: paging Otto (Ntfy).", $"Step 1 of 4, on duty in {name}: paging Mia Chen (Ntfy).",
            ],
            await world.LinesAsync(alert, "paged", "escalated"));
        Assert.Equal("Nobody acknowledged within 15 minutes.", await world.Pager.Test.ReadAsync(db => db.AlertEvents.Where(line => line.Message.StartsWith("Step 3")).Select(line => line.Why).SingleAsync()));
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("close")]
    public async Task Chain_OfAnAlertThatSomebodyHas_EndsAtOnce(string how)
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();
        var alert = await world.RaiseAsync();
        await world.MinutesAsync(9);

        if (how == "close") await world.Get<CloseAlert>().RunAsync(alert.Id, world.Mia, default);
        else await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        await world.MinutesAsync(60);

        Assert.Equal("mia", world.Rang);
        Assert.Null(await world.NextAsync(alert));
    }

    /// <summary>Whatever became of the row, the transaction that runs a step looks at the alert.</summary>
    [Fact]
    public async Task DueStep_OfAnAlertThatIsNotOpen_PagesNobody_AndGoes()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();
        var alert = await world.RaiseAsync();
        await world.Pager.Test.Store.WriteAsync(db => db.Alerts.ExecuteUpdateAsync(set => set.SetProperty(a => a.Status, AlertStatus.Acknowledged)), default);

        await world.MinutesAsync(11);

        Assert.Equal("mia", world.Rang);
        Assert.Null(await world.NextAsync(alert));
    }

    [Fact]
    public async Task AlertGivenBack_BeginsItsChainAnew()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();
        var alert = await world.RaiseAsync();
        await world.MinutesAsync(10);
        await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Ben, default);

        await world.Get<UnacknowledgeAlert>().RunAsync(alert.Id, world.Ben, default);
        await world.Pager.SendAsync();

        Assert.EndsWith(" mia", world.Rang, StringComparison.Ordinal);
        Assert.Equal((2, 1, 2), await world.NextAsync(alert) is { } next ? (next.Episode, next.Round, next.Step) : default);
    }

    [Fact]
    public async Task Hub_DownForHours_RunsTheOverdueStepOnce_AndWaitsFromThen()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();
        await world.RaiseAsync();

        world.Pager.Test.Time.Advance(TimeSpan.FromHours(5));
        await world.MinutesAsync(14);
        Assert.Equal("mia ben mia", Sorted(world.Rang, 1));
        await world.MinutesAsync(2);

        Assert.EndsWith(" lea", world.Rang, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_WithNobody_IsPassedOver_AndSaysWhy()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Named(10, world.Lea), Other(10, world.Network), Everybody(10));
        await world.Pager.Test.Store.WriteAsync(db => db.People.Where(p => p.Id == world.Lea.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Active, false)), default);
        await world.PunchAsync(false, world.Otto, world.Network);
        var alert = await world.RaiseAsync();

        await world.MinutesAsync(10);

        Assert.Equal("mia ben mia", Sorted(world.Rang, 1));
        Assert.Equal(
            ["Step 2 of 4, Lea: nobody can be paged. What follows is not waited for.", "Step 3 of 4, on duty in Network: nobody can be paged. What follows is not waited for."], await world.LinesAsync(alert, "step-passed"));
    }

    [Fact]
    public async Task LastSteps_WithNobody_LetTheNextRoundWait()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Other(10, world.Network));
        await world.PunchAsync(false, world.Otto, world.Network);
        await world.RaiseAsync();

        await world.MinutesAsync(14);
        Assert.Equal("mia", world.Rang);
        await world.MinutesAsync(1);

        Assert.Equal("mia mia", world.Rang);
    }

    [Fact]
    public async Task Chain_ThatReachesNobody_WarnsTheAdministratorsOnce_AndPagesWhoeverComes()
    {
        await using var world = await ChainWorld.StartAsync(onDuty: false);
        var ada = Build.Person("Ada", PersonRole.Admin);
        await world.Pager.Test.AddAsync(ada, Build.Channel(ada, ChannelKind.Ntfy, world.Pager.Sink.Url + "/admin"));
        await world.SetAsync(Duty, Other(10, world.Network));
        await world.PunchAsync(false, world.Otto, world.Network);

        var alert = await world.RaiseAsync();
        await world.MinutesAsync(30);
        Assert.Equal("admin", world.Rang);
        Assert.True((await world.Pager.ReloadAsync(alert)).Unattended);
        Assert.Single(await world.LinesAsync(alert, "nobody-on-duty"));

        await world.PunchAsync(true, world.Otto, world.Network);
        await world.Pager.SendAsync();
        Assert.Equal("admin otto", world.Rang);
        Assert.False((await world.Pager.ReloadAsync(alert)).Unattended);
    }

    [Fact]
    public async Task NamedPerson_WhoGetsAChannel_IsPagedForWhatWaits()
    {
        await using var world = await ChainWorld.StartAsync(onDuty: false);
        await world.Pager.Test.Store.WriteAsync(db => db.Channels.Where(c => c.PersonId == world.Lea.Id).ExecuteDeleteAsync(), default);
        await world.SetAsync(Named(0, world.Lea));
        await world.RaiseAsync();

        await world.Get<CreateChannel>().RunAsync(world.Lea.Id, ChannelKind.Ntfy, new ChannelDraft("New phone", world.Pager.Sink.Url + "/lea"), world.Lea, default);
        await world.Pager.SendAsync();

        Assert.Equal("lea", world.Rang);
    }

    [Fact]
    public async Task Chain_WithALimit_EndsWhenEverybodyWasPagedAsOften_AndPagesWhoComesLater()
    {
        await using var world = await ChainWorld.StartAsync(maxRepeats: 2);
        await world.SetAsync(Duty, Named(10, world.Lea));
        var alert = await world.RaiseAsync();
        await world.MinutesAsync(120);
        Assert.Equal("mia lea mia lea", world.Rang);
        Assert.Null(await world.NextAsync(alert));
        Assert.Single(await world.LinesAsync(alert, "chain-ended"));

        await world.PunchAsync(true, world.Ben);
        await world.MinutesAsync(60);

        Assert.Equal("mia lea mia lea ben ben", world.Rang);
    }

    [Fact]
    public async Task Step_NoneOfWhosePagesArrives_DoesNotLetTheNextWait()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Named(30, world.Lea));
        world.Pager.Sink.Answer = (page, response) =>
        {
            response.StatusCode = page.Body.Contains("\"topic\":\"mia\"", StringComparison.Ordinal) ? 403 : 200;
            return Task.CompletedTask;
        };

        await world.RaiseAsync();
        await world.MinutesAsync(1);

        Assert.Equal("mia lea", world.Rang);
    }

    [Fact]
    public async Task Crash_WhileAStepRuns_RunsItOnceAfterwards()
    {
        var dies = new DiesAt("page.planned");
        await using var world = await ChainWorld.StartAsync(more: dies.Replace);
        await world.SetAsync(Duty, Named(10, world.Lea));
        await world.Pager.RaiseAsync();
        world.Pager.Test.Time.Advance(TimeSpan.FromMinutes(10));

        await world.Get<DueSteps>().RunAsync(default); // dies before it commits
        Assert.Equal(1, await world.Pager.Test.ReadAsync(db => db.Pages.CountAsync()));
        await world.MinutesAsync(1);

        Assert.Equal("lea mia", Sorted(world.Rang, 0));
    }

    /// <summary>After an hour without a hub many steps are due together with the page of a new alert.</summary>
    [Fact]
    public async Task FirstPage_IsClaimedBeforeAnyStepRuns_AndAPassRunsABoundedNumber()
    {
        var places = new ConcurrentQueue<string>();
        await using var world = await ChainWorld.StartAsync(more: services => services.AddSingleton(new Failpoints(places.Enqueue)));
        await world.SetAsync(Duty, Named(10, world.Lea));
        var old = Enumerable.Range(0, DueSteps.AtOnce + 3).Select(_ => Build.Alert(world.Pager.Connection)).ToList();
        await world.Pager.Test.AddAsync([.. old]);
        var now = world.Pager.Test.Time.GetUtcNow();
        await world.Pager.Test.AddAsync([.. old.Select(alert => new DueStep { AlertId = alert.Id, Episode = alert.Episode, Round = 1, Step = 2, RanAt = now.AddMinutes(-10), DueAt = now })]);
        await world.Pager.RaiseAsync();
        places.Clear();

        await world.Pager.SendAsync();

        Assert.Equal("page.claimed", places.First());
        Assert.Equal(3, await world.Pager.Test.ReadAsync(db => db.DueSteps.CountAsync(step => step.DueAt <= now)));
        await world.Pager.SendAsync();
        Assert.Equal(0, await world.Pager.Test.ReadAsync(db => db.DueSteps.CountAsync(step => step.DueAt <= now)));
    }

    [Fact]
    public async Task Steps_ThatCannotRun_HoldUpNoOther_HoweverManyTheyAre()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Named(10, world.Lea));
        var broken = Build.Team("Broken");
        broken.Chain = "no chain";
        var stuck = Build.Connection(broken);
        var alerts = Enumerable.Range(0, DueSteps.AtOnce + 3).Select(_ => Build.Alert(stuck)).Append(Build.Alert(world.Pager.Connection)).ToList();
        await world.Pager.Test.AddAsync([broken, stuck, .. alerts]);
        var now = world.Pager.Test.Time.GetUtcNow();
        await world.Pager.Test.AddAsync([.. alerts.Select(alert => new DueStep { AlertId = alert.Id, Episode = alert.Episode, Round = 1, Step = 2, RanAt = now.AddMinutes(-10), DueAt = alert == alerts[^1] ? now : now.AddMinutes(-1) })]);

        await world.Pager.SendAsync();
        await world.Pager.SendAsync();

        Assert.Equal("lea", world.Rang);
    }

    [Fact]
    public async Task Restored_OverdueStep_WaitsForTheTicketAMinute_ThenRunsOnce()
    {
        await using var world = await ChainWorld.StartAsync(more: services => services.AddSingleton(new AlertSafeties()).AddSingleton<RestoredData>());
        await world.SetWholeAsync();
        var alert = await world.RaiseAsync();
        var time = world.Pager.Test.Time;
        time.Advance(TimeSpan.FromHours(3));
        await world.Pager.Test.AddAsync(new Setting { Key = SettingKeys.Restoration, Value = Json.Write(new Restoration(time.GetUtcNow(), time.GetUtcNow(), TakenUp: false)) });

        await world.Get<RestoredData>().TakeUpAsync(default);
        await world.Pager.PassAsync(TimeSpan.FromSeconds(55));
        Assert.Equal("mia", world.Rang);
        await world.Pager.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("mia ben mia", Sorted(world.Rang, 1));
        Assert.Equal((1, 3), await world.NextAsync(alert) is { } next ? (next.Round, next.Step) : default);
    }

    [Fact]
    public async Task Restored_StepOfATicketThatWasRead_DoesNotWaitLonger()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();
        var alert = await world.RaiseAsync();
        var now = world.Pager.Test.Time.GetUtcNow() + TimeSpan.FromMinutes(10);
        await world.Pager.Test.Store.WriteAsync(db => db.DueSteps.ExecuteUpdateAsync(set => set.SetProperty(step => step.HeldUntil, now + TimeSpan.FromMinutes(1))), default);
        world.Pager.Test.Time.Advance(TimeSpan.FromMinutes(10));
        await world.Pager.SendAsync();
        Assert.Equal("mia", world.Rang);

        await world.Pager.Test.Store.WriteAsync(async db => await PagePlanner.ReleaseAsync(db, await db.Alerts.SingleAsync(a => a.Id == alert.Id), now, default), default);
        await world.Pager.SendAsync();

        Assert.Equal("mia ben mia", Sorted(world.Rang, 1));
    }

    /// <summary>Where several clocks share a database nothing is moved: there the step waits for its instant.</summary>
    [Fact]
    public async Task ClockSetBack_KeepsTheWaitOfEveryStep()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();
        await world.RaiseAsync();
        await world.MinutesAsync(4);

        world.Pager.Test.Time.Jump(TimeSpan.FromHours(-1));
        await world.Pager.Test.Store.WriteAsync(db => ClockWatch.PullInAsync(db, TimeSpan.FromHours(1), world.Pager.Test.Time.GetUtcNow(), default), default);
        await world.MinutesAsync(6);

        Assert.Equal(TestDatabase.OnPostgres ? "mia" : "mia ben mia", Sorted(world.Rang, 1));
    }

    /// <summary>The phones from some place on, in the order of names: pages that are due together go out side by side.</summary>
    private static string Sorted(string rang, int from)
    {
        var phones = rang.Split(' ');
        return string.Join(' ', phones[..from].Concat(phones[from..].Order(StringComparer.Ordinal)));
    }
}
