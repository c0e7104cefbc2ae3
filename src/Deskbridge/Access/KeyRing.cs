using System.Security.Cryptography;
using System.Xml.Linq;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Access;

/// <summary>
/// The keys of cookies and stored secrets. On SQLite they are files in the data folder, away from the database; on PostgreSQL they are rows
/// that every hub reads, encrypted with the <see cref="MasterKey"/>.
/// </summary>
internal sealed class KeyRing(HubDatabase database, IDbContextFactory<AccessDb> contexts, MasterKey master, IDataProtectionProvider protection)
{
    /// <summary>Checks that the keys can be used and makes the first one. The caller holds the <see cref="MigrationTurn"/>, so that two new hubs make one key and not two.</summary>
    /// <exception cref="StartRefusedException">The master key is missing or another one.</exception>
    public async Task OpenAsync(bool lostKey, CancellationToken cancel)
    {
        if (!database.IsPostgres) return;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var rows = await db.Keys.AsNoTracking().ToListAsync(cancel);
        await master.LoadAsync(mayMake: rows.Count == 0 || lostKey, cancel);
        if (rows.Exists(row => !CanBeRead(row)))
        {
            if (!lostKey)
            {
                throw new StartRefusedException(
                    $"The encryption key in {master.Place} is not the one that the secrets in the database {database} were encrypted with. Put the right one there. If it is lost, start once with --lost-key: every secret must then be entered again.");
            }

            await db.Keys.ExecuteDeleteAsync(cancel);
        }

        protection.CreateProtector("Deskbridge.FirstKey").Protect([]);
    }

    private bool CanBeRead(AccessKey row)
    {
        try
        {
            foreach (var encrypted in XElement.Parse(row.Xml).Descendants(SealedXml.Element)) SealedXml.Open(encrypted, master);
            return true;
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            return false;
        }
    }
}

/// <summary>A key of the ring.</summary>
internal sealed class AccessKey
{
    public required string Name { get; init; }

    /// <summary>As the framework writes it, its secret part encrypted.</summary>
    public required string Xml { get; init; }
}

/// <summary>Keeps the keys in the database instead of the data folder.</summary>
internal sealed class KeysInDatabase(IDbContextFactory<AccessDb> contexts, MasterKey master) : IConfigureOptions<KeyManagementOptions>, IXmlRepository
{
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = this;
        options.XmlEncryptor = new SealingEncryptor(master);
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        return [.. db.Keys.AsNoTracking().OrderBy(key => key.Name).Select(key => key.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = contexts.CreateDbContext();
        db.Keys.Add(new AccessKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }
}

/// <summary>Encrypts the secret part of a key with the master key.</summary>
internal sealed class SealingEncryptor(MasterKey master) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(SealedXml.Seal(plaintextElement, master), typeof(SealingDecryptor));
}

/// <summary>Made by the framework, which finds its name beside the encrypted part.</summary>
internal sealed class SealingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => SealedXml.Open(encryptedElement, services.GetRequiredService<MasterKey>());
}

/// <summary>The form of an encrypted element.</summary>
internal static class SealedXml
{
    public static readonly XName Element = "sealedByMasterKey";

    public static XElement Seal(XElement clear, MasterKey master) =>
        new(Element, Convert.ToBase64String(master.Seal(System.Text.Encoding.UTF8.GetBytes(clear.ToString(SaveOptions.DisableFormatting)))));

    public static XElement Open(XElement encrypted, MasterKey master) =>
        XElement.Parse(System.Text.Encoding.UTF8.GetString(master.Open(Convert.FromBase64String(encrypted.Value))));
}
