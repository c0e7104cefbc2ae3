using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

public sealed class EffectClaimsTests
{
    private static readonly Connection Psa = Build.Connection();
    private static readonly Ticket First = Build.Ticket(Psa, "1001");
    private static readonly Ticket Second = Build.Ticket(Psa, "1002");

    [Fact]
    public async Task Take_NoteInDoubtWhileCustomFieldsAreUntested_HoldsUpNoWrite()
    {
        await using var store = await CreateAsync();
        var note = Effect(Build.Link(First), EffectKind.Note, EffectState.Sent, store.Time.GetUtcNow().AddMinutes(1));
        var write = Effect(Build.Link(Second), EffectKind.Transition, EffectState.Pending, store.Time.GetUtcNow());
        await store.AddAsync(Psa, note, write);

        var taken = await store.Get<EffectClaims>().TakeAsync(default);

        Assert.Equal([write.Id], taken.Select(e => e.Id));
    }

    [Fact]
    public async Task Take_WriteInDoubtWhileCustomFieldsAreUntested_HoldsUpOtherWritesOnly()
    {
        await using var store = await CreateAsync();
        var doubt = Effect(Build.Link(First), EffectKind.Transition, EffectState.Sent, store.Time.GetUtcNow().AddMinutes(1));
        var write = Effect(Build.Link(Second), EffectKind.Transition, EffectState.Pending, store.Time.GetUtcNow());
        var note = Effect(Build.Link(Second), EffectKind.Note, EffectState.Pending, store.Time.GetUtcNow(), seq: 2);
        await store.AddAsync(Psa, doubt, write, note);

        var taken = await store.Get<EffectClaims>().TakeAsync(default);

        Assert.Equal([note.Id], taken.Select(e => e.Id));
    }

    [Fact]
    public async Task Take_ManyEffectsOfAPausedConnection_HoldUpNoOther()
    {
        await using var store = await CreateAsync();
        var paused = Build.Connection();
        paused.State = ConnectionState.Paused;
        var now = store.Time.GetUtcNow();
        var waiting = Enumerable.Range(0, 250).Select(number => Effect(Build.Link(Build.Ticket(paused, $"{number}")), EffectKind.Note, EffectState.Pending, now.AddHours(-1)));
        var write = Effect(Build.Link(First), EffectKind.Transition, EffectState.Pending, now);
        await store.AddAsync([paused, Psa, write, .. waiting]);

        var taken = await store.Get<EffectClaims>().TakeAsync(default);

        Assert.Equal([write.Id], taken.Select(e => e.Id));
    }

    [Fact]
    public async Task Take_MoreThanOnePassTakes_TakesTheOldestInTheirOrder()
    {
        await using var store = await CreateAsync();
        var now = store.Time.GetUtcNow();
        var states = (EffectState[])[EffectState.Pending, EffectState.Retry];
        var waiting = Enumerable.Range(0, 100).Select(number => Effect(Build.Link(Build.Ticket(Psa, $"{number}")), EffectKind.Note, states[number % 2], now.AddMinutes(number - 200))).ToList();
        await store.AddAsync([Psa, .. waiting]);

        var taken = await store.Get<EffectClaims>().TakeAsync(default);

        Assert.Equal(waiting.Take(taken.Count).Select(e => e.Id), taken.Select(e => e.Id));
        Assert.InRange(taken.Count, 16, 99);
    }

    [Fact]
    public async Task ReleaseAbandoned_ClaimsOfAKilledHub_AreFreeAtOnceAndWhatWasSentStaysInDoubt()
    {
        await using var store = await CreateAsync();
        var now = store.Time.GetUtcNow();
        var sent = Effect(Build.Link(First), EffectKind.Transition, EffectState.Sent, now, leaseUntil: now.AddMinutes(2));
        var claimed = Effect(Build.Link(Second), EffectKind.Note, EffectState.Claimed, now, leaseUntil: now.AddMinutes(2));
        var wake = new Wake { ConnectionId = Psa.Id, Type = "ticket", RemoteId = "1003", DueAt = now, Reasons = "poll", LeaseUntil = now.AddMinutes(1), Holder = store.Get<ThisNode>().Id };
        sent.Holder = claimed.Holder = store.Get<ThisNode>().Id;
        await store.AddAsync(Psa, sent, claimed, wake);

        await store.Get<AbandonedClaims>().ReleaseAsync(default);

        var taken = await store.Get<EffectClaims>().TakeAsync(default);
        Assert.Equal(EffectState.Sent, taken.Single(e => e.Id == sent.Id).State);
        Assert.Equal(EffectState.Claimed, taken.Single(e => e.Id == claimed.Id).State);
        Assert.Null((await store.ReadAsync(db => db.Wakes.FindAsync([Psa.Id, "ticket", "1003"]).AsTask()))!.LeaseUntil);
    }

    private static Task<TestStore> CreateAsync() => TestStore.CreateAsync(services =>
    {
        services.AddSingleton(new SyncSafeties());
        services.AddSingleton<EffectClaims>();
    });

    private static Effect Effect(Link link, EffectKind kind, EffectState state, DateTimeOffset notBefore, int seq = 1, DateTimeOffset? leaseUntil = null)
    {
        var id = Guid.CreateVersion7();
        return new Effect
        {
            Id = id,
            LinkId = link.TicketId,
            ConnectionId = link.ConnectionId,
            RemoteId = link.RemoteId,
            Seq = seq,
            Kind = kind,
            IdemKey = id.ToString(),
            Payload = "{}",
            State = state,
            NotBefore = notBefore,
            CreatedAt = notBefore,
            LeaseUntil = leaseUntil,
        };
    }
}
