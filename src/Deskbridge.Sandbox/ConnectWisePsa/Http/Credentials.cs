using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>The keys of the simulated PSA's API member, made at first start and kept in the data folder.</summary>
public sealed record PsaCredentials
{
    /// <summary>The login company, first part of the user name of Basic authentication.</summary>
    public required string CompanyId { get; init; }

    /// <summary>Identifier of the API member.</summary>
    public required string MemberId { get; init; }

    /// <summary>The API member's public key.</summary>
    public required string PublicKey { get; init; }

    /// <summary>The API member's private key.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>A client id to send as the clientId header; the sandbox takes any GUID.</summary>
    public required string ClientId { get; init; }

    /// <summary>The user name of the legacy integrator login, in the place of the public key.</summary>
    public const string IntegratorLogin = "integrator";

    /// <summary>The integrator's password, in the place of the private key.</summary>
    public string IntegratorPassword => TokenKey(IntegratorLogin);

    /// <summary>The password with which every member signs in as a browser does, for a cookie.</summary>
    public string MemberPassword => TokenKey("members");

    /// <summary>The secret that callbacks are signed with.</summary>
    internal string SigningKey { get; init; } = "";

    internal string SigningKeyId { get; init; } = "";

    /// <summary>Another customer of the same cloud, who signs genuinely with a key of their own.</summary>
    internal const string Neighbour = "southgate";

    /// <summary>The neighbour's signing key, derived so that none is stored.</summary>
    internal string NeighbourKey => TokenKey(Neighbour);

    internal static string NeighbourKeyId { get; } = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(Neighbour))[..16]).ToString();

    /// <summary>The private key of a member's token (POST members/{identifier}/tokens), derived so that none is stored.</summary>
    internal string TokenKey(string publicKey) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(PrivateKey), Encoding.UTF8.GetBytes(publicKey)))[..16];

    internal static PsaCredentials EnsureIn(string folder, string companyId, string memberId)
    {
        var path = Path.Combine(folder, "psa-credentials.json");
        var kept = File.Exists(path) ? JsonSerializer.Deserialize<Kept>(File.ReadAllText(path))! : Make(path);
        return new PsaCredentials
        {
            CompanyId = companyId,
            MemberId = memberId,
            PublicKey = kept.PublicKey,
            PrivateKey = kept.PrivateKey,
            ClientId = kept.ClientId,
            SigningKey = kept.SigningKey,
            SigningKeyId = kept.SigningKeyId,
        };
    }

    private static Kept Make(string path)
    {
        static string Letters(int count) => RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", count);
        static string Id() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();
        var kept = new Kept(Letters(16), Letters(16), Id(), Letters(32), Id());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, kept);
        return kept;
    }

    private sealed record Kept(string PublicKey, string PrivateKey, string ClientId, string SigningKey, string SigningKeyId);
}
