using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Core.Tests.Alerting.Escalation.ChainWorld;

namespace Deskbridge.Core.Tests.Alerting.Escalation;

/// <summary>The button Escalate (S73).</summary>
public sealed class EscalateAlertTests
{
    [Fact]
    public async Task Escalate_RunsTheNextStepNow_OncePerClick()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();
        var alert = await world.RaiseAsync();
        var seen = (await MarkAsync(world, alert)).Mark;

        Assert.True((await EscalateAsync(world, alert, seen)).Changed);
        Assert.False((await EscalateAsync(world, alert, seen)).Changed);
        await world.Pager.SendAsync();

        Assert.Equal(["ben", "mia", "mia"], world.Rang.Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal("Mia Chen escalated.", await world.Pager.Test.ReadAsync(db => db.AlertEvents.Where(line => line.Kind == "escalated").Select(line => line.Why).SingleAsync()));
        Assert.Equal(3, (await MarkAsync(world, alert)).Step);
        await world.MinutesAsync(14);
        Assert.Equal(3, world.Pager.Sink.Arrivals.Count);
        await world.MinutesAsync(1);
        Assert.EndsWith(" lea", world.Rang, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escalate_OfATeamWithoutAChain_PagesWhoeverIsOnDutyAgain_Now()
    {
        await using var world = await ChainWorld.StartAsync(maxRepeats: 2);
        var alert = await world.RaiseAsync();

        Assert.True((await EscalateAsync(world, alert)).Changed);
        Assert.False((await EscalateAsync(world, alert)).Changed);
        await world.Pager.SendAsync();
        await world.MinutesAsync(20);
        Assert.Equal("mia mia", world.Rang);

        Assert.True((await EscalateAsync(world, alert)).Changed);
        await world.Pager.SendAsync();
        Assert.Equal("mia mia mia", world.Rang);
    }

    /// <summary>The last round that the team allows was planned already: sending it now is what the request asks for.</summary>
    [Fact]
    public async Task Escalate_RepeatedWithWhatWasSeen_PagesOnce_ThoughNoFurtherRoundIsPlanned()
    {
        await using var world = await ChainWorld.StartAsync(maxRepeats: 2);
        var alert = await world.RaiseAsync();
        var seen = (await MarkAsync(world, alert)).Mark;

        Assert.True((await EscalateAsync(world, alert, seen)).Changed);
        await world.Pager.SendAsync();
        Assert.False((await EscalateAsync(world, alert, seen)).Changed);
        await world.Pager.SendAsync();

        Assert.Equal("mia mia", world.Rang);
    }

    [Fact]
    public async Task Escalate_AfterTheChainEnded_PagesOnceMore()
    {
        await using var world = await ChainWorld.StartAsync(maxRepeats: 1);
        await world.SetAsync(Duty, Named(10, world.Lea));
        var alert = await world.RaiseAsync();
        await world.MinutesAsync(30);
        Assert.Equal("mia lea", world.Rang);

        await EscalateAsync(world, alert);
        await world.Pager.SendAsync();

        Assert.Equal("mia lea mia", world.Rang);
    }

    [Fact]
    public async Task Escalate_OfAnAcknowledgedAlert_GivesItBack_AndGoesOnAfterTheStepThatWasAnswered()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetWholeAsync();
        var alert = await world.RaiseAsync();
        await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);

        var acted = await EscalateAsync(world, alert);
        await world.Pager.SendAsync();

        Assert.Equal(AlertStatus.Open, acted.Alert.Status);
        Assert.Equal(["ben", "mia", "mia"], world.Rang.Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal("Mia Chen gave the alert back and escalated it.", Assert.Single(await world.LinesAsync(alert, "unacknowledged")));
        Assert.Equal((2, 3), await world.NextAsync(alert) is { } next ? (next.Episode, next.Step) : default);
    }

    [Fact]
    public async Task Escalate_WithNobodyInTheRestOfTheRound_BeginsTheNextOneAtOnce()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Other(10, world.Network));
        await world.PunchAsync(false, world.Otto, world.Network);
        var alert = await world.RaiseAsync();

        Assert.True((await EscalateAsync(world, alert)).Changed);
        await world.Pager.SendAsync();

        Assert.Equal("mia mia", world.Rang);
        Assert.Equal((2, 2), await world.NextAsync(alert) is { } next ? (next.Round, next.Step) : default);
    }

    [Fact]
    public async Task Escalate_OfATeamWithoutAChain_AndWithNobodyOnDuty_PromisesNoPage()
    {
        await using var world = await ChainWorld.StartAsync(onDuty: false);
        var alert = await world.RaiseAsync();

        await EscalateAsync(world, alert);

        Assert.Equal(["Mia Chen escalated: nobody is on duty who can be paged."], await world.LinesAsync(alert, "escalated"));
        Assert.True((await world.Pager.ReloadAsync(alert)).Unattended);
    }

    [Fact]
    public async Task Escalate_WithNobodyToPage_SaysSoAndLosesNothing()
    {
        await using var world = await ChainWorld.StartAsync(onDuty: false);
        await world.SetAsync(Duty, Other(10, world.Network));
        await world.PunchAsync(false, world.Otto, world.Network);
        var alert = await world.RaiseAsync();

        var acted = await EscalateAsync(world, alert);

        Assert.True(acted.Alert.Unattended);
        Assert.Equal(4, (await world.LinesAsync(alert, "step-passed")).Count);
        Assert.NotNull(await world.NextAsync(alert));
    }

    [Fact]
    public async Task Escalate_IsRefusedForViewersAndClosedAlerts()
    {
        await using var world = await ChainWorld.StartAsync();
        var alert = await world.RaiseAsync();
        var escalate = world.Get<EscalateAlert>();
        await world.Get<CloseAlert>().RunAsync(alert.Id, world.Mia, default);

        Assert.IsType<ViewersOnlyLook>((await escalate.RunAsync(alert.Id, null, Build.Person(role: PersonRole.Viewer), default)).Failure);
        Assert.IsType<ClosedAlertNotEscalated>((await escalate.RunAsync(alert.Id, null, world.Mia, default)).Failure);
        Assert.IsType<AlertNotFound>((await escalate.RunAsync(Guid.Empty, null, world.Mia, default)).Failure);
    }

    private static async Task<AlertActed> EscalateAsync(ChainWorld world, Alert alert, string? seen = null)
    {
        var acted = await world.Get<EscalateAlert>().RunAsync(alert.Id, seen, world.Mia, default);
        Assert.True(acted.Failure is null, acted.Failure?.Message);
        return acted.Value;
    }

    private static async Task<NextStepView> MarkAsync(ChainWorld world, Alert alert) => (await world.Get<AlertQueries>().GetAsync(alert.Id, default))!.Next;
}
