using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Records;

/// <summary>The writes of one call, kept together until the store commits them whole. Lives inside the store's gate.</summary>
internal sealed class Change(PsaStore store, string by, DateTimeOffset now)
{
    private readonly Dictionary<(string Table, int Id), (JsonObject? Before, JsonObject? After)> _writes = [];
    private readonly List<(string Table, int Id)> _order = [];
    private readonly Dictionary<string, List<int>> _added = new(StringComparer.Ordinal);

    /// <summary>Identifier of the member who makes the change.</summary>
    public string By { get; } = by;

    /// <summary>The PSA's time, whole seconds.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The caller wants no callbacks for this change.</summary>
    public bool Quiet { get; set; }

    /// <summary>Seeds carry dates of their own; everything else is stamped here.</summary>
    public bool KeepsStamps { get; init; }

    public JsonObject? Find(string table, int? id) => id is not { } key ? null
        : _writes.TryGetValue((table, key), out var write) ? write.After : store.Table(table).Find(key)?.Body;

    /// <summary>The records of a table as this change would leave them. Do not write to the table while reading on.</summary>
    public IEnumerable<JsonObject> All(string table)
    {
        foreach (var row in store.Table(table).Rows)
        {
            if (Find(table, row.Id) is { } body) yield return body;
        }

        foreach (var id in _added.GetValueOrDefault(table, []))
        {
            if (store.Table(table).Find(id) is null && Find(table, id) is { } body) yield return body;
        }
    }

    /// <summary>The next number of what is numbered inside the records of a table: the items of a list member.</summary>
    public int Next(string table, string list, string member) => store.Next($"{table}/{list}", () =>
        All(table).SelectMany(r => r[list] as JsonArray ?? []).Select(i => Json.Int(i?[member]) ?? 0).DefaultIfEmpty(0).Max());

    public int Add(string table, JsonObject body)
    {
        var id = Json.Int(body["id"]) is { } given and > 0 && KeepsStamps ? given : store.Table(table).TakeId();
        body["id"] = id;
        foreach (var name in Catalogue.Of(table).Model.Guids) body[name] ??= Guid.CreateVersion7(Now).ToString();
        Stamp(body, true);
        Note(table, id, null, body);
        if (!_added.TryGetValue(table, out var added)) _added.Add(table, added = []);
        added.Add(id);
        return id;
    }

    public void Put(string table, int id, JsonObject body)
    {
        var before = Find(table, id);
        Stamp(body, false);
        Note(table, id, before, body);
    }

    public void Remove(string table, int id) => Note(table, id, Find(table, id), null);

    /// <summary>What is to be committed, in the order of first writing.</summary>
    public IEnumerable<Write> Writes()
    {
        foreach (var key in _order)
        {
            var (before, after) = _writes[key];
            if (before is null && after is null) continue;
            yield return new Write(Catalogue.Of(key.Table), key.Id, before, after);
        }
    }

    private void Note(string table, int id, JsonObject? before, JsonObject? after)
    {
        var key = (table, id);
        if (_writes.TryGetValue(key, out var earlier)) before = earlier.Before;
        else _order.Add(key);
        _writes[key] = (before, after);
    }

    private void Stamp(JsonObject body, bool added)
    {
        var info = body["_info"] as JsonObject ?? [];
        body["_info"] = info;
        if (KeepsStamps && info.ContainsKey("lastUpdated")) return;
        if (added)
        {
            info["dateEntered"] = Json.Stamp(Now);
            info["enteredBy"] = By;
        }

        info["lastUpdated"] = Json.Stamp(Now);
        info["updatedBy"] = By;
    }
}

/// <summary>One record before and after a change; no before: added, no after: deleted.</summary>
internal sealed record Write(Resource Resource, int Id, JsonObject? Before, JsonObject? After)
{
    public string Action => Before is null ? "added" : After is null ? "deleted" : "updated";

    /// <summary>Names of the members whose value is not what it was.</summary>
    public IReadOnlyList<string> Changed() => Before is null || After is null ? []
        : [.. Before.Select(p => p.Key).Union(After.Select(p => p.Key), StringComparer.Ordinal)
            .Where(name => name != "_info" && !Json.Same(Before[name], After[name]))];
}
