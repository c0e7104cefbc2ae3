using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Records;

/// <summary>All records in memory, rebuilt at start from the journal's commit lines. One writer at a time; readers take
/// arrays of rows whose bodies never change.</summary>
internal sealed class PsaStore(SandboxClock clock)
{
    // Records of these tables are not shown inside others, so changing them makes no view stale.
    private static readonly HashSet<string> Leaves = ["notes", "tasks", "scheduleEntries", "timeEntries", "documents", "callbacks", "tickets", "projectTickets", "projectTicketNotes", "projectTasks"];

    private readonly Dictionary<string, Table> _tables = Catalogue.All.ToDictionary(r => r.Table, r => new Table(r), StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private Journal? _journal;

    public Lock Gate { get; } = new();

    /// <summary>The PSA's time.</summary>
    public DateTimeOffset Now => clock.Now;

    /// <summary>Told of every commit, in commit order, while the gate is held: it only prepares work.</summary>
    public Action<IReadOnlyList<Write>, string>? Committed { get; set; }

    /// <summary>Rises whenever a record changes that others show by name.</summary>
    public int Setup { get; private set; }

    public Table Table(string name) => _tables[name];

    /// <summary>The next number of what is numbered inside records; <paramref name="last"/> finds the last one once.</summary>
    public int Next(string sequence, Func<int> last) => _numbers[sequence] = (_numbers.TryGetValue(sequence, out var given) ? given : last()) + 1;

    public void Attach(Journal journal) => _journal = journal;

    public Row[] Rows(string table)
    {
        lock (Gate) return Table(table).Rows;
    }

    public Row? Find(string table, int id)
    {
        lock (Gate) return Table(table).Find(id);
    }

    public T Commit<T>(string by, Func<Change, T> work, bool keepsStamps = false)
    {
        lock (Gate)
        {
            var now = clock.Now;
            var change = new Change(this, by, now) { KeepsStamps = keepsStamps };
            var result = work(change);
            var writes = change.Writes().ToList();
            if (writes.Count == 0) return result;
            _journal!.Append(now, [.. writes.Select(w => ("commit", Line(w, by)))]);
            foreach (var write in writes) Apply(write.Resource.Table, write.Id, write.After, now);
            if (!keepsStamps && !change.Quiet) Committed?.Invoke(writes, by);
            return result;
        }
    }

    /// <summary>What a change would come to; nothing of it is kept.</summary>
    public T Draft<T>(string by, Func<Change, T> work)
    {
        lock (Gate) return work(new Change(this, by, clock.Now));
    }

    /// <summary>Takes one commit line of the journal back into memory.</summary>
    public void Replay(JsonObject line)
    {
        if ((string?)line["kind"] != "commit" || !_tables.ContainsKey((string)line["table"]!)) return;
        var after = line["record"] as JsonObject;
        line.Remove("record");
        Apply((string)line["table"]!, (int)line["id"]!, after, Json.Instant(line["time"])!.Value);
    }

    private void Apply(string table, int id, JsonObject? after, DateTimeOffset now)
    {
        if (after is null) _tables[table].Remove(id);
        else _tables[table].Put(id, Touch(after), now);
        if (!Leaves.Contains(table)) Setup++;
    }

    private static JsonObject Line(Write write, string by) => new()
    {
        ["type"] = write.Resource.ModelName,
        ["table"] = write.Resource.Table,
        ["id"] = write.Id,
        ["action"] = write.Action,
        ["by"] = by,
        ["changed"] = new JsonArray([.. write.Changed().Select(n => (JsonNode)n)]),
        ["record"] = write.After?.DeepClone(),
    };

    // Parsed trees fill themselves on first use; doing that once here keeps later readers from racing for it.
    private static JsonObject Touch(JsonObject record)
    {
        foreach (var (_, value) in record) Touch(value);
        return record;
    }

    private static void Touch(JsonNode? node)
    {
        if (node is JsonObject child) Touch(child);
        if (node is JsonArray array)
        {
            foreach (var item in array) Touch(item);
        }
    }
}
