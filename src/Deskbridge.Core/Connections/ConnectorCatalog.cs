using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections;

/// <summary>Every kind of remote system this build can talk to.</summary>
internal sealed class ConnectorCatalog
{
    private readonly Dictionary<string, IConnectorType> _types;

    /// <summary>Registers what the composition root named.</summary>
    /// <exception cref="InvalidOperationException">Two connectors claim one kind.</exception>
    public ConnectorCatalog(IEnumerable<IConnectorType> types)
    {
        _types = new(StringComparer.Ordinal);
        foreach (var type in types)
        {
            if (!_types.TryAdd(type.Kind, type))
            {
                throw new InvalidOperationException($"Two connectors are registered for the kind '{type.Kind}'. Register each connector once.");
            }
        }
    }

    /// <summary>All of them, by category and name, for the gallery.</summary>
    public IReadOnlyList<IConnectorType> All =>
        [.. _types.Values.OrderBy(type => type.Category, StringComparer.Ordinal).ThenBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>The connector of a kind, or null when this build has none.</summary>
    public IConnectorType? Find(string kind) => _types.GetValueOrDefault(kind);
}
