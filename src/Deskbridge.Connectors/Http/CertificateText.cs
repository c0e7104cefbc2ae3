using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deskbridge.Connectors.Http;

/// <summary>Certificates as people paste them.</summary>
public static class CertificateText
{
    /// <summary>Why a text holds no certificate; null when it does.</summary>
    /// <param name="pem">What was pasted.</param>
    public static string? WhyNot(string pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates.Count > 0 ? null : "No certificate was found in this text. Paste PEM text that begins with -----BEGIN CERTIFICATE-----.";
    }
}
