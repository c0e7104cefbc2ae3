using System.Net.Http.Headers;
using System.Text;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The API member's key, and a second one while keys are changed (S9): when the one in use is refused, the other is tried.</summary>
internal sealed class PsaKeys
{
    private readonly AuthenticationHeaderValue _first;
    private readonly AuthenticationHeaderValue? _second;
    private volatile bool _usesSecond;

    public PsaKeys(ConnectWisePsaOptions options)
    {
        _first = Of(options.CompanyId, options.PublicKey, options.PrivateKey);
        _second = options is { SecondPublicKey: { Length: > 0 } publicKey, SecondPrivateKey: { Length: > 0 } privateKey } ? Of(options.CompanyId, publicKey, privateKey) : null;
    }

    /// <summary>The first was refused.</summary>
    public bool UsesSecond => _usesSecond;

    public AuthenticationHeaderValue InUse => _usesSecond ? _second! : _first;

    /// <summary>The other key; null when there is only one.</summary>
    public AuthenticationHeaderValue? OtherThan(AuthenticationHeaderValue key) => _second is null ? null : ReferenceEquals(key, _second) ? _first : _second;

    /// <summary>This key was taken where the other was refused.</summary>
    public void Use(AuthenticationHeaderValue key) => _usesSecond = ReferenceEquals(key, _second);

    private static AuthenticationHeaderValue Of(string company, string publicKey, string privateKey) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{company}+{publicKey}:{privateKey}")));
}
