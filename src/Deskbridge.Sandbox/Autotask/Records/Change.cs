using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Records;

/// <summary>The writes of one call, kept together until the store commits them whole. Lives inside the store's gate.</summary>
internal sealed class Change(Store store, Actor by, DateTimeOffset now)
{
    private readonly Dictionary<(string Entity, long Id), (Record? Before, Record? After)> _writes = [];
    private readonly List<(Entity Entity, long Id)> _order = [];
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

    public Actor By { get; } = by;

    public DateTimeOffset Now { get; } = now;

    public Record? Find(string entity, long? id) => id is not { } key ? null
        : _writes.TryGetValue((entity, key), out var write) ? write.After : store.Find(entity, key);

    /// <summary>The records of an entity as this change would leave them.</summary>
    public IReadOnlyList<Record> All(string entity) => !_touched.Contains(entity) ? store.Rows(Entities.Of(entity)) :
    [
        .. store.Rows(Entities.Of(entity)).Select(r => Find(entity, r.Id)).OfType<Record>(),
        .. _order.Where(k => k.Entity.Name == entity && _writes[(entity, k.Id)] is { Before: null, After: not null }).Select(k => _writes[(entity, k.Id)].After!),
    ];

    /// <summary>The next number of a series; <paramref name="last"/> finds the last one once.</summary>
    public int Next(string series, Func<int> last) => store.Next(series, last);

    /// <summary>Adds a record; one that has an id keeps it (seeds).</summary>
    public long Add(Entity entity, Record record)
    {
        var id = record.Long("id") ?? store.NextId(entity);
        record["id"] = id;
        Note(entity, id, null, record);
        return id;
    }

    public void Put(Entity entity, Record record) => Note(entity, record.Id, Find(entity.Name, record.Id), record);

    public void Remove(Entity entity, long id) => Note(entity, id, Find(entity.Name, id), null);

    /// <summary>What is to be committed, in the order of first writing.</summary>
    public IEnumerable<Write> Writes() => _order
        .Select(k => (k.Entity, k.Id, Write: _writes[(k.Entity.Name, k.Id)]))
        .Where(w => w.Write.Before is not null || w.Write.After is not null)
        .Select(w => new Write(w.Entity, w.Id, w.Write.Before, w.Write.After));

    private void Note(Entity entity, long id, Record? before, Record? after)
    {
        var key = (entity.Name, id);
        if (_writes.TryGetValue(key, out var earlier)) before = earlier.Before;
        else _order.Add((entity, id));
        _touched.Add(entity.Name);
        _writes[key] = (before, after);
    }
}
