using Deskbridge.Core.Alerting;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Data;

/// <summary>Whatever the engine and the pages rely on, so that it is the same on SQLite and on PostgreSQL; each runs on both.</summary>
public sealed class DatabasesAgreeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Instant_OfAnyZone_ComesBackAsUtc_ToTheMillisecond()
    {
        await using var store = await TestStore.CreateAsync();
        var here = new DateTimeOffset(2026, 3, 2, 14, 30, 0, 123, TimeSpan.FromHours(2)).AddTicks(4567);
        await store.AddAsync(Build.Duty(Build.Team(), Build.Person(), here));

        var read = await store.ReadAsync(db => db.DutyPeriods.SingleAsync());

        Assert.Equal(new DateTimeOffset(2026, 3, 2, 12, 30, 0, 123, TimeSpan.Zero), read.StartedAt);
        Assert.Equal(TimeSpan.Zero, read.StartedAt.Offset);
        Assert.True(await store.ReadAsync(db => db.DutyPeriods.AnyAsync(d => d.StartedAt <= here && d.StartedAt >= here)));
    }

    [Fact]
    public async Task Instants_AtTheEndsOfTime_KeepTheirOrder()
    {
        await using var store = await TestStore.CreateAsync();
        await AddTeamsAsync(store, "a", "b", "c");
        var teams = await store.ReadAsync(db => db.Teams.OrderBy(t => t.Name).ToListAsync());
        var instants = new[] { DateTimeOffset.MaxValue, DateTimeOffset.MinValue, Noon };
        await store.AddAsync([.. instants.Select((at, i) => Build.Duty(teams[i], Build.Person(), at))]);

        var read = await store.ReadAsync(db => db.DutyPeriods.OrderBy(d => d.StartedAt).Select(d => d.TeamId).ToListAsync());

        Assert.Equal([teams[1].Id, teams[2].Id, teams[0].Id], read);
    }

    [Fact]
    public async Task Text_IsSortedAndComparedByItsCharacters_WhateverTheLanguageOfTheDatabase()
    {
        await using var store = await TestStore.CreateAsync();
        await AddTeamsAsync(store, "b", "a", "B", "Ä", "_", "Z", "10", "9", "a b", "a-b");

        var read = await store.ReadAsync(db => db.Teams.OrderBy(t => t.Name).Select(t => t.Name).ToListAsync());

        Assert.Equal(["10", "9", "B", "Z", "_", "a", "a b", "a-b", "b", "Ä"], read);
        Assert.Empty(await store.ReadAsync(db => db.Teams.Where(t => t.Name == "A" || t.Name == "ä").ToListAsync()));
        Assert.Equal("a", (await store.ReadAsync(db => db.Teams.SingleAsync(t => t.Name == "a"))).Name);
    }

    [Fact]
    public async Task Search_MeansTheCharactersTyped_AndTellsCasesApart()
    {
        await using var store = await TestStore.CreateAsync();
        await AddTeamsAsync(store, "50% done", "500 done", "a_b", "aXb", "Größe", "back\\slash");
        Task<List<string>> Find(string part) => store.ReadAsync(db => db.Teams.Where(t => t.Name.Contains(part)).OrderBy(t => t.Name).Select(t => t.Name).ToListAsync());

        Assert.Equal(["50% done"], await Find("0%"));
        Assert.Equal(["a_b"], await Find("a_"));
        Assert.Equal(["back\\slash"], await Find("\\"));
        Assert.Equal(["Größe"], await Find("öß"));
        Assert.Empty(await Find("DONE"));
        Assert.Equal(6, (await Find("")).Count);
    }

    [Fact]
    public async Task Guids_SortAsTheyAreWritten()
    {
        await using var store = await TestStore.CreateAsync();
        Guid[] ids = [new("0199a000-0000-7000-8000-000000000002"), new("00000000-0000-0000-0000-0000000000ff"), new("ff000000-0000-0000-0000-000000000000"), new("0199a000-0000-7000-8000-000000000001")];
        await store.AddAsync([.. ids.Select((id, i) => new Team { Id = id, Name = $"{i}" })]);

        var read = await store.ReadAsync(db => db.Teams.OrderBy(t => t.Id).Select(t => t.Id).ToListAsync());
        var middle = ids[3];

        Assert.Equal(ids.OrderBy(id => id.ToString(), StringComparer.Ordinal), read);
        Assert.Equal(2, await store.ReadAsync(db => db.Teams.CountAsync(t => t.Id > middle)));
    }

    [Fact]
    public async Task Text_ThatNoRemoteShouldSend_IsStoredAllTheSame()
    {
        await using var store = await TestStore.CreateAsync();
        var other = "nothing \0 like it";
        var title = "nul \0, half a pair \ud83d, a whole one 😀";
        await store.AddAsync(Build.Alert(Build.Connection(), title: title));

        var read = await store.ReadAsync(db => db.Alerts.SingleAsync());

        Assert.StartsWith("nul ", read.Title, StringComparison.Ordinal);
        Assert.EndsWith(", a whole one 😀", read.Title, StringComparison.Ordinal);
        Assert.Equal(0, await store.ReadAsync(db => db.Alerts.CountAsync(a => a.Title == other)));
    }

    [Fact]
    public async Task EnumsInAList_AndNullsInAComparison_MeanTheSame()
    {
        await using var store = await TestStore.CreateAsync();
        var psa = Build.Connection();
        await store.AddAsync(Build.Alert(psa, status: AlertStatus.Open), Build.Alert(psa, status: AlertStatus.Closed), Build.Alert(Build.Connection(Build.Team())));
        AlertStatus[] current = [AlertStatus.Open, AlertStatus.Acknowledged];

        Assert.Equal(2, await store.ReadAsync(db => db.Alerts.CountAsync(a => current.Contains(a.Status))));
        Assert.Equal(2, await store.ReadAsync(db => db.Alerts.CountAsync(a => a.TeamId == null)));
        Assert.Equal(3, await store.ReadAsync(db => db.Alerts.CountAsync(a => a.ActorId != Guid.Empty)));
        Assert.Equal(0, await store.ReadAsync(db => db.Alerts.CountAsync(a => a.LinkId != null)));
    }

    private static Task AddTeamsAsync(TestStore store, params string[] names) => store.AddAsync([.. names.Select(name => Build.Team(name))]);
}
