using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Tests.Alerting.Escalation;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Schedules;

/// <summary>Mia and Ben take turns of an hour, in UTC and from the full hour before now; nobody punched in.</summary>
public sealed class DutyByScheduleTests
{
    [Fact]
    public async Task AlertAtHandOver_PagesTheNewPerson_ThoughNoHubHasWrittenTheHandOverDown()
    {
        await using var world = await StartAsync();
        await ScheduleAsync(world, Turns(world, world.Mia, world.Ben));
        Assert.Equal("Mia Chen", await OnAsync(world));

        world.Pager.Test.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Ben", await OnAsync(world));
        await world.RaiseAsync();

        Assert.Equal("ben", world.Rang);
        Assert.Equal("Ben", await OnAsync(world));
    }

    [Fact]
    public async Task OpenAlert_IsRepeatedToWhoeverIsOnAfterTheHandOver()
    {
        await using var world = await StartAsync();
        await ScheduleAsync(world, Turns(world, world.Mia, world.Ben));
        world.Pager.Test.Time.Advance(TimeSpan.FromMinutes(58));
        await world.RaiseAsync();

        await world.MinutesAsync(6);

        Assert.Equal("mia ben", world.Rang);
    }

    [Fact]
    public async Task TeamWhoseScheduleIsBroken_HoldsUpNoHandOverAndNoPageOfAnother()
    {
        await using var world = await StartAsync();
        await ScheduleAsync(world, Turns(world, world.Mia, world.Ben));
        await world.Pager.Test.AddAsync(new Team { Id = Guid.Empty, Name = "Broken", Schedule = "{", ShiftsDueAt = world.Pager.Test.Time.GetUtcNow() });

        await world.RaiseAsync();
        await world.MinutesAsync(61);

        Assert.StartsWith("mia ", world.Rang, StringComparison.Ordinal);
        Assert.EndsWith(" ben", world.Rang, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Override_PagesWhoStandsIn()
    {
        await using var world = await StartAsync();
        await ScheduleAsync(world, Turns(world, world.Mia, world.Ben));
        var start = Start(world).LocalDateTime;
        var added = await world.Get<SetSchedule>().AddAsync(world.Pager.Team.Id, new DutyOverride(Guid.Empty, world.Ben.Id, world.Mia.Id, start, start.PlusMinutes(30), "UTC"), ChainWorld.Dispatcher, default);
        Assert.True(added.Failure is null, added.Failure?.Message);

        Assert.Equal("Ben", await OnAsync(world));
        world.Pager.Test.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("Mia Chen", await OnAsync(world));

        Assert.Null(await world.Get<SetSchedule>().RemoveAsync(world.Pager.Team.Id, added.Value.Id, ChainWorld.Dispatcher, default));
        Assert.IsType<OverrideNotFound>(await world.Get<SetSchedule>().RemoveAsync(world.Pager.Team.Id, added.Value.Id, ChainWorld.Dispatcher, default));
    }

    [Fact]
    public async Task Gap_LeavesTheAlertOpen_AndPagesAsTheNextShiftBegins()
    {
        await using var world = await StartAsync();
        var start = Start(world);
        await ScheduleAsync(world, Turns(world, world.Mia) with { From = start.TimeOfDay.PlusHours(1), To = start.TimeOfDay.PlusHours(2) });
        var alert = await world.RaiseAsync();
        Assert.True((await world.Pager.ReloadAsync(alert)).Unattended);
        Assert.Contains("nobody-on-duty", await world.Pager.TimelineAsync(alert));
        Assert.NotEmpty((await world.Get<ScheduleQueries>().GetAsync(world.Pager.Team.Id, default))!.Gaps);

        await world.MinutesAsync(61);

        Assert.Equal("mia", world.Rang.Split(' ')[0]);
        Assert.False((await world.Pager.ReloadAsync(alert)).Unattended);
    }

    [Fact]
    public async Task PunchOutOfAShift_GivesItToTheLayerBelow_UntilItEnds()
    {
        await using var world = await StartAsync();
        await ScheduleAsync(world, Turns(world, world.Mia) with { Name = "Upper", Length = 4 }, Turns(world, world.Ben) with { Name = "Backup", Length = 4 });

        await world.PunchAsync(goesIn: false, world.Mia);
        Assert.Equal("Ben", await OnAsync(world));
        await world.RaiseAsync();
        Assert.Equal("ben", world.Rang);

        await world.PunchAsync(goesIn: true, world.Mia);
        Assert.Equal("Mia Chen", await OnAsync(world));

        await world.PunchAsync(goesIn: false, world.Mia);
        world.Pager.Test.Time.Advance(TimeSpan.FromHours(4));
        Assert.Equal("Mia Chen", await OnAsync(world));
    }

    [Fact]
    public async Task PunchedInByHand_StaysOn_WhateverTheScheduleSays()
    {
        await using var world = await StartAsync();
        await ScheduleAsync(world, Turns(world, world.Mia, world.Ben));
        await world.PunchAsync(goesIn: true, world.Ben);
        Assert.Equal("Ben, Mia Chen", await OnAsync(world));

        world.Pager.Test.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("Ben, Mia Chen", await OnAsync(world));
        await world.PunchAsync(goesIn: false, world.Ben);
        Assert.Equal("Mia Chen", await OnAsync(world));
    }

    [Fact]
    public async Task WhoeverLeavesTheTeamOrIsDeactivated_IsPassedOver_AndSaid()
    {
        await using var world = await StartAsync();
        await ScheduleAsync(world, Turns(world, world.Mia, world.Ben));

        Assert.Null((await world.Get<DeactivatePerson>().RunAsync(world.Mia.Id, Build.Person("Root", PersonRole.Admin), default)).Failure);
        Assert.Equal("Ben", await OnAsync(world));
        Assert.Equal(["Mia Chen"], (await world.Get<ScheduleQueries>().GetAsync(world.Pager.Team.Id, default))!.Skipped);

        Assert.Null(await world.Get<SetTeamMembers>().RunAsync(world.Pager.Team.Id, [], ChainWorld.Dispatcher, default));
        Assert.Equal("", await OnAsync(world));
    }

    [Fact]
    public async Task Schedule_TakenAway_EndsWhatItBegan_AndSavingTheSameChangesNothing()
    {
        await using var world = await StartAsync();
        var turns = Turns(world, world.Mia, world.Ben);
        await ScheduleAsync(world, turns);
        await ScheduleAsync(world, turns);
        Assert.Equal(1, (await world.Get<ScheduleQueries>().GetAsync(world.Pager.Team.Id, default))!.Version);
        Assert.IsType<ScheduleChanged>((await world.Get<SetSchedule>().RunAsync(world.Pager.Team.Id, DutySchedule.Empty, 0, ChainWorld.Dispatcher, default)).Failure);

        await ScheduleAsync(world);

        Assert.Equal("", await OnAsync(world));
        Assert.Null((await world.Pager.Test.ReadAsync(db => Task.FromResult(db.Teams.Single(team => team.Id == world.Pager.Team.Id)))).ShiftsDueAt);
    }

    [Fact]
    public async Task Schedule_SaysWhoIsNextAndUntilWhen()
    {
        await using var world = await StartAsync();
        await ScheduleAsync(world, Turns(world, world.Mia, world.Ben));
        var start = Start(world).ToDateTimeOffset();

        var view = (await world.Get<ScheduleQueries>().GetAsync(world.Pager.Team.Id, default))!;

        var now = Assert.Single(view.Now);
        Assert.Equal(("Mia Chen", start.AddHours(1)), (now.Name, now.Until!.Value));
        Assert.Equal(("Ben", start.AddHours(1), start.AddHours(2)), (view.Next!.Name, view.Next.At, view.Next.Until));
        Assert.Empty(view.Gaps);
    }

    [Fact]
    public async Task WhatIsWrong_IsSaidByLayer()
    {
        await using var world = await StartAsync();
        var turns = Turns(world, world.Mia);

        Assert.Contains("no time zone 'Europe/Atlantis'", await RefusedAsync(world, turns with { Zone = "Europe/Atlantis" }), StringComparison.Ordinal);
        Assert.Contains("1 to 50 people", await RefusedAsync(world, turns with { People = [] }), StringComparison.Ordinal);
        Assert.Contains("1 to 366 hours", await RefusedAsync(world, turns with { Length = 0 }), StringComparison.Ordinal);
        Assert.Contains("another layer of this name", await RefusedAsync(world, turns, turns), StringComparison.Ordinal);
        Assert.Contains("does not exist", await RefusedAsync(world, turns with { People = [Guid.Empty] }), StringComparison.Ordinal);
    }

    private static Task<ChainWorld> StartAsync() => ChainWorld.StartAsync(onDuty: false, more: services => services.AddSingleton<DeactivatePerson>());

    private static ZonedDateTime Start(ChainWorld world) => SystemTime(world).InUtc();

    private static Instant SystemTime(ChainWorld world) => Instant.FromDateTimeOffset(world.Pager.Test.Time.GetUtcNow());

    private static DutyLayer Turns(ChainWorld world, params Person[] people)
    {
        var start = Start(world);
        return new DutyLayer("Turns", [.. people.Select(person => person.Id)], 1, ShiftUnit.Hours, start.Date, start.TimeOfDay, "UTC", [], LocalTime.Midnight, LocalTime.Midnight);
    }

    private static async Task ScheduleAsync(ChainWorld world, params DutyLayer[] layers)
    {
        var set = await world.Get<SetSchedule>().RunAsync(world.Pager.Team.Id, new DutySchedule(layers, []), null, ChainWorld.Dispatcher, default);
        Assert.True(set.Failure is null, set.Failure?.Message);
    }

    private static async Task<string> RefusedAsync(ChainWorld world, params DutyLayer[] layers) =>
        (await world.Get<SetSchedule>().RunAsync(world.Pager.Team.Id, new DutySchedule(layers, []), null, ChainWorld.Dispatcher, default)).Failure!.Message;

    private static async Task<string> OnAsync(ChainWorld world) => string.Join(
        ", ", (await world.Get<TeamQueries>().GetAsync(world.Pager.Team.Id, default))!.Members.Where(member => member.OnDutySince is not null).Select(member => member.Name));
}
