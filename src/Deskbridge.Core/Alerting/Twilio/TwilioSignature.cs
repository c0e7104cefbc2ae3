using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>X-Twilio-Signature of a form post (twilio.com/docs/usage/security, "Validating requests are coming from Twilio").</summary>
internal static class TwilioSignature
{
    /// <summary>The signature: HMAC-SHA1 of the address and of every field, sorted by name, name and value one after the other.</summary>
    public static string Of(string token, string url, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal)) text.Append(name).Append(value);
#pragma warning disable CA5350 // the vendor's choice; as a keyed hash it still holds
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(text.ToString())));
#pragma warning restore CA5350
    }

    /// <summary>Whether it is of this token. Senders write the default port of an address or leave it away, so both count.</summary>
    public static bool Holds(string token, string url, IReadOnlyList<KeyValuePair<string, string>> fields, string? given) =>
        given is { Length: > 0 } && Spellings(url).Any(spelling => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(token, spelling, fields)), Encoding.UTF8.GetBytes(given)));

    private static IEnumerable<string> Spellings(string url)
    {
        yield return url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !address.IsDefaultPort) yield break;
        var authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = url.IndexOf('/', authority);
        var host = path < 0 ? url[authority..] : url[authority..path];
        var port = $":{address.Port}";
        yield return url[..authority] + (host.EndsWith(port, StringComparison.Ordinal) ? host[..^port.Length] : host + port) + (path < 0 ? "" : url[path..]);
    }
}
