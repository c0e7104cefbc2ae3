namespace Deskbridge.Connectors.Http;

/// <summary>The proxy that a connection's calls go through.</summary>
/// <param name="Address">Where it is: http, host and port.</param>
/// <param name="User">User name for it; null when it asks for none.</param>
/// <param name="Password">Password for it.</param>
public sealed record RemoteProxy(Uri Address, string? User = null, string? Password = null)
{
    /// <summary>Reads an address as it was entered: <c>proxy.example.com:3128</c>, with or without <c>http://</c>.</summary>
    /// <param name="text">What was entered.</param>
    /// <returns>Null when it is no address of a proxy.</returns>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text?.Contains("://", StringComparison.Ordinal) == true ? text : $"http://{text}", UriKind.Absolute, out var address)
        && address is { Scheme: "http", UserInfo: "", PathAndQuery: "/", Fragment: "", Host.Length: > 0 }
            ? new Uri(address.GetLeftPart(UriPartial.Authority))
            : null;
}
