using System.Buffers.Text;
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

    /// <summary>The secret form of 256 random bits.</summary>
    /// <param name="random">What <see cref="Common.RandomIds.NewSecret"/> made.</param>
    public static string Secret(string random) => Prefix + Convert.ToBase64String(Base64Url.DecodeFromChars(random));

    /// <summary>The signature header.</summary>
    public static string Of(byte[] key, string id, DateTimeOffset at, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }
}
