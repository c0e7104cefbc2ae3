using System.Security.Cryptography;
using System.Text;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access;

/// <summary>The one-time code that proves that whoever sets the hub up can read its console. Dead as soon as an administrator can sign in.</summary>
internal sealed class SetupCode(RandomIds random, HubStore store, IDbContextFactory<AccessDb> contexts)
{
    private readonly string _code = random.NewMarker().Insert(5, "-");
    private bool _done;

    /// <summary>The code, while there is no administrator who can sign in; otherwise null.</summary>
    public async Task<string?> CurrentAsync(CancellationToken cancel)
    {
        if (_done) return null;
        var admins = await store.ReadAsync(
            db => db.People.Where(p => p.Active && p.Role == PersonRole.Admin).Select(p => p.Id).ToListAsync(cancel), cancel);
        await using var access = await contexts.CreateDbContextAsync(cancel);
        _done = await access.Users.AnyAsync(u => admins.Contains(u.Id) && u.PasswordHash != null, cancel);
        return _done ? null : _code;
    }

    /// <summary>Compares in constant time; case, spaces and the dash do not matter.</summary>
    public bool Matches(string? typed) => CryptographicOperations.FixedTimeEquals(Bytes(typed ?? ""), Bytes(_code));

    private static byte[] Bytes(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(
        code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant()));
}
