using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Features.Shared;

/// <summary>
/// A part of a page that asks for itself again every few seconds. It carries a mark of what it shows; while that still holds,
/// the answer is an empty 204 and nothing on the page moves.
/// </summary>
internal static class Live
{
    /// <summary>A mark of what is shown and of the present minute, for ages change with it.</summary>
    public static string Mark(TimeProvider clock, params ReadOnlySpan<object?> shown)
    {
        var text = new StringBuilder().Append(clock.GetUtcNow().ToUnixTimeSeconds() / 60);
        foreach (var part in shown) text.Append('\n').Append(Core.Common.Json.Write(part));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
