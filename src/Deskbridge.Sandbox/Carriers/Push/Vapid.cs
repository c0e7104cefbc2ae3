using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Deskbridge.Sandbox.Carriers.Push;

/// <summary>Who sends, as RFC 8292 has it shown: <c>Authorization: vapid t=JWT, k=KEY</c>.</summary>
internal static class Vapid
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    /// <summary>The sender's public key, or why the sender is turned away.</summary>
    /// <param name="header">The Authorization header.</param>
    /// <param name="origin">The push service's origin.</param>
    /// <param name="now">The time.</param>
    public static (string? Key, string? Problem) Check(string header, string origin, DateTimeOffset now)
    {
        if (!header.StartsWith("vapid ", StringComparison.OrdinalIgnoreCase)) return (null, "The Authorization header is not of the scheme vapid.");
        var parts = header[6..].Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToLookup(part => part[0], part => part[1], StringComparer.Ordinal);
        if (parts["t"].FirstOrDefault() is not { } token || parts["k"].FirstOrDefault() is not { } key) return (null, "Both t and k must be given.");
        try
        {
            var problem = token.Split('.') is [var head, var claims, var signature]
                ? Forgery(head + "." + claims, signature, key) ?? HeadProblem(Json(head)) ?? ClaimsProblem(Json(claims), origin, now)
                : "The token is no JWT.";
            return problem is null ? (key, null) : (null, problem);
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or CryptographicException)
        {
            return (null, "The token or the key cannot be read: " + unreadable.Message);
        }
    }

    private static string? Forgery(string signed, string signature, string key)
    {
        using var verifier = ECDsa.Create(PushEncryption.Parameters(Base64Url.DecodeFromChars(key)));
        var raw = Base64Url.DecodeFromChars(signature);
        return raw.Length == 64 && verifier.VerifyData(Encoding.ASCII.GetBytes(signed), raw, HashAlgorithmName.SHA256) ? null : "The signature is not k's: 64 bytes, R and S.";
    }

    private static string? HeadProblem(JsonElement head) =>
        Text(head, "alg") == "ES256" ? Text(head, "typ") is null or "JWT" ? null : "typ must be JWT." : "alg must be ES256.";

    private static string? ClaimsProblem(JsonElement claims, string origin, DateTimeOffset now)
    {
        if (Text(claims, "aud") != origin) return $"aud must be {origin}.";
        if (!claims.TryGetProperty("exp", out var exp) || exp.ValueKind != JsonValueKind.Number || !exp.TryGetInt64(out var seconds)) return "exp must be a number of seconds.";
        if (seconds <= now.ToUnixTimeSeconds()) return "exp is over.";
        if (seconds > (now + LongestLife).ToUnixTimeSeconds()) return "exp is more than 24 hours ahead.";
        return Text(claims, "sub") is { } sub && (sub.StartsWith("mailto:", StringComparison.Ordinal) || sub.StartsWith("https:", StringComparison.Ordinal)) ? null : "sub must be a mailto: or https: address.";
    }

    private static JsonElement Json(string part)
    {
        var read = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(part));
        return read.ValueKind == JsonValueKind.Object ? read : throw new JsonException("A part of the token is no object.");
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
