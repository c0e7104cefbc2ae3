using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Access.SecondFactor;

/// <summary>
/// Time-based one-time passwords as every authenticator app makes them (RFC 6238): HMAC-SHA-1, six digits, 30 seconds. Our own, because
/// refusing a replay needs the step that a code belongs to, which the framework's provider does not tell.
/// </summary>
internal static class Totp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int SecondsPerStep = 30;
    private const int Digits = 1_000_000;

    /// <summary>Steps accepted before and after the present one: a phone's clock may be half a minute off (RFC 6238 §5.2).</summary>
    private const int Drift = 1;

    /// <summary>The step an instant lies in.</summary>
    public static long Step(DateTimeOffset at) => at.ToUnixTimeSeconds() / SecondsPerStep;

    /// <summary>The code of a step (RFC 4226 §5.3).</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238 and the authenticator apps know SHA-1; as an HMAC it is not broken
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (number % Digits).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code was typed; null when it is none of those near the instant, or not after the last one used.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string typed, DateTimeOffset at, long lastStep)
    {
        var code = Encoding.ASCII.GetBytes(string.Concat(typed.Where(c => !char.IsWhiteSpace(c))));
        long? found = null;
        for (var step = Step(at) - Drift; step <= Step(at) + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(secret, step)), code) && step > lastStep) found ??= step;
        }

        return found;
    }

    /// <summary>A secret as people type it (RFC 4648 base 32, without padding).</summary>
    public static string ToBase32(ReadOnlySpan<byte> secret)
    {
        var text = new StringBuilder();
        for (int bit = 0; bit < secret.Length * 8; bit += 5)
        {
            var pair = (secret[bit / 8] << 8) | (bit / 8 + 1 < secret.Length ? secret[bit / 8 + 1] : 0);
            text.Append(Base32[(pair >> (11 - bit % 8)) & 31]);
        }

        return text.ToString();
    }

    /// <summary>What the QR code holds: the key URI that authenticator apps read.</summary>
    public static string Uri(string issuer, string account, ReadOnlySpan<byte> secret) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(account)}?secret={ToBase32(secret)}&issuer={System.Uri.EscapeDataString(issuer)}";
}
