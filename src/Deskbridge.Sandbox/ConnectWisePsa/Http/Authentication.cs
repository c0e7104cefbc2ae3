using System.Security.Cryptography;
using System.Text;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Basic authentication with <c>company+publicKey:privateKey</c> and the clientId header (reference 1.3, 1.4).</summary>
internal sealed class Authentication(PsaCredentials credentials, PsaStore store)
{
    private const string TokenMark = "tk";

    /// <summary>The calling member's identifier.</summary>
    public string Caller(HttpRequest request)
    {
        var (company, publicKey, privateKey) = Read(request.Headers.Authorization.ToString());
        if (!company.Equals(credentials.CompanyId, StringComparison.OrdinalIgnoreCase)) throw Refused();
        var member = Member(publicKey, privateKey) ?? throw Refused();
        if (!Guid.TryParse(request.Headers["clientId"], out _))
            throw new PsaRefusal(401, "Unauthorized", "The clientId header is missing or is not a GUID.");
        return member;
    }

    /// <summary>Keys that act as one member.</summary>
    public (string PublicKey, string PrivateKey) Token(string member)
    {
        var publicKey = $"{TokenMark}{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(member))}";
        return (publicKey, credentials.TokenKey(publicKey));
    }

    private string? Member(string publicKey, string privateKey)
    {
        if (Same(publicKey, credentials.PublicKey) && Same(privateKey, credentials.PrivateKey)) return credentials.MemberId;
        if (!publicKey.StartsWith(TokenMark, StringComparison.Ordinal) || !Same(privateKey, credentials.TokenKey(publicKey))) return null;
        var identifier = Encoding.UTF8.GetString(Convert.FromHexString(publicKey.AsSpan(TokenMark.Length)));
        return store.Rows("members").Any(m => Json.Text(m.Body["identifier"]) == identifier) ? identifier : null;
    }

    private static (string Company, string PublicKey, string PrivateKey) Read(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            throw new PsaRefusal(401, "ConnectWiseApi", "UserNotAuthenticated");
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length)) throw Refused();
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.Split(':', 2) is [var user, var key] && user.Split('+', 2) is [var company, var publicKey]
            ? (company, publicKey, key)
            : throw Refused();
    }

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static PsaRefusal Refused() => new(401, "Unauthorized", "The company, public key or private key is not correct.");
}
