using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Sandbox.Carriers.Push;

/// <summary>A browser's side of message encryption (RFC 8291, with the aes128gcm coding of RFC 8188).</summary>
internal static class PushEncryption
{
    private const int PointLength = 65;
    private const int TagLength = 16;
    private const int HeaderLength = 16 + 4 + 1 + PointLength;

    /// <summary>A key pair and secret as a browser makes them.</summary>
    public static (byte[] PrivateKey, byte[] P256dh, byte[] Auth) NewKeys()
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return (pair.ExportPkcs8PrivateKey(), Point(pair.ExportParameters(includePrivateParameters: false).Q), RandomNumberGenerator.GetBytes(16));
    }

    /// <summary>The text of a message, or why the browser would drop it.</summary>
    public static (string? Text, string? Problem) Read(StoredSubscription subscription, byte[] body)
    {
        if (body.Length == 0) return ("", null);
        if (body.Length < HeaderLength + TagLength + 1) return (null, "The body is too short for aes128gcm.");
        var (salt, size, keyLength) = (body[..16], BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(16)), body[20]);
        if (keyLength != PointLength) return (null, $"The key id has {keyLength} bytes, not the 65 of a P-256 point.");
        var (sender, record) = (body[21..HeaderLength], body[HeaderLength..]);
        if (size < TagLength + 2 || record.Length > size) return (null, $"The message is one record, but the record size says {size} and {record.Length} bytes came.");
        try
        {
            return Unpad(Decrypt(subscription, salt, sender, record));
        }
        catch (CryptographicException unreadable)
        {
            return (null, "It cannot be decrypted: " + unreadable.Message);
        }
    }

    private static byte[] Decrypt(StoredSubscription subscription, byte[] salt, byte[] sender, byte[] record)
    {
        using var own = ECDiffieHellman.Create();
        own.ImportPkcs8PrivateKey(subscription.PrivateKey, out _);
        using var other = ECDiffieHellman.Create(Parameters(sender));
        var shared = own.DeriveRawSecretAgreement(other.PublicKey);
        byte[] info = [.. "WebPush: info\0"u8, .. subscription.P256dh, .. sender];
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, subscription.Auth, info);
        var content = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());
        var plain = new byte[record.Length - TagLength];
        using var cipher = new AesGcm(content, TagLength);
        cipher.Decrypt(nonce, record.AsSpan(0, plain.Length), record.AsSpan(plain.Length), plain);
        return plain;
    }

    // The last record ends in 2, and zeros may follow.
    private static (string? Text, string? Problem) Unpad(byte[] plain)
    {
        var end = plain.AsSpan().LastIndexOfAnyExcept((byte)0);
        return end >= 0 && plain[end] == 2 ? (Encoding.UTF8.GetString(plain, 0, end), null) : (null, "The padding of the last record does not begin with 2.");
    }

    /// <summary>An uncompressed point as a public key.</summary>
    public static ECParameters Parameters(byte[] point) => point is [4, ..] && point.Length == PointLength
        ? new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } }
        : throw new CryptographicException("The key is no uncompressed P-256 point.");

    private static byte[] Point(ECPoint point) => [4, .. point.X!, .. point.Y!];
}
