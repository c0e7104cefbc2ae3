using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Tests.ConnectWisePsa.Contract;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa.Clients;

/// <summary>The public npm package connectwise-rest, installed when the test runs and unmodified: a ticket's life, a callback, and
/// every read of the package that the sandbox serves (connectwise-rest.cjs).</summary>
public sealed class ConnectWiseRestTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    private const string Package = "connectwise-rest@1.3.0";

    private static readonly Lazy<Task<string>> Folder = new(InstallAsync);

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Package_Unmodified_WorksOver(string scheme)
    {
        var folder = await Folder.Value;
        var reads = ((JsonArray)await psa.ControlAsync(HttpMethod.Get, "/operations")).Select(o => ((string)o!).Split(' ')).Select(o => VendorContract.Key(o[0], o[1])).Where(o => o.StartsWith("GET ", StringComparison.Ordinal));
        var keys = psa.Server.ConnectWise;

        var (code, output) = await RunAsync("node", folder, [Path.Combine(AppContext.BaseDirectory, "ConnectWisePsa/Clients/connectwise-rest.cjs"), folder, scheme], new()
        {
            ["NODE_EXTRA_CA_CERTS"] = psa.Server.CaFile,
            ["CW_HOST"] = (scheme == "http" ? psa.Server.HttpUrl : psa.Server.HttpsUrl).Authority,
            ["CW_COMPANY"] = keys.CompanyId,
            ["CW_PUBLIC_KEY"] = keys.PublicKey,
            ["CW_PRIVATE_KEY"] = keys.PrivateKey,
            ["CW_CLIENT_ID"] = keys.ClientId,
            ["CW_OPERATIONS"] = JsonSerializer.Serialize(reads),
        });

        Assert.True(code == 0, output);
        Assert.True(int.Parse(output.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) > 400, output);
    }

    private static async Task<string> InstallAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "npm", Package);
        if (File.Exists(Path.Combine(folder, "node_modules/connectwise-rest/package.json"))) return folder;
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{ "private": true }""");
        var (code, output) = await RunAsync("npm", folder, ["install", "--no-save", "--no-audit", "--no-fund", Package], []);
        return code == 0 ? folder : throw new InvalidOperationException($"npm could not install {Package}; the test needs the npm registry. It said: {output}");
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
