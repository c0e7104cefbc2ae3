using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deskbridge.Sandbox.Tls;

/// <summary>A certificate (<c>name.pem</c>) and its private key (<c>name.key</c>, readable by the owner only) in a folder.</summary>
internal sealed class PemPair(string folder, string name)
{
    private readonly string _keyPath = Path.Combine(folder, name + ".key");

    public string CertificatePath { get; } = Path.Combine(folder, name + ".pem");

    /// <summary>The certificate with its key; null when a file is missing or the two do not belong together.</summary>
    public X509Certificate2? Read()
    {
        if (!File.Exists(CertificatePath) || !File.Exists(_keyPath)) return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(CertificatePath, _keyPath);
        }
        catch (CryptographicException)
        {
            return null;          // cut short by a crash or edited by hand: the caller makes a new pair
        }
    }

    /// <summary>Writes both files by rename, the key first: a crash in between leaves a pair that <see cref="Read"/> refuses.</summary>
    public void Write(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()
            ?? throw new InvalidOperationException($"The certificate '{certificate.Subject}' has no ECDSA private key to store.");
        Replace(_keyPath, key.ExportPkcs8PrivateKeyPem(), ownerOnly: true);
        Replace(CertificatePath, certificate.ExportCertificatePem(), ownerOnly: false);
    }

    private static void Replace(string path, string pem, bool ownerOnly)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (ownerOnly && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = path + ".new";
        File.Delete(temporary);   // a left-over would keep its own mode
        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(pem);
            writer.Write('\n');
        }
        File.Move(temporary, path, overwrite: true);
    }
}
