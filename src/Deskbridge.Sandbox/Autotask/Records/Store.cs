using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Records;

/// <summary>Who acts: a resource, and the API user behind an impersonated call.</summary>
internal sealed record Actor(long Resource, long? Impersonator = null);

/// <summary>One record before and after a change; no before: created, no after: deleted.</summary>
internal sealed record Write(Entity Entity, long Id, Record? Before, Record? After)
{
    public string Action => Before is null ? "Create" : After is null ? "Delete" : "Update";

    public IReadOnlyList<string> Changed { get; } = Record.Changed(Before, After);
}

/// <summary>All records in memory, rebuilt at start from the journal's commit lines. One writer at a time; readers take arrays of
/// records that never change.</summary>
internal sealed class Store(SandboxClock clock)
{
    private readonly Dictionary<string, Table> _tables = Entities.All.ToDictionary(e => e.Name, e => new Table(FirstId(e)), StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Journal? _journal;

    public DateTimeOffset Now => Values.Milliseconds(clock.Now);

    /// <summary>Told of every commit, in commit order, while the gate is held: it only prepares work.</summary>
    public Action<IReadOnlyList<Write>, Actor>? Committed { get; set; }

    public void Attach(Journal journal) => _journal = journal;

    /// <summary>All records of an entity by rising id.</summary>
    public Record[] Rows(Entity entity)
    {
        lock (_gate) return _tables[entity.Name].Ordered;
    }

    public Record? Find(Entity entity, long id)
    {
        lock (_gate) return _tables[entity.Name].Rows.GetValueOrDefault(id);
    }

    public Record? Find(string entity, long? id) => id is { } key ? Find(Entities.Of(entity), key) : null;

    public T Commit<T>(Actor by, Func<Change, T> work, bool quiet = false)
    {
        lock (_gate)
        {
            var now = Now;
            var change = new Change(this, by, now);
            var result = work(change);
            var writes = change.Writes().ToList();
            if (writes.Count == 0) return result;
            _journal!.Append(now, [.. writes.Select(w => ("commit", Line(w, by)))]);
            foreach (var write in writes) _tables[write.Entity.Name].Put(write.Id, write.After);
            if (!quiet) Committed?.Invoke(writes, by);
            return result;
        }
    }

    /// <summary>The next number of an entity; numbers are never used twice while the sandbox runs.</summary>
    public long NextId(Entity entity) => _tables[entity.Name].NextId++;

    public int Next(string series, Func<int> last) => _numbers[series] = (_numbers.TryGetValue(series, out var given) ? given : last()) + 1;

    /// <summary>Takes one commit line of the journal back into memory.</summary>
    public void Replay(JsonObject line)
    {
        if ((string?)line["kind"] != "commit" || Entities.Find((string)line["table"]!) is not { } entity) return;
        _tables[entity.Name].Put((long)line["id"]!, line["record"] is JsonObject kept ? Values.Restore(entity, kept) : null);
    }

    private static JsonObject Line(Write write, Actor by) => new()
    {
        ["type"] = write.Entity.LegacyName,
        ["table"] = write.Entity.Name,
        ["id"] = write.Id,
        ["action"] = write.Action,
        ["by"] = by.Resource,
        ["changed"] = new JsonArray([.. write.Changed.Select(n => (JsonNode)n)]),
        ["record"] = write.After is { } after ? Values.Keep(after) : null,
    };

    // Webhooks count from 1 as the vendor's do, tickets on from what a small provider has, the rest in the range of custom ids.
    private static long FirstId(Entity entity) => entity switch
    {
        { IsInternal: true } => 1,
        { Name: "Tickets" } => 48_201,
        _ => entity.Name.Contains("Webhook", StringComparison.Ordinal) ? 1 : 29_683_500,
    };

    private sealed class Table(long firstId)
    {
        private Record[]? _ordered;

        public SortedDictionary<long, Record> Rows { get; } = [];

        public long NextId { get; set; } = firstId;

        public Record[] Ordered => _ordered ??= [.. Rows.Values];

        public void Put(long id, Record? record)
        {
            _ordered = null;
            if (record is null) Rows.Remove(id);
            else Rows[id] = record;
            NextId = Math.Max(NextId, id + 1);
        }
    }
}
