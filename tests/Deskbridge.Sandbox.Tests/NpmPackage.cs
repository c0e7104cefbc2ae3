using System.ComponentModel;
using System.Diagnostics;

namespace Deskbridge.Sandbox.Tests;

/// <summary>A public npm package, installed when a test first needs it and never changed.</summary>
internal sealed class NpmPackage(string name, string version)
{
    private readonly Lazy<Task<string>> _folder = new(() => InstallAsync(name, version));

    /// <summary>Runs a script of the tests with the package's folder and the given arguments; what fails ends it with a code other than 0.</summary>
    public async Task<(int Code, string Output)> RunAsync(string script, Dictionary<string, string> environment, params string[] arguments)
    {
        var folder = await _folder.Value;
        return await RunAsync("node", folder, [Path.Combine(AppContext.BaseDirectory, script), folder, .. arguments], environment);
    }

    private static async Task<string> InstallAsync(string name, string version)
    {
        var package = $"{name}@{version}";
        var folder = Path.Combine(AppContext.BaseDirectory, "npm", package.TrimStart('@').Replace('/', '-'));
        if (File.Exists(Path.Combine(folder, "node_modules", name, "package.json"))) return folder;
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{ "private": true }""");
        var (code, output) = await RunAsync("npm", folder, ["install", "--no-save", "--no-audit", "--no-fund", package], []);
        return code == 0 ? folder : throw new InvalidOperationException($"npm could not install {package}; the test needs the npm registry. It said: {output}");
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string folder, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await errors);
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"{program} is missing. Install it, on Debian with: apt-get install nodejs npm ({missing.Message})", missing);
        }
    }
}
