using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Checks of the second key and the proxy.</summary>
internal static class PsaExtraSettings
{
    /// <summary>Brings both into their stored form; what belongs to an emptied setting goes with it.</summary>
    public static IEnumerable<SettingProblem> Check(ConnectWisePsaOptions given)
    {
        if (string.IsNullOrEmpty(given.SecondPublicKey)) (given.SecondPublicKey, given.SecondPrivateKey) = (null, null);
        else if (string.IsNullOrEmpty(given.SecondPrivateKey)) yield return new(nameof(given.SecondPrivateKey), "Enter the private key that belongs to the second public key, or empty that.");
        else if (given.SecondPublicKey == given.PublicKey) yield return new(nameof(given.SecondPublicKey), "This is the key in use. Enter the new one, or empty the field.");
        foreach (var (setting, value) in new[] { (nameof(given.SecondPublicKey), given.SecondPublicKey), (nameof(given.SecondPrivateKey), given.SecondPrivateKey) })
        {
            if (value?.Any(c => c is < '!' or > '~' or ':') == true) yield return new(setting, "The value contains a character that ConnectWise never uses here. Copy it again.");
        }

        foreach (var problem in given.CheckProxy(Uri.TryCreate(given.InstanceUri, UriKind.Absolute, out var instance) ? instance : null)) yield return problem;
    }
}
