using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Checks the signature over a callback's raw bytes (developer guide, "PSA callbacks": verifying the callback source).</summary>
internal sealed class CallbackSignatures(PsaClient client)
{
    private const int MostKeys = 16;
    private readonly Lock _lock = new();
    private readonly Dictionary<Uri, string> _keys = [];

    /// <summary>The signature of a body: Base64(HMAC-SHA256(SHA256(signing key), body)).</summary>
    public static byte[] Sign(string signingKey, ReadOnlySpan<byte> body)
    {
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(signingKey), key);
        return HMACSHA256.HashData(key, body);
    }

    /// <summary>The reason against a signature, or null when it holds. A key that was remembered is fetched again once before the answer is no.</summary>
    public async Task<string?> WhyNotAsync(Uri keyUrl, ReadOnlyMemory<byte> body, string signature, CancellationToken cancel)
    {
        var given = new byte[SHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(signature.Trim(), given, out var length) || length != given.Length)
        {
            return "The signature is not the Base64 text of 32 bytes.";
        }

        if (Remembered(keyUrl) is { } known && Fits(known))
        {
            return null;
        }

        return await FetchAsync(keyUrl, cancel) switch
        {
            null => "ConnectWise has no signing key at the address that the callback names.",
            { } fresh when Fits(fresh) => null,
            _ => "The signature does not fit the body.",
        };

        bool Fits(string key) => CryptographicOperations.FixedTimeEquals(Sign(key, body.Span), given);
    }

    private string? Remembered(Uri keyUrl)
    {
        lock (_lock)
        {
            return _keys.GetValueOrDefault(keyUrl);
        }
    }

    private async Task<string?> FetchAsync(Uri keyUrl, CancellationToken cancel)
    {
        var key = await client.SigningKeyAsync(keyUrl, cancel);
        lock (_lock)
        {
            if (_keys.Count >= MostKeys)
            {
                _keys.Clear(); // one instance has a handful of keys; more means that somebody makes addresses up
            }

            if (key is not null)
            {
                _keys[keyUrl] = key;
            }
        }

        return key;
    }
}
