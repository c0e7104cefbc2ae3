using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Core.Tests.Alerting.Escalation.ChainWorld;

namespace Deskbridge.Core.Tests.Alerting.Escalation;

/// <summary>Chains as they are entered and changed, also while alerts are open.</summary>
public sealed class ChainChangeTests
{
    [Fact]
    public async Task Chain_WithASlip_IsRefused_NamingStepAndFix()
    {
        await using var world = await ChainWorld.StartAsync();
        var left = Build.Person("Tom", active: false);
        await world.Pager.Test.AddAsync(left);
        async Task<string> RefusedAsync(params ChainStep[] steps) => (await world.Get<SetEscalation>().RunAsync(world.Pager.Team.Id, steps, null, Dispatcher, default)).Failure!.Message;

        Assert.Equal("Step 1: the first step pages at once. Its wait is 0.", await RefusedAsync(Everybody(5)));
        Assert.Equal("Step 2: it waits 0 minutes; it may wait 1 to 1440 minutes for the step before it.", await RefusedAsync(Duty, Everybody(0)));
        Assert.Contains("it waits -3 minutes", await RefusedAsync(Duty, Everybody(-3)), StringComparison.Ordinal);
        Assert.Contains("it waits 1441 minutes", await RefusedAsync(Duty, Everybody(1441)), StringComparison.Ordinal);
        Assert.Equal("Step 2: it names nobody. Choose at least one person, or remove the step.", await RefusedAsync(Duty, Named(5)));
        Assert.Equal("Step 2: Tom is deactivated and is not paged. Choose somebody else.", await RefusedAsync(Duty, Named(5, left)));
        Assert.Contains("does not exist", await RefusedAsync(Duty, Named(5, Build.Person("Nobody"))), StringComparison.Ordinal);
        Assert.Contains($"it names {world.Pager.Team.Name} itself", await RefusedAsync(Duty, Other(5, world.Pager.Team)), StringComparison.Ordinal);
        Assert.Contains("does not exist any more", await RefusedAsync(Duty, Other(5, Build.Team("Gone"))), StringComparison.Ordinal);
        Assert.Contains("it names no team", await RefusedAsync(Duty, ChainStep.Of(StepAudience.Team, 5)), StringComparison.Ordinal);
        Assert.Contains("it may have 10 at most", await RefusedAsync([Duty, .. Enumerable.Repeat(Everybody(1), 10)]), StringComparison.Ordinal);
        Assert.IsType<TeamsByDispatchers>((await world.Get<SetEscalation>().RunAsync(world.Pager.Team.Id, [Duty], null, world.Mia, default)).Failure);
        Assert.Equal("", await world.Pager.Test.ReadAsync(db => db.Teams.Where(t => t.Id == world.Pager.Team.Id).Select(t => t.Chain).SingleAsync()));
    }

    [Fact]
    public async Task Chain_ChangedBySomebodyElse_IsNotOverwritten()
    {
        await using var world = await ChainWorld.StartAsync();
        var seen = (await world.Get<EscalationQueries>().GetAsync(world.Pager.Team.Id, default))!.Version;
        await world.SetWholeAsync();

        var late = await world.Get<SetEscalation>().RunAsync(world.Pager.Team.Id, [Duty, Everybody(3)], seen, Dispatcher, default);

        Assert.IsType<ChainChanged>(late.Failure);
        Assert.Equal(4, (await world.Get<EscalationQueries>().GetAsync(world.Pager.Team.Id, default))!.Steps.Count);
    }

