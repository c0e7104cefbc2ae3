using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Xunit;
using static Deskbridge.Core.Tests.Alerting.Escalation.ChainWorld;

namespace Deskbridge.Core.Tests.Alerting.Escalation;

/// <summary>Whom an alert would page at this moment is told by the team's own steps, not by its duty alone.</summary>
public sealed class WhoWouldBePagedTests
{
    [Fact]
    public async Task TestOfATeam_TriesEverybodyWhomItsStepsPage_EachOnce()
    {
        await using var world = await ChainWorld.StartAsync();
        await world.SetAsync(Duty, Everybody(10), Named(5, world.Lea));

        var tested = (await world.Get<TestTeam>().RunAsync(world.Pager.Team.Id, Dispatcher, default)).Value;

        Assert.Equal([world.Mia.Name, "Ben", "Lea"], tested.Paged.Select(person => person.Name));
        Assert.All(tested.Paged, person => Assert.Single(person.Channels));
        Assert.EndsWith($"would page {world.Mia.Name}, Ben, Lea, step by step.", tested.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TeamWithNobodyOnDuty_IsManned_WhenAStepReachesSomebody()
    {
        await using var world = await ChainWorld.StartAsync(onDuty: false);
        Assert.False((await world.Get<TeamQueries>().GetAsync(world.Pager.Team.Id, default))!.Manned);

        await world.SetAsync(Duty, Other(5, world.Network));
        Assert.True((await world.Get<TeamQueries>().GetAsync(world.Pager.Team.Id, default))!.Manned);

        await world.PunchAsync(false, world.Otto, world.Network);
        Assert.False((await world.Get<TeamQueries>().GetAsync(world.Pager.Team.Id, default))!.Manned);
        Assert.StartsWith("No escalation step of", (await world.Get<TestTeam>().RunAsync(world.Pager.Team.Id, Dispatcher, default)).Value.Summary, StringComparison.Ordinal);
    }
}
