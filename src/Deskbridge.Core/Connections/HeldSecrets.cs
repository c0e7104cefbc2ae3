using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Connections;

/// <summary>The secrets that a connection holds, each with the address it was entered for: they go to no other server.</summary>
internal sealed class HeldSecrets
{
    private readonly IReadOnlyList<Held> _secrets;

    private HeldSecrets(object options) =>
        _secrets = [.. from secret in SettingProperty.Of(options.GetType())
            where secret.Kind == SettingKind.Secret && secret.Read(options).Count > 0
            let address = secret.GoesTo(options)
            where address is not null
            select new Held(secret, address, address.Text(options), SettingProperty.TrustOf(options))];

    /// <summary>Those in these options.</summary>
    public static HeldSecrets Of(object options) => new(options);

    /// <summary>Whether one would go to another server with the changed options.</summary>
    public bool Move(object changed) => _secrets.Any(held => held.Moves(changed));

    /// <summary>A problem for each that would go elsewhere and was not entered anew.</summary>
    /// <param name="changed">The changed options.</param>
    /// <param name="entered">What was entered and nothing else.</param>
    public IEnumerable<SettingProblem> Missing(object changed, object entered) =>
        from held in _secrets
        where held.Moves(changed) && held.Secret.Read(changed).Count > 0 && held.Secret.Read(entered).Count == 0
        select new SettingProblem(held.Secret.Name, $"{held.Secret.Setting.Label} must be entered again: the stored one was given for {Origin.Of(held.Before)} and is sent to no other server.");

    /// <summary>Beside another server it moves to whoever holds the key of another authority: they could answer in the remote's name.</summary>
    private sealed record Held(SettingProperty Secret, SettingProperty Address, string Before, string Trusted)
    {
        public bool Moves(object changed) => Origin.Moves(Before, Address.Text(changed)) || (Secret.Setting.GoesTo is null && SettingProperty.TrustOf(changed) is { Length: > 0 } trusted && trusted != Trusted);
    }
}