    [Fact]
    public async Task Chains_ThatPageEachOther_AreNoLoop_ForAnotherTeamsChainIsNotFollowed()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Other(5, world.Network));
        Assert.Null((await world.Get<SetEscalation>().RunAsync(world.Network.Id, [Duty, Other(1, world.Pager.Team)], null, Dispatcher, default)).Failure);
        await world.RaiseAsync();

        await world.MinutesAsync(9);

        Assert.Equal("mia otto", world.Rang);
    }

    [Fact]
    public async Task Team_ThatAChainPages_CannotBeDeleted()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Other(5, world.Network));

        Assert.Equal(new TeamInChain("Network", world.Pager.Team.Name), await world.Get<DeleteTeam>().RunAsync(world.Network.Id, Dispatcher, default));
        await world.SetAsync(Duty);

        Assert.Null(await world.Get<DeleteTeam>().RunAsync(world.Network.Id, Dispatcher, default));
    }

    [Fact]
    public async Task Change_CountsForTheStepThatIsNotDueYet()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Named(30, world.Lea));
        await world.RaiseAsync();
        await world.MinutesAsync(4);

        await world.SetAsync(Duty, Other(6, world.Network));
        await world.MinutesAsync(1);
        Assert.Equal("mia", world.Rang);
        await world.MinutesAsync(1);

        Assert.Equal("mia otto", world.Rang);
    }

    [Fact]
    public async Task FirstChainOfATeam_TakesItsOpenAlertsAlong()
    {
        await using var world = await ChainWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.MinutesAsync(2);

        await world.SetAsync(Duty, Named(10, world.Lea));
        Assert.Equal((1, 2), await world.NextAsync(alert) is { } next ? (next.Round, next.Step) : default); // the round that was only planned is none
        await world.MinutesAsync(7);
        Assert.Equal("mia", world.Rang);
        await world.MinutesAsync(1);
        Assert.Equal("mia lea", world.Rang);
        await world.MinutesAsync(5);

        Assert.Equal("mia lea mia", world.Rang);
    }

    [Fact]
    public async Task UsualChainAgain_PagesWhoeverIsOnDuty_AsBefore()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Named(10, world.Lea));
        var alert = await world.RaiseAsync();
        await world.MinutesAsync(2);

        await world.SetAsync();
        await world.MinutesAsync(9);

        Assert.Equal("mia mia mia", world.Rang);
        Assert.Null(await world.NextAsync(alert));
    }

    [Fact]
    public async Task ChainOfOneStepOnDuty_IsTheUsualOne()
    {
        await using var world = await ChainWorld.StartAsync();

        await world.SetAsync(Duty);

        Assert.Equal("", await world.Pager.Test.ReadAsync(db => db.Teams.Where(t => t.Id == world.Pager.Team.Id).Select(t => t.Chain).SingleAsync()));
        Assert.False((await world.Get<EscalationQueries>().GetAsync(world.Pager.Team.Id, default))!.Own);
    }

    [Fact]
    public async Task Preview_SaysInSentencesWhoWouldBePagedNow()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Everybody(10), Named(1, world.Lea), Other(5, world.Network));
        await world.PunchAsync(false, world.Otto, world.Network);

        var view = await world.Get<EscalationQueries>().GetAsync(world.Pager.Team.Id, default);

        var name = world.Pager.Team.Name;
        Assert.Equal(
            [
                $"At once, on duty in {name}: Mia Chen (Ntfy).", $"After 10 minutes, everybody in {name}: Ben (Ntfy), Mia Chen (Ntfy).", "After a minute, Lea: Lea (Ntfy).",
                "After 5 minutes, on duty in Network: nobody, so it is passed over.", "If nobody acknowledges, it begins again after 5 minutes, without end.",
            ],
            view!.Sentences);
    }

    [Fact]
    public async Task Change_IsInTheAudit()
    {
        await using var world = await ChainWorld.StartAsync();

        await world.SetWholeAsync();

        var row = await world.Pager.Test.ReadAsync(db => db.Audit.SingleAsync(line => line.Action == "team.changed"));
        Assert.Contains("chain", row.Detail, StringComparison.Ordinal);
        Assert.Contains(world.Lea.Id.ToString(), row.Detail, StringComparison.Ordinal);
    }
}
