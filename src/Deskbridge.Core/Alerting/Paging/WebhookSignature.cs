using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Signs webhooks: HMAC-SHA256 over <c>id.timestamp.body</c>, as Standard Webhooks says.</summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int ShortestKey = 24;
    private const int LongestKey = 64;

    /// <summary>The key inside a secret; null when the secret is not <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
    public static byte[]? Key(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var key = new byte[LongestKey + 3];
        return Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) && length is >= ShortestKey and <= LongestKey
            ? key[..length]
            : null;
    }

    /// <summary>A secret made of random bytes.</summary>
    public static string Secret(ReadOnlySpan<byte> random) => Prefix + Convert.ToBase64String(random);

    /// <summary>The signature header.</summary>
    public static string Of(byte[] key, string id, DateTimeOffset at, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }
}
