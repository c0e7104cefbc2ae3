using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Cli.Demo;

/// <summary>
/// The sandbox as a process of its own, so that a killed hub leaves the remote systems standing as in life. It holds the reading end of a
/// pipe whose writing end only we hold: however this process dies, the pipe closes and the child ends itself.
/// </summary>
internal sealed class SandboxChild : IAsyncDisposable
{
    private readonly Process _process;

    private SandboxChild(Process process, SandboxDescription description) => (_process, Description) = (process, description);

    public SandboxDescription Description { get; }

    /// <summary>Starts it; it accepts connections when this returns.</summary>
    /// <exception cref="StartRefusedException">It did not start; what it said stands on the terminal.</exception>
    public static async Task<SandboxChild> StartAsync(string data, int port, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(SandboxChild).Assembly.Location);
        foreach (var argument in (string[])["sandbox", "--data", data, "--port", port.ToString(CultureInfo.InvariantCulture), SandboxCommand.ChildFlag])
            start.ArgumentList.Add(argument);

        var process = Process.Start(start) ?? throw new StartRefusedException("The sandbox process could not be started.");
        var line = await process.StandardOutput.ReadLineAsync(cancel);
        if (line is null)
        {
            await process.WaitForExitAsync(cancel);
            process.Dispose();
            throw new StartRefusedException("The sandbox did not start; the reason stands above.");
        }

        return new SandboxChild(process, JsonSerializer.Deserialize<SandboxDescription>(line)!);
    }

    /// <summary>Ends when the child does.</summary>
    public Task EndAsync(CancellationToken cancel) => _process.WaitForExitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
