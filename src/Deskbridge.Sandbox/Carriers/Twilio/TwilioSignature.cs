using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>The X-Twilio-Signature of a webhook (twilio.com/docs/usage/security, "Validating requests").</summary>
internal static class TwilioSignature
{
    /// <summary>The value of the header.</summary>
    /// <param name="authToken">The key.</param>
    /// <param name="url">The whole address as it is called, with its query.</param>
    /// <param name="fields">The fields of a form POST; none for a GET.</param>
    public static string Compute(string authToken, string url, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal)) text.Append(name).Append(value);
#pragma warning disable CA5350 // The vendor's algorithm.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(text.ToString())));
#pragma warning restore CA5350
    }
}
