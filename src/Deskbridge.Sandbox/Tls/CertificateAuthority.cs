using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deskbridge.Sandbox.Tls;

/// <summary>
/// A private certificate authority and one server certificate for this machine's loopback names, kept in a folder,
/// so that clients which insist on https can be pointed at the sandbox by trusting one file.
/// </summary>
internal static class CertificateAuthority
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>Returns the server certificate with its key, and the path of the authority's certificate; makes or renews what is missing, spoilt or about to expire.</summary>
    public static (X509Certificate2 Server, string CaPemPath) EnsureIn(string folder, TimeProvider clock)
    {
        Directory.CreateDirectory(folder);
        var authorityFiles = new PemPair(folder, "ca");
        var serverFiles = new PemPair(folder, "server");
        var now = clock.GetUtcNow();

        using var authority = Usable(authorityFiles, now) ?? Keep(authorityFiles, MakeAuthority(now));
        var server = Usable(serverFiles, now);
        if (server is null || !IsIssuedBy(server, authority, now))
        {
            server?.Dispose();
            server = Keep(serverFiles, MakeServer(authority, now));
        }

        using (server)
        {
            // A key that only lives in memory is refused by the TLS stack of some systems; a PKCS#12 round trip is accepted by all.
            var loaded = X509CertificateLoader.LoadPkcs12(server.Export(X509ContentType.Pkcs12), password: null);
            return (loaded, authorityFiles.CertificatePath);
        }
    }

    private static X509Certificate2? Usable(PemPair files, DateTimeOffset now)
    {
        if (files.Read() is not { } certificate) return null;
        if (now.UtcDateTime >= certificate.NotBefore.ToUniversalTime() && (now + RenewBefore).UtcDateTime < certificate.NotAfter.ToUniversalTime()) return certificate;
        certificate.Dispose();
        return null;
    }

    private static X509Certificate2 Keep(PemPair files, X509Certificate2 certificate)
    {
        files.Write(certificate);
        return certificate;
    }

    private static bool IsIssuedBy(X509Certificate2 server, X509Certificate2 authority, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(server);
    }

    private static X509Certificate2 MakeAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Deskbridge sandbox authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
    }

    private static X509Certificate2 MakeServer(X509Certificate2 authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7F | 0x01);                 // positive and never shortened
        // 397 days: the longest life that strict clients accept. It must lie inside the authority's own.
        var start = Later(now.AddDays(-1).UtcDateTime, authority.NotBefore.ToUniversalTime());
        var end = Earlier(now.AddDays(397).UtcDateTime, authority.NotAfter.ToUniversalTime());
        using var certificate = request.Create(authority, new DateTimeOffset(start), new DateTimeOffset(end), serial);
        return certificate.CopyWithPrivateKey(key);
    }

    private static DateTime Later(DateTime one, DateTime other) => one > other ? one : other;

    private static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;
}
