using System.Net.Http.Headers;
using System.Text;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The API member's key, and a second one while keys are changed (S9): when the one in use is refused, the other is tried.</summary>
internal sealed class PsaKeys
{
    private readonly AuthenticationHeaderValue _first;
    private readonly AuthenticationHeaderValue? _second;
    private readonly TimeProvider _clock;
    private volatile Taken? _taken;

    public PsaKeys(ConnectWisePsaOptions options, TimeProvider clock)
    {
        _clock = clock;
        _first = Of(options.CompanyId, options.PublicKey, options.PrivateKey);
        _second = options is { SecondPublicKey: { Length: > 0 } publicKey, SecondPrivateKey: { Length: > 0 } privateKey } ? Of(options.CompanyId, publicKey, privateKey) : null;
    }

    /// <summary>Since when the second is used, for the first was refused; null while the first is.</summary>
    public DateTimeOffset? SecondSince => _taken?.At;

    public AuthenticationHeaderValue InUse => _taken is null ? _first : _second!;

    /// <summary>The other key; null when there is only one.</summary>
    public AuthenticationHeaderValue? OtherThan(AuthenticationHeaderValue key) => _second is null ? null : ReferenceEquals(key, _second) ? _first : _second;

    /// <summary>This key was taken where the other was refused.</summary>
    public void Use(AuthenticationHeaderValue key) => _taken = ReferenceEquals(key, _second) ? _taken ?? new Taken(_clock.GetUtcNow()) : null;

    /// <summary>The first was taken again.</summary>
    public void UseFirst() => _taken = null;

    private static AuthenticationHeaderValue Of(string company, string publicKey, string privateKey) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{company}+{publicKey}:{privateKey}")));

    private sealed record Taken(DateTimeOffset At);
}
