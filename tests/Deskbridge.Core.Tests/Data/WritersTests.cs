using System.Collections.Concurrent;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Data;

/// <summary>The promise of a write, which the plan of every ticket rests on: all or nothing, and as if nobody else had written meanwhile.</summary>
public sealed class WritersTests
{
    private const int Writers = 12;

    [Fact]
    public async Task WritersOfOneRow_LoseNoChange()
    {
        await using var store = await TestStore.CreateAsync();
        var psa = Build.Connection();
        await store.AddAsync(psa);

        await AllAtOnceAsync(async _ => await store.Store.WriteAsync(async db => (await db.Connections.SingleAsync(c => c.Id == psa.Id)).WriteCounter++, default));

        Assert.Equal(Writers, (await store.ReadAsync(db => db.Connections.SingleAsync())).WriteCounter);
    }

    [Fact]
    public async Task WritersOfDifferentRows_ThatReadEachOthers_DecideAsIfOneAfterTheOther()
    {
        await using var store = await TestStore.CreateAsync();
        var team = Build.Team();
        await store.AddAsync(team);

        await AllAtOnceAsync(async _ => await store.Store.WriteAsync(
            async db =>
            {
                if (await db.DutyPeriods.AnyAsync(d => d.TeamId == team.Id && d.EndedAt == null)) return;
                db.DutyPeriods.Add(Build.Duty(team, Build.Person()));
            },
            default));

        Assert.Equal(1, await store.ReadAsync(db => db.DutyPeriods.CountAsync()));
    }

    [Fact]
    public async Task WritersThatUpsertOneKey_MakeOneRow()
    {
        await using var store = await TestStore.CreateAsync();
        var psa = Build.Connection();
        await store.AddAsync(psa);

        await AllAtOnceAsync(async i => await store.Store.WriteAsync(db => db.WakeAsync(psa.Id, "ticket", "1001", store.Time.GetUtcNow(), $"reason {i}"), default));

        var wake = await store.ReadAsync(db => db.Wakes.SingleAsync());
        Assert.Equal(Writers, wake.Version);
        Assert.Equal(Writers, wake.Reasons.Split(", ").Length);
    }

    [Fact]
    public async Task WorkThatFails_LeavesNothing_AndIsNotTriedAgain()
    {
        await using var store = await TestStore.CreateAsync();
        var runs = 0;

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Store.WriteAsync(
            async db =>
            {
                runs++;
                db.Teams.Add(Build.Team());
                await db.SaveChangesAsync();
                throw new InvalidOperationException("No.");
            },
            default));

        Assert.Equal(1, runs);
        Assert.Equal(0, await store.ReadAsync(db => db.Teams.CountAsync()));
    }

    [Fact]
    public async Task Key_ThatIsTaken_IsToldAndNotTriedForEver()
    {
        await using var store = await TestStore.CreateAsync();
        var first = Build.Team("Night");
        await store.AddAsync(first);

        await Assert.ThrowsAsync<DbUpdateException>(() => store.AddAsync(Build.Team("Night")));

        Assert.Equal(1, await store.ReadAsync(db => db.Teams.CountAsync()));
    }

    [Fact]
    public async Task ClaimsBesideEachOther_TakeEachRowOnce()
    {
        await using var store = await TestStore.CreateAsync();
        var now = store.Time.GetUtcNow();
        await store.AddAsync([.. Enumerable.Range(0, 40).Select(i => new Wake { ConnectionId = Guid.CreateVersion7(), Type = "ticket", RemoteId = $"{i}", DueAt = now, Reasons = "poll" })]);
        var taken = new ConcurrentBag<string>();

        await AllAtOnceAsync(async _ =>
        {
            var mine = await store.Store.ClaimAsync(
                WorkHint.Wakes,
                async db =>
                {
                    var due = await db.Wakes.Where(w => w.LeaseUntil == null).OrderBy(w => w.DueAt).Take(4).ForClaim().ToListAsync();
                    foreach (var wake in due) wake.LeaseUntil = now.AddMinutes(1);
                    return due;
                },
                default);
            foreach (var wake in mine) taken.Add(wake.RemoteId);
        });

        Assert.Equal(40, taken.Count);
        Assert.Equal(40, taken.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Claim_WhileAPlanChangesTheSameRow_OverwritesNothing()
    {
        await using var store = await TestStore.CreateAsync();
        var psa = Build.Connection();
        await store.AddAsync(psa);
        await AllAtOnceAsync(async i =>
        {
            if (i % 2 == 0) await store.Store.WriteAsync(async db => (await db.Connections.SingleAsync()).WriteCounter++, default);
            else await store.Store.ClaimAsync(WorkHint.Effects, async db =>
            {
                foreach (var row in await db.Connections.Where(c => c.State == ConnectionState.Active).ForClaim().ToListAsync()) row.WriteCounter += 100;
                return true;
            }, default);
        });

        var counter = (await store.ReadAsync(db => db.Connections.SingleAsync())).WriteCounter;
        Assert.Equal(Writers / 2, counter % 100);
    }

    private static Task AllAtOnceAsync(Func<int, Task> work) => Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => work(i))));
}
