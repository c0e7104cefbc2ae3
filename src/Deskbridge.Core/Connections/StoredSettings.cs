using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Connections;

/// <summary>Turns an options instance into the two columns of a connection (settings in clear, secrets encrypted) and back.</summary>
/// <param name="secrets">Encrypts.</param>
internal sealed class StoredSettings(ISecretProtector secrets)
{
    /// <summary>Writes the options into the connection's columns.</summary>
    public void Write(Connection connection, object options)
    {
        connection.Options = Json.Write(Collect(options, secret: false));
        var hidden = Collect(options, secret: true);
        connection.Secrets = hidden.Count == 0 ? "" : secrets.Protect(Json.Write(hidden));
    }

    /// <summary>Reads the options, secrets in clear. Settings that the options type no longer has are left out.</summary>
    /// <exception cref="InvalidOperationException">The key that encrypted the secrets is gone.</exception>
    public object Read(Connection connection, IConnectorType type)
    {
        var options = ReadWithoutSecrets(connection, type);
        if (connection.Secrets.Length > 0) Fill(options, secrets.Unprotect(connection.Secrets));
        return options;
    }

    /// <summary>Reads the options but leaves secrets empty; never fails for a lost key.</summary>
    public static object ReadWithoutSecrets(Connection connection, IConnectorType type)
    {
        var options = Activator.CreateInstance(type.OptionsType)!;
        Fill(options, connection.Options);
        return options;
    }

    /// <summary>Reads the options to change them. With a lost key the secrets are empty, so that the required ones are asked for again.</summary>
    public object ReadForChange(Connection connection, IConnectorType type)
    {
        try
        {
            return Read(connection, type);
        }
        catch (InvalidOperationException)
        {
            return ReadWithoutSecrets(connection, type);
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Collect(object options, bool secret) => SettingProperty.Of(options.GetType())
        .Where(property => property.Kind == SettingKind.Secret == secret)
        .Select(property => (property.Name, Values: property.Read(options)))
        .Where(setting => !secret || setting.Values.Count > 0)
        .ToDictionary(setting => setting.Name, setting => setting.Values, StringComparer.Ordinal);

    private static void Fill(object options, string json)
    {
        var stored = Json.Read<Dictionary<string, List<string>>>(json);
        foreach (var property in SettingProperty.Of(options.GetType()))
        {
            if (stored.TryGetValue(property.Name, out var values)) property.Write(options, values);
        }
    }
}
