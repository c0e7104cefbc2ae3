using System.Text.Json;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>An entry and its place in the log, counted from 1.</summary>
internal sealed record Logged<T>(long Seq, T Entry);

/// <summary>
/// A file with one JSON document a line that only grows. What <see cref="AppendAsync"/> has returned for is on disk;
/// a last line cut short by a crash was never confirmed to anybody and is dropped on opening.
/// </summary>
internal sealed class AppendLog<T> : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly List<Logged<T>> _entries;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _reading = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppendLog(FileStream file, List<Logged<T>> entries) => (_file, _entries) = (file, entries);

    /// <summary>Completes at the next append. Take it before reading, or an entry in between is missed.</summary>
    public Task Changed
    {
        get { lock (_reading) return _changed.Task; }
    }

    /// <summary>The place of the newest entry, 0 when there is none.</summary>
    public long Last
    {
        get { lock (_reading) return _entries.Count; }
    }

    /// <summary>Opens or makes the log. A damaged line other than the last is an error that names it.</summary>
    public static AppendLog<T> Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        try
        {
            return new AppendLog<T>(file, ReadAll(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public async Task<Logged<T>> AppendAsync(T entry, CancellationToken cancel)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(entry, CarriersJson.Options);
        await _writing.WaitAsync(cancel);
        try
        {
            await WriteLineAsync(line);
            return Publish(entry);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Entries behind <paramref name="seq"/>, oldest first.</summary>
    public IReadOnlyList<Logged<T>> After(long seq, int limit = int.MaxValue)
    {
        lock (_reading)
        {
            var from = (int)Math.Clamp(seq, 0, _entries.Count);
            return _entries.GetRange(from, Math.Min(limit, _entries.Count - from));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        await _file.DisposeAsync();
        _writing.Dispose();
    }

    // Not cancellable once begun: half a line must not stay.
    private async Task WriteLineAsync(byte[] line)
    {
        var before = _file.Length;
        try
        {
            _file.Seek(0, SeekOrigin.End);
            await _file.WriteAsync(line, CancellationToken.None);
            _file.WriteByte((byte)'\n');
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _file.SetLength(before);
            throw;
        }
    }

    private Logged<T> Publish(T entry)
    {
        TaskCompletionSource changed;
        Logged<T> logged;
        lock (_reading)
        {
            logged = new Logged<T>(_entries.Count + 1, entry);
            _entries.Add(logged);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
        return logged;
    }

    private static List<Logged<T>> ReadAll(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        if (whole < bytes.Length) file.SetLength(whole);

        var entries = new List<Logged<T>>();
        for (var start = 0; start < whole;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            entries.Add(new Logged<T>(entries.Count + 1, ReadLine(bytes.AsSpan(start, end - start), file.Name, entries.Count + 1)));
            start = end + 1;
        }
        return entries;
    }

    private static T ReadLine(ReadOnlySpan<byte> line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, CarriersJson.Options) ?? throw new JsonException("The line is null.");
        }
        catch (JsonException damage)
        {
            throw new InvalidDataException($"Line {number} of '{path}' is damaged: {damage.Message} Remove the line, or the file to begin afresh.", damage);
        }
    }
}
