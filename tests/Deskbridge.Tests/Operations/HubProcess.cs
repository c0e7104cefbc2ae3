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
    /// <param name="folder">Its data; a folder of its own when none is given.</param>
    /// <param name="environment">Variables on top of this process's.</param>
    /// <param name="ground">Shell commands that lay what it stands on, in a mount namespace that ends with it; <c>$0</c> is the folder.</param>
    public static HubProcess Begin(string? folder = null, IReadOnlyDictionary<string, string>? environment = null, string? ground = null)
    {
        var own = folder is null ? System.IO.Directory.CreateTempSubdirectory("deskbridge-process-") : null;
        var data = folder ?? own!.FullName;
        string[] before = ground is null ? [] : ["unshare", "--map-root-user", "--mount", "sh", "-ec", ground + "\nexec \"$@\"", data];
        string[] command = [.. before, Program, "serve", "--data", data, "--port", "0"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var hub = new HubProcess(Process.Start(start)!, own);
        hub.Listen();
        return hub;
    }

    /// <summary>Starts <c>serve</c> and waits until it listens.</summary>
    public static async Task<HubProcess> StartAsync(string? folder = null, IReadOnlyDictionary<string, string>? environment = null, string? ground = null)
    {
        var hub = Begin(folder, environment, ground);
        const string sign = "Deskbridge is at ";
        await Stories.StoryWorld.EventuallyAsync("the hub listens", () => Task.FromResult(hub.Said.Contains(sign, StringComparison.Ordinal) || hub._process.HasExited));
        Assert.False(hub._process.HasExited, hub.Said);
        var at = hub.Said.IndexOf(sign, StringComparison.Ordinal) + sign.Length;
        hub.Address = new Uri(hub.Said[at..hub.Said.IndexOf('\n', at)].Trim());
        return hub;
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int Exit, string Said)> RunAsync(params string[] arguments) => RunToEndAsync([Program, .. arguments]);

    /// <summary>Runs a command on the ground that the hub stands on.</summary>
    public Task<(int Exit, string Said)> BesideAsync(params string[] arguments) =>
        RunToEndAsync(["nsenter", "--target", Id.ToString(CultureInfo.InvariantCulture), "--user", "--mount", "--preserve-credentials", Program, .. arguments]);

    private static async Task<(int Exit, string Said)> RunToEndAsync(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Waits until it ends by itself. Answers its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public async Task TermAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
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
            await TermAsync();
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
