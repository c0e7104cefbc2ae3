namespace Deskbridge.Features.Shared;

/// <summary>Dark or light: the reader's choice in a cookie, otherwise what their device prefers (decided by theme.js).</summary>
internal static class Theme
{
    public const string Cookie = "deskbridge-theme";

    /// <summary><c>dark</c>, <c>light</c> or null for the device's.</summary>
    public static string? Chosen(HttpRequest request) => request.Cookies[Cookie] is "dark" or "light" ? request.Cookies[Cookie] : null;
}
