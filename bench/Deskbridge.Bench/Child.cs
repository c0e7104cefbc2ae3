using System.Diagnostics;

namespace Deskbridge.Bench;

/// <summary>A program started by the bench; ended by its id when disposed.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Queue<string> _said = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Child(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public ProcessUse Use => ProcessUse.Of(Id);

    public static Child Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new Child(Process.Start(start)!);
    }

    /// <summary>The first line, said already or to come, for which the function has an answer.</summary>
    public async Task<T> HearAsync<T>(Func<string, T?> answer, TimeSpan within)
        where T : class
    {
        using var enough = new CancellationTokenSource(within);
        while (true)
        {
            Task news;
            lock (_gate)
            {
                foreach (var line in _said)
                {
                    if (answer(line) is { } found) return found;
                }

                if (_process.HasExited) throw new InvalidOperationException($"{_process.StartInfo.FileName} ended:\n{string.Join('\n', _said)}");
                news = _news.Task;
            }

            await Task.WhenAny(news, Task.Delay(200, enough.Token));
            enough.Token.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited) _process.Kill();
        using var patience = new CancellationTokenSource(EndsWithin);
        await _process.WaitForExitAsync(patience.Token);
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _said.Enqueue(line);
            _news.TrySetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
