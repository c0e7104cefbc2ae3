using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Deskbridge.Tests.Operations;

/// <summary>The real program as its own process, in a folder of its own unless one is given.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly DirectoryInfo? _own;
    private readonly StringBuilder _said = new();

    private HubProcess(Process process, DirectoryInfo? own) => (_process, _own) = (process, own);

    public int Id => _process.Id;

    public Uri Address { get; private set; } = null!;

    /// <summary>What it wrote to standard output and error so far.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>The program as built beside the tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "deskbridge");

    /// <summary>Starts <c>serve</c> and does not wait.</summary>
    public static HubProcess Begin(string? folder = null)
    {
        var own = folder is null ? System.IO.Directory.CreateTempSubdirectory("deskbridge-process-") : null;
        var start = new ProcessStartInfo(Program, ["serve", "--data", folder ?? own!.FullName, "--port", "0"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var hub = new HubProcess(Process.Start(start)!, own);
        hub.Listen();
        return hub;
    }

    /// <summary>Starts <c>serve</c> and waits until it listens.</summary>
    public static async Task<HubProcess> StartAsync(string? folder = null)
    {
        var hub = Begin(folder);
        const string sign = "Deskbridge is at ";
        await Stories.StoryWorld.EventuallyAsync("the hub listens", () => Task.FromResult(hub.Said.Contains(sign, StringComparison.Ordinal) || hub._process.HasExited));
        Assert.False(hub._process.HasExited, hub.Said);
        var at = hub.Said.IndexOf(sign, StringComparison.Ordinal) + sign.Length;
        hub.Address = new Uri(hub.Said[at..hub.Said.IndexOf('\n', at)].Trim());
        return hub;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Exit, string Said)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }

        _process.Dispose();
        _own?.Delete(recursive: true);
    }

    private void Listen()
    {
        void Keep(object _, DataReceivedEventArgs line)
        {
            lock (_said) _said.AppendLine(line.Data);
        }

        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }
}
