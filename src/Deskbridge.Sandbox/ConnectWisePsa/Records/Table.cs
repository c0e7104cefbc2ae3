using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Records;

/// <summary>The records of one resource by id. Guarded by the store's gate.</summary>
internal sealed class Table(Resource resource)
{
    private readonly Dictionary<int, Row> _rows = [];
    private Row[]? _ordered;

    public Resource Resource { get; } = resource;

    public int NextId { get; private set; } = resource.FirstId;

    /// <summary>It has, or had, a record.</summary>
    public bool WasUsed { get; private set; }

    public Row? Find(int id) => _rows.GetValueOrDefault(id);

    /// <summary>All rows by rising id; the array is never changed afterwards.</summary>
    public Row[] Rows => _ordered ??= [.. _rows.Values.OrderBy(r => r.Id)];

    public int TakeId() => NextId++;

    public void Put(int id, JsonObject body, DateTimeOffset at)
    {
        if (!_rows.TryGetValue(id, out var row))
        {
            row = new Row(id);
            _rows.Add(id, row);
            _ordered = null;
        }

        row.Put(body, at);
        WasUsed = true;
        NextId = Math.Max(NextId, id + 1);
    }

    public void Remove(int id)
    {
        if (_rows.Remove(id)) _ordered = null;
    }
}
