using Deskbridge.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>Which sessions are open. A cookie cannot be taken back from whoever holds a copy; the row it names can.</summary>
internal sealed class OpenSessions(IDbContextFactory<AccessDb> contexts, RandomIds random, TimeProvider clock)
{
    /// <summary>After this long without use a session is over; the cookie lives as long.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private static readonly TimeSpan SeenResolution = TimeSpan.FromHours(1);

    /// <summary>Opens one, and forgets those that nobody used for their lifetime.</summary>
    /// <returns>Its id, to be put into the cookie.</returns>
    public async Task<Guid> StartAsync(Guid personId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var over = now - Lifetime;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.Sessions.Where(s => s.SeenAt < over).ExecuteDeleteAsync(cancel);
        var stamp = await db.Users.Where(u => u.Id == personId).Select(u => u.SecurityStamp).SingleAsync(cancel);
        var session = new OpenSession { Id = random.NewId(), PersonId = personId, Stamp = stamp ?? "", StartedAt = now, SeenAt = now };
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancel);
        return session.Id;
    }

    /// <summary>Whether this session of this person is open, by the password and the second factor that they still have.</summary>
    /// <param name="id">From the cookie.</param>
    /// <param name="personId">From the cookie.</param>
    /// <param name="needsFactor">The person's role has to use a second factor: a session without one is over, so that the next sign-in sets it up.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<bool> HoldsAsync(Guid id, Guid personId, bool needsFactor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(
            s => s.Id == id && s.PersonId == personId && db.Users.Any(u => u.Id == personId && u.SecurityStamp == s.Stamp)
                && (!needsFactor || db.Authenticators.Any(a => a.PersonId == personId)),
            cancel);
        if (session is null || now - session.SeenAt > Lifetime) return false;
        if (now - session.SeenAt >= SeenResolution)
            await db.Sessions.Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), cancel);
        return true;
    }

    /// <summary>The open sessions of a person, the latest first.</summary>
    public async Task<IReadOnlyList<OpenSession>> ListAsync(Guid personId, CancellationToken cancel)
    {
        var over = clock.GetUtcNow() - Lifetime;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Sessions.AsNoTracking()
            .Where(s => s.PersonId == personId && s.SeenAt >= over && db.Users.Any(u => u.Id == personId && u.SecurityStamp == s.Stamp))
            .OrderByDescending(s => s.StartedAt).ThenBy(s => s.Id).ToListAsync(cancel);
    }

    /// <summary>Ends one session.</summary>
    public async Task EndAsync(Guid id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.Sessions.Where(s => s.Id == id).ExecuteDeleteAsync(cancel);
    }

    /// <summary>Ends every session of a person.</summary>
    public async Task EndAllAsync(Guid personId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.Sessions.Where(s => s.PersonId == personId).ExecuteDeleteAsync(cancel);
    }
}
