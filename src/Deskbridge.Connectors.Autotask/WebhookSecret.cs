using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Connectors.Autotask;

/// <summary>
/// The key that Autotask signs a connection's callbacks with. It follows from the API user's secret and the connection's id, so that nothing
/// more need be kept; a new secret makes a new key, and the webhook is made anew.
/// </summary>
internal sealed class WebhookSecret(string secret, Guid connectionId)
{
    private const string Scheme = "sha1=";

    /// <summary>43 letters, digits and signs; the vendor takes 64.</summary>
    public string Key { get; } = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"deskbridge webhook {connectionId:N}"))).TrimEnd('=');

    /// <summary>Tells keys apart without telling them; part of the webhook's name.</summary>
    public string Mark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))[..8];

    /// <summary>Whether a body was signed with the key (reference 5.3): over its raw bytes, or over the form in which .NET escapes signs, which a proxy may have undone.</summary>
    public bool Signed(ReadOnlySpan<byte> body, string signature)
    {
        if (!signature.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var given = Encoding.ASCII.GetBytes(signature[Scheme.Length..].Trim());
        return Matches(body, given) || Matches(Encoding.UTF8.GetBytes(Escaped(Encoding.UTF8.GetString(body))), given);
    }

    private bool Matches(ReadOnlySpan<byte> body, byte[] given)
    {
#pragma warning disable CA5350 // the vendor's choice
        var made = Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Key), body)));
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(made, given);
    }

    private static string Escaped(string body)
    {
        var text = new StringBuilder(body.Length + 64);
        foreach (var sign in body.Replace("\\\"", "\\u0022", StringComparison.Ordinal))
        {
            if (sign is '&' or '<' or '>' or '\'' or '+' or '`' or > '~') text.Append("\\u").Append(((int)sign).ToString("X4", CultureInfo.InvariantCulture));
            else text.Append(sign);
        }

        return text.ToString();
    }
}
