using System.Text.Json.Nodes;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// A PATCH body. References are replaced whole, since a path into one may be answered with success and change nothing
/// (developer guide, "PSA API requests", PATCH).
/// </summary>
internal sealed class PatchDocument
{
    private readonly List<PatchOperationDto> _operations = [];

    public IReadOnlyList<PatchOperationDto> Operations => _operations;

    /// <summary>Points a reference at a record, or clears it.</summary>
    public PatchDocument Reference(string path, int? id)
    {
        _operations.Add(id is { } target ? new("replace", path, new JsonObject { ["id"] = target }) : new("remove", path));
        return this;
    }

    public PatchDocument Value(string path, JsonNode value)
    {
        _operations.Add(new("replace", path, value));
        return this;
    }

    /// <summary>
    /// Custom fields as (id, JSON value). Always sent for tickets, even empty: recordings show a 400 without it on objects that
    /// have custom fields, and an empty array changes nothing.
    /// </summary>
    public PatchDocument CustomFields(IEnumerable<(int Id, JsonNode? Value)> fields)
    {
        var array = new JsonArray();
        foreach (var (id, value) in fields)
        {
            array.Add((JsonNode)new JsonObject { ["id"] = id, ["value"] = value });
        }

        _operations.Add(new("replace", "customFields", array));
        return this;
    }
}
