using System.Security.Cryptography;
using System.Text;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>Creates, checks, lists and revokes API tokens. The token itself is shown once and never stored.</summary>
internal sealed class ApiTokens(IDbContextFactory<AccessDb> contexts, HubStore store, RandomIds random, TimeProvider clock)
{
    private const string Prefix = "db_";
    private const int LookupLength = 11;
    private static readonly TimeSpan UseResolution = TimeSpan.FromMinutes(1);

    public async Task<(ApiToken Row, string Token)> CreateAsync(Guid personId, string name, CancellationToken cancel)
    {
        var token = Prefix + random.NewSecret();
        var row = new ApiToken
        {
            Id = random.NewId(),
            PersonId = personId,
            Name = name,
            Lookup = token[..LookupLength],
            Hash = Hash(token),
            CreatedAt = clock.GetUtcNow(),
        };
        await using var db = await contexts.CreateDbContextAsync(cancel);
        db.ApiTokens.Add(row);
        await db.SaveChangesAsync(cancel);
        return (row, token);
    }

    public async Task<IReadOnlyList<ApiToken>> ListAsync(Guid personId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ApiTokens.AsNoTracking().Where(t => t.PersonId == personId).OrderBy(t => t.CreatedAt).ToListAsync(cancel);
    }

    /// <summary>Revokes a token of this person; answers false when there is none with that id.</summary>
    public async Task<bool> RevokeAsync(Guid personId, Guid id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ApiTokens.Where(t => t.Id == id && t.PersonId == personId).ExecuteDeleteAsync(cancel) > 0;
    }

    /// <summary>The active person whom a token belongs to, or null.</summary>
    public async Task<Person?> FindOwnerAsync(string token, CancellationToken cancel)
    {
        if (token.Length <= LookupLength || !token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var lookup = token[..LookupLength];
        var row = await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Lookup == lookup, cancel);
        if (row is null || !CryptographicOperations.FixedTimeEquals(row.Hash, Hash(token))) return null;
        var owner = await store.ReadAsync(hub => hub.People.SingleOrDefaultAsync(p => p.Id == row.PersonId && p.Active, cancel), cancel);
        if (owner is not null) await NoteUseAsync(db, row, cancel);
        return owner;
    }

    private async Task NoteUseAsync(AccessDb db, ApiToken row, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (row.LastUsedAt is { } last && now - last < UseResolution) return;
        await db.ApiTokens.Where(t => t.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), cancel);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
