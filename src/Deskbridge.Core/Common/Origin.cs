namespace Deskbridge.Core.Common;

/// <summary>The server that an address leads to. A secret is entered for one server: whoever changes the address must not get to read it at another.</summary>
internal static class Origin
{
    /// <summary>Scheme, host and port of a web address; any other address, such as host and port of a mail server, as it is compared.</summary>
    public static string Of(string address) => address.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(address.Trim(), UriKind.Absolute, out var url)
        ? url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped).ToLowerInvariant()
        : address.Trim().ToLowerInvariant();

    /// <summary>Whether a change of address leads to another server. To none at all it leads nobody.</summary>
    public static bool Moves(string before, string after) => Of(after) is { Length: > 0 } server && server != Of(before);
}
