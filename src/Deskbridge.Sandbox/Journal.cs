using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox;

/// <summary>The append-only log: one JSON line per request, commit, callback and setting, numbered without gaps.
/// A line is with the operating system before the call that writes it returns, so it outlives the process.</summary>
internal sealed class Journal : IDisposable
{
    private readonly FileStream _owner;
    private readonly FileStream _file;
    private readonly Lock _gate = new();
    private readonly List<(long Offset, int Length, string Kind)> _index = [];

    public Journal(string path, Action<JsonObject> replay)
    {
        // Two writers would number the same lines; the lock ends with the process, however it ends.
        _owner = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        Replay(replay);
    }

    /// <summary>The number of the newest line; 0 when there is none.</summary>
    public long Last
    {
        get
        {
            lock (_gate) return _index.Count;
        }
    }

    /// <summary>Appends lines in one write, so that a crash keeps all of them or the first few whole ones.</summary>
    public void Append(DateTimeOffset time, params IReadOnlyList<(string Kind, JsonObject Line)> lines)
    {
        lock (_gate)
        {
            using var buffer = new MemoryStream();
            foreach (var (kind, line) in lines)
            {
                var head = new JsonObject { ["seq"] = _index.Count + 1, ["kind"] = kind, ["time"] = time.UtcDateTime.ToString("O") };
                foreach (var name in line.Select(p => p.Key).ToList())
                {
                    var value = line[name];
                    line.Remove(name);
                    head[name] = value;
                }

                var start = buffer.Length;
                buffer.Write(Encoding.UTF8.GetBytes(head.ToJsonString(Json.Plain)));
                buffer.WriteByte((byte)'\n');
                _index.Add((_file.Length + start, (int)(buffer.Length - start), kind));
            }

            _file.Position = _file.Length;
            _file.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
        }
    }

    /// <summary>Lines after a number, oldest first, as they stand in the file.</summary>
    public IReadOnlyList<string> Read(long after, string? kind, int limit)
    {
        lock (_gate)
        {
            var found = new List<string>();
            for (var i = (int)Math.Clamp(after, 0, _index.Count); i < _index.Count && found.Count < limit; i++)
            {
                var (offset, length, is_) = _index[i];
                if (kind is not null && kind != is_) continue;
                var bytes = new byte[length - 1];
                _file.Position = offset;
                _file.ReadExactly(bytes);
                found.Add(Encoding.UTF8.GetString(bytes));
            }

            return found;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _owner.Dispose();
    }

    private void Replay(Action<JsonObject> replay)
    {
        using var reader = new StreamReader(_file, Encoding.UTF8, false, 1 << 16, leaveOpen: true);
        var offset = 0L;
        while (reader.ReadLine() is { } text)
        {
            var length = Encoding.UTF8.GetByteCount(text) + 1;
            if (offset + length > _file.Length) break;      // a last line without its end: the process died inside the write
            var line = Parse(text);
            if (line is null) break;
            _index.Add((offset, length, (string)line["kind"]!));
            offset += length;
            replay(line);
        }

        _file.SetLength(offset);
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
