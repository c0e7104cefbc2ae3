using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Deskbridge.Sandbox.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Tls;

public sealed class CertificateAuthorityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deskbridge-tls-").FullName;

    [Fact]
    public void EnsureIn_CalledTwice_GivesTheSameCertificate()
    {
        var (first, _) = CertificateAuthority.EnsureIn(_folder, TimeProvider.System);
        var (second, _) = CertificateAuthority.EnsureIn(_folder, TimeProvider.System);

        Assert.Equal(first.Thumbprint, second.Thumbprint);
    }

    [Fact]
    public void EnsureIn_NewFolder_KeepsKeysFromOthers()
    {
        CertificateAuthority.EnsureIn(_folder, TimeProvider.System);

        Assert.Equal(2, Directory.GetFiles(_folder, "*.key").Length);
        if (OperatingSystem.IsWindows()) return;
        foreach (var key in Directory.GetFiles(_folder, "*.key")) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    [Fact]
    public void EnsureIn_ServerKeyCutShort_MakesAnotherUnderTheSameAuthority()
    {
        var (first, caPath) = CertificateAuthority.EnsureIn(_folder, TimeProvider.System);
        var authority = File.ReadAllText(caPath);
        File.WriteAllText(Path.Combine(_folder, "server.key"), "-----BEGIN PRIVATE KEY-----\n");

        var (second, _) = CertificateAuthority.EnsureIn(_folder, TimeProvider.System);

        Assert.NotEqual(first.Thumbprint, second.Thumbprint, StringComparer.Ordinal);
        Assert.Equal(authority, File.ReadAllText(caPath));
    }

    [Fact]
    public void EnsureIn_AYearLater_RenewsTheServerOnly()
    {
        var (first, caPath) = CertificateAuthority.EnsureIn(_folder, TimeProvider.System);
        var authority = File.ReadAllText(caPath);

        var (second, _) = CertificateAuthority.EnsureIn(_folder, new Shifted(TimeSpan.FromDays(380)));

        Assert.NotEqual(first.Thumbprint, second.Thumbprint, StringComparer.Ordinal);
        Assert.Equal(authority, File.ReadAllText(caPath));
    }

    [Fact]
    public void Certificates_HaveWhatStrictClientsAskFor()
    {
        var (server, caPath) = CertificateAuthority.EnsureIn(_folder, TimeProvider.System);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(caPath);

        var constraints = Assert.Single(authority.Extensions.OfType<X509BasicConstraintsExtension>());
        Assert.True(constraints is { CertificateAuthority: true, Critical: true });
        Assert.True(Assert.Single(authority.Extensions.OfType<X509KeyUsageExtension>()).KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));
        var identifier = Assert.Single(authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>());
        Assert.Equal(identifier.SubjectKeyIdentifierBytes.ToArray(), Assert.Single(server.Extensions.OfType<X509AuthorityKeyIdentifierExtension>()).KeyIdentifier!.Value.ToArray());
        var names = Assert.Single(server.Extensions.OfType<X509SubjectAlternativeNameExtension>());
        Assert.Equal("localhost", Assert.Single(names.EnumerateDnsNames()));
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], names.EnumerateIPAddresses());
    }

    [Fact]
    public async Task Server_AskedByCurlThatTrustsTheAuthority_Answers()
    {
        await using var server = await ServeAsync();
        var (code, output) = await RunAsync("curl", ["-sS", "--noproxy", "*", "--cacert", server.CaPath, server.Url], []);

        Assert.True(code == 0, output);
        Assert.Equal("trusted", output.Trim());
    }

    [Fact]
    public async Task Server_AskedByNodeThatTrustsTheAuthority_Answers()
    {
        await using var server = await ServeAsync();
        var script = $"require('https').get('{server.Url}', r => r.pipe(process.stdout)).on('error', e => {{ console.log(e.message); process.exit(1) }})";
        var (code, output) = await RunAsync("node", ["-e", script], new(StringComparer.Ordinal) { ["NODE_EXTRA_CA_CERTS"] = server.CaPath });

        Assert.True(code == 0, output);
        Assert.Equal("trusted", output.Trim());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Serving> ServeAsync()
    {
        var (certificate, caPath) = CertificateAuthority.EnsureIn(_folder, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        builder.Services.AddRouting();
        var app = builder.Build();
        app.Run(http => http.Response.WriteAsync("trusted"));
        await app.StartAsync();
        return new Serving(app, caPath, new UriBuilder(app.Urls.First()) { Host = "localhost" }.Uri.ToString());
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    private sealed record Serving(WebApplication App, string CaPath, string Url) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
