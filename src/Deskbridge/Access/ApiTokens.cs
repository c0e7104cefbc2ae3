using System.Security.Cryptography;
using System.Text;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>Creates, checks, lists and revokes API tokens. The token itself is shown once and never stored.</summary>
internal sealed class ApiTokens(IDbContextFactory<AccessDb> contexts, HubStore store, AuditLog audit, RandomIds random, TimeProvider clock)
{
    private const string Prefix = "db_";
    private const int LookupLength = 11;
    private static readonly TimeSpan UseResolution = TimeSpan.FromMinutes(1);

    /// <summary>Makes a token that does no more than it has to.</summary>
    /// <param name="personId">Whom it acts as.</param>
    /// <param name="name">What its owner calls it.</param>
    /// <param name="scopes">What it may be used for.</param>
    /// <param name="lasts">How long it works; null for ever.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<(ApiToken Row, string Token)> CreateAsync(Guid personId, string name, TokenScope scopes, TimeSpan? lasts, CancellationToken cancel)
    {
        var token = Prefix + random.NewSecret();
        var now = clock.GetUtcNow();
        var row = new ApiToken
        {
            Id = random.NewId(),
            PersonId = personId,
            Name = name,
            Lookup = token[..LookupLength],
            Hash = Hash(token),
            CreatedAt = now,
            Scopes = Scopes.Write(scopes),
            ExpiresAt = now + lasts,
        };
        await audit.WriteAsync(AuditNote.Of("token.made", row.Id, name, ("person", personId.ToString()), ("scopes", row.Scopes), ("expires", row.ExpiresAt?.ToString("u", System.Globalization.CultureInfo.InvariantCulture))), cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        db.ApiTokens.Add(row);
        await db.SaveChangesAsync(cancel);
        return (row, token);
    }

    public async Task<IReadOnlyList<ApiToken>> ListAsync(Guid personId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ApiTokens.AsNoTracking().Where(t => t.PersonId == personId).OrderBy(t => t.CreatedAt).ThenBy(t => t.Id).ToListAsync(cancel);
    }

    /// <summary>Revokes a token of this person; answers false when there is none with that id.</summary>
    public async Task<bool> RevokeAsync(Guid personId, Guid id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id && t.PersonId == personId, cancel) is not { } row) return false;
        await audit.WriteAsync(AuditNote.Of("token.revoked", id, row.Name, ("person", personId.ToString())), cancel);
        return await db.ApiTokens.Where(t => t.Id == id && t.PersonId == personId).ExecuteDeleteAsync(cancel) > 0;
    }

    /// <summary>Revokes every token of a person.</summary>
    public async Task RevokeAllAsync(Guid personId, CancellationToken cancel)
    {
        foreach (var token in await ListAsync(personId, cancel)) await RevokeAsync(personId, token.Id, cancel);
    }

    /// <summary>The active person whom a token belongs to, with the token; null when it is unknown, revoked or over.</summary>
    public async Task<TokenOwner?> FindOwnerAsync(string token, CancellationToken cancel)
    {
        if (token.Length <= LookupLength || !token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var lookup = token[..LookupLength];
        var row = await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Lookup == lookup, cancel);
        if (row is null || !CryptographicOperations.FixedTimeEquals(row.Hash, Hash(token)) || row.ExpiresAt <= clock.GetUtcNow()) return null;
        var owner = await store.ReadAsync(hub => hub.People.SingleOrDefaultAsync(p => p.Id == row.PersonId && p.Active, cancel), cancel);
        if (owner is null) return null;
        await NoteUseAsync(db, row, cancel);
        return new TokenOwner(owner, row);
    }

    private async Task NoteUseAsync(AccessDb db, ApiToken row, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (row.LastUsedAt is { } last && now - last < UseResolution) return;
        try
        {
            await db.ApiTokens.Where(t => t.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), cancel);
        }
        catch (Exception failure) when (StorageTrouble.Describe(failure) is not null)
        {
            // Who may only read while nothing can be written may still read.
        }
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// <summary>Whom a token acts as.</summary>
internal sealed record TokenOwner(Person Person, ApiToken Token);
