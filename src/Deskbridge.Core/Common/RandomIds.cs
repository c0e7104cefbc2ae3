using System.Security.Cryptography;

namespace Deskbridge.Core.Common;

/// <summary>The one source of randomness: ids, markers and tokens. Tests hand in a seeded one.</summary>
/// <param name="fill">Fills a buffer with random bytes.</param>
public sealed class RandomIds(Action<byte[]> fill)
{
    private const string MarkerAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Cryptographic randomness.</summary>
    public RandomIds()
        : this(static bytes => RandomNumberGenerator.Fill(bytes))
    {
    }

    /// <summary>A random (version 4) id: it says nothing about when or in which order it was made.</summary>
    public Guid NewId()
    {
        var bytes = NewBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A short id for note markers: ten letters and digits, 50 random bits.</summary>
    public string NewMarker()
    {
        var bytes = NewBytes(10);
        return string.Create(10, bytes, static (text, source) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = MarkerAlphabet[source[i] & 31];
        });
    }

    /// <summary>A secret of 256 random bits in URL-safe base64 (43 characters).</summary>
    public string NewSecret() => System.Buffers.Text.Base64Url.EncodeToString(NewBytes(32));

    /// <summary>A random number in [0, 1), for jitter.</summary>
    public double NextDouble() => BitConverter.ToUInt32(NewBytes(4)) / (uint.MaxValue + 1.0);

    /// <summary>Random bytes.</summary>
    /// <param name="count">How many.</param>
    public byte[] NewBytes(int count)
    {
        var bytes = new byte[count];
        fill(bytes);
        return bytes;
    }
}
