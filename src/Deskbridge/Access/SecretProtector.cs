using System.Security.Cryptography;
using Deskbridge.Core.Common;
using Microsoft.AspNetCore.DataProtection;

namespace Deskbridge.Access;

/// <summary>Secrets in the database, encrypted with the Data Protection keys of the hub.</summary>
internal sealed class SecretProtector(IDataProtectionProvider provider) : ISecretProtector
{
    private readonly IDataProtector _protector = provider.CreateProtector("Deskbridge.Secrets.v1");

    public string Protect(string clear) => clear.Length == 0 ? "" : _protector.Protect(clear);

    public string Unprotect(string stored)
    {
        if (stored.Length == 0) return "";
        try
        {
            return _protector.Unprotect(stored);
        }
        catch (CryptographicException failure)
        {
            throw new InvalidOperationException(
                "A stored secret cannot be read: the key that encrypted it is not among the hub's keys. Put the keys back from a backup (keys/ in the data folder; on PostgreSQL the table access_keys and master.key), or enter the secret again.",
                failure);
        }
    }
}
