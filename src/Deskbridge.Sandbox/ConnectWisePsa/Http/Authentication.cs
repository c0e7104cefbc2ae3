using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Basic authentication with <c>company+publicKey:privateKey</c>, an integrator's login in the same form, or the cookies of a
/// member's sign-in; and the clientId header (reference 1.3, 1.4).</summary>
internal sealed class Authentication(PsaCredentials credentials, PsaStore store)
{
    private const string TokenMark = "tk";
    private const string HashCookie = "memberHash";
    private const string MemberCookie = "MemberID";

    /// <summary>The calling member's identifier.</summary>
    public string Caller(HttpRequest request)
    {
        var member = request.Headers.Authorization.Count == 0 && request.Cookies.ContainsKey(HashCookie) ? SignedIn(request.Cookies) : Keyed(request.Headers.Authorization.ToString());
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

    /// <summary>Signs a member in as the login page does: answers JSON and leaves the hash that goes into cookies.</summary>
    public PsaAnswer SignIn(IFormCollection form)
    {
        var identifier = form["UserName"].ToString();
        if (!SameCompany(form["CompanyName"].ToString()) || !Known(identifier) || !Same(form["Password"].ToString(), credentials.MemberPassword))
            return new PsaAnswer(200, new JsonObject { ["Success"] = false, ["Message"] = "The company, user name or password is not correct." }) { ContentType = "application/json; charset=utf-8" };
        var hash = Hash(identifier);
        return new PsaAnswer(200, new JsonObject { ["Success"] = true, ["Hash"] = hash })
        {
            ContentType = "application/json; charset=utf-8",
            Cookies = [("companyName", credentials.CompanyId), (HashCookie, hash), (MemberCookie, identifier), ("MemberContext", "web")],
        };
    }

    private string SignedIn(IRequestCookieCollection cookies)
    {
        var identifier = cookies[MemberCookie] ?? "";
        return SameCompany(cookies["companyName"] ?? "") && Known(identifier) && Same(cookies[HashCookie]!, Hash(identifier)) ? identifier : throw Refused();
    }

    private string Keyed(string header)
    {
        var (company, publicKey, privateKey) = Read(header);
        return SameCompany(company) && Member(publicKey, privateKey) is { } member ? member : throw Refused();
    }

    private bool SameCompany(string company) => company.Equals(credentials.CompanyId, StringComparison.OrdinalIgnoreCase);

    private bool Known(string identifier) => store.Rows("members").Any(m => Json.Text(m.Body["identifier"]) == identifier && !Json.Flag(m.Body["inactiveFlag"]));

    private string Hash(string identifier) => credentials.TokenKey("cookie " + identifier);

    private string? Member(string publicKey, string privateKey)
    {
        if (Same(publicKey, credentials.PublicKey) && Same(privateKey, credentials.PrivateKey)) return credentials.MemberId;
        if (Same(publicKey, PsaCredentials.IntegratorLogin) && Same(privateKey, credentials.IntegratorPassword)) return PsaCredentials.IntegratorLogin;
        if (!publicKey.StartsWith(TokenMark, StringComparison.Ordinal) || !Same(privateKey, credentials.TokenKey(publicKey))) return null;
        var identifier = Encoding.UTF8.GetString(Convert.FromHexString(publicKey.AsSpan(TokenMark.Length)));
        return Known(identifier) ? identifier : null;
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
