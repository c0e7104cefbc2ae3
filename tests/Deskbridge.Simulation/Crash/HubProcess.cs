using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Deskbridge.Simulation.Crash;

/// <summary>A hub as a process of its own, to be killed.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    /// <summary>What a shell and .NET report for a process that SIGKILL ended: 128 + 9.</summary>
    public const int Killed = 137;

    private static readonly TimeSpan KillArrives = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HubProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Said => string.Join('\n', _said);

    /// <summary>Done when the hub said that it answers requests.</summary>
    public Task Listening => _listening.Task;

    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="program">The published hub.</param>
    /// <param name="arguments">Those of <c>serve</c>.</param>
    /// <param name="failpoint">Where it kills itself; null for nowhere.</param>
    /// <param name="settings">Beside the usual ones.</param>
    public static HubProcess Start(string program, IReadOnlyList<string> arguments, string? failpoint, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["serve", "--no-pages", .. arguments]) start.ArgumentList.Add(argument);
        start.Environment[CrashAt.Variable] = failpoint ?? "";
        start.Environment["Connections__PollInterval"] = "00:00:02";
        start.Environment["Alerting__PageAttempts"] = "20"; // ten kills in a row that strike one page are no trouble of its own
        start.Environment["DOTNET_TieredPGO"] = "0"; // lives too short to profit from measuring itself,
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "EA60"; // nor, in a minute (hexadecimal milliseconds), from compiling its code a second time
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        return new HubProcess(Process.Start(start)!);
    }

    /// <summary>Its exit code, or null when it still runs after that time.</summary>
    public async Task<int?> ExitAsync(TimeSpan within)
    {
        using var enough = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(enough.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Holds it up in the middle of whatever it does, as a paused virtual machine is.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on; it does not know that time has passed.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>kill -9 from outside, by its id.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await ExitAsync(KillArrives);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0) throw new InvalidOperationException($"SIG{signal} did not reach the hub {Id}.");
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        _said.Enqueue(line);
        if (line.StartsWith("Deskbridge is at ", StringComparison.Ordinal)) _listening.TrySetResult();
    }
}
