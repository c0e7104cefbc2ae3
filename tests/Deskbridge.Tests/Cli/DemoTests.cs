using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests.Cli;

/// <summary>The real program as its own process.</summary>
public sealed class DemoTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-demo-");

    private TestDatabase? _database;

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Demo_DescribesItself_EndsWhole_AndGoesOnWhereItWas()
    {
        _database = await TestDatabase.EmptyAsync(_folder.FullName);
        JsonNode first;
        using (var demo = Start())
        {
            first = await ReadyAsync(demo);
            Assert.Equal(["autotask", "connectwise", "hub", "mail", "ntfy", "sandbox", "twilio"], Names(first).Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal));
            Assert.Equal(["url", "apiToken", "email", "password"], Names(first["hub"]!));
            Assert.Equal(["url", "httpsUrl", "caFile", "controlToken"], Names(first["sandbox"]!));
            Assert.Equal(["url", "httpsUrl", "companyId", "memberId", "publicKey", "privateKey", "clientId"], Names(first["connectWise"]!));
            Assert.Equal(["url", "httpsUrl", "userName", "secret", "integrationCode"], Names(first["autotask"]!));
            Assert.Equal(first["sandbox"]!["url"] + "/ATServicesRest/", first["autotask"]!["url"]!.ToString());
            Assert.True(File.Exists(first["sandbox"]!["caFile"]!.ToString()));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DescriptionFile));
            await AcceptsTokenAsync(first);

            await SignalAsync("TERM", demo.Id);
            await demo.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Equal(0, demo.ExitCode);
            Assert.False(await AnswersAsync(first["sandbox"]!["url"]!));
            Assert.False(File.Exists(DescriptionFile)); // it would say that everything answers
        }

        using (var demo = Start())
        {
            var second = await ReadyAsync(demo);
            Assert.Equal(first["hub"]!["apiToken"]!.ToString(), second["hub"]!["apiToken"]!.ToString());
            Assert.Equal(first["hub"]!["password"]!.ToString(), second["hub"]!["password"]!.ToString());
            Assert.Equal(first["connectWise"]!["privateKey"]!.ToString(), second["connectWise"]!["privateKey"]!.ToString());
            await AcceptsTokenAsync(second);
            await ReadsWithoutAFailureAsync(second);

            await SignalAsync("KILL", demo.Id);
            await demo.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            await Stories.StoryWorld.EventuallyAsync("the sandbox ends with its parent", async () => !await AnswersAsync(second["sandbox"]!["url"]!));
        }
    }

    private string DescriptionFile => Path.Combine(_folder.FullName, "demo.json");

    private Process Start()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "deskbridge")) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] named = _database!.Address is { } address ? ["--database", address] : [];
        foreach (var argument in (string[])["demo", "--no-traffic", "--data", _folder.FullName, "--port", FreePort(), "--sandbox-port", FreePort(), .. named]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Waits for the greeting; by then the file is written.</summary>
    private async Task<JsonNode> ReadyAsync(Process demo)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(Patience);
        var said = "";
        while (!said.Contains("The demo is ready.", StringComparison.Ordinal))
        {
            if (await demo.StandardOutput.ReadLineAsync(time.Token) is not { } line) Assert.Fail(said + await demo.StandardError.ReadToEndAsync(time.Token));
            else said += line + "\n";
        }

        return JsonNode.Parse(await File.ReadAllTextAsync(DescriptionFile, time.Token))!;
    }

    private static async Task AcceptsTokenAsync(JsonNode demo)
    {
        using var program = new Visitor(new Uri(demo["hub"]!["url"]!.ToString()), "10.0.0.1");
        program.UseToken(demo["hub"]!["apiToken"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/tokens")).StatusCode);
    }

    /// <summary>The sandbox answers before the hub asks: a demo that is started again shows no connection in trouble.</summary>
    private static async Task ReadsWithoutAFailureAsync(JsonNode demo)
    {
        using var program = new Visitor(new Uri(demo["hub"]!["url"]!.ToString()), "10.0.0.1");
        program.UseToken(demo["hub"]!["apiToken"]!.ToString());
        var begun = TimeProvider.System.GetUtcNow();
        await Stories.StoryWorld.EventuallyAsync("the connection is read", async () =>
            (await Visitor.JsonAsync(await program.GetAsync("/api/v1/connections")))["items"]![0]!["health"]!["lastReadAt"]?.GetValue<DateTimeOffset>() > begun);
        Assert.Empty((await Visitor.JsonAsync(await program.GetAsync("/api/v1/events?kind=failure")))["items"]!.AsArray());
    }

    private static async Task<bool> AnswersAsync(JsonNode url)
    {
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(IPAddress.Loopback, new Uri(url.ToString()).Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task SignalAsync(string name, int process)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static string[] Names(JsonNode node) => [.. node.AsObject().Select(pair => pair.Key)];

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
