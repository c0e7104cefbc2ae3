using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deskbridge.Bench;

/// <summary>How a hub is run by a scenario.</summary>
internal sealed record HubSetup
{
    /// <summary>How often it polls.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether it registers callbacks; then it knows its public address.</summary>
    public bool Callbacks { get; init; }

    /// <summary>Connected to the simulated Autotask instead of ConnectWise PSA.</summary>
    public bool Autotask { get; init; }

    /// <summary>Which details it reads beside each ticket; none means that pages and markers alone are measured.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}

/// <summary>The published hub as its own process, set up as an administrator would: over its pages and its API.</summary>
internal sealed partial class HubUnderTest : IAsyncDisposable
{
    private const string Email = "dana.reyes@northbridge-msp.test";

    private readonly Child _process;
    private readonly HttpClient _http;

    private HubUnderTest(Child process, Uri url, TimeSpan started)
    {
        (_process, StartedIn) = (process, started);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>From the start of the process to the first answer of <c>/health/ready</c> that says so.</summary>
    public TimeSpan StartedIn { get; }

    public int Id => _process.Id;

    public ProcessUse Use => _process.Use;

    /// <summary>Starts a hub on a data folder that may exist already.</summary>
    public static async Task<HubUnderTest> StartAsync(string program, string data, HubSetup setup)
    {
        var began = TimeProvider.System.GetTimestamp();
        var process = Child.Start(
            program,
            ["serve", "--data", data, "--port", "0"],
            new Dictionary<string, string>
            {
                ["Connections__PollInterval"] = setup.Poll.ToString("c", CultureInfo.InvariantCulture),
                ["Connections__CallsPerMinute"] = "100000",
            });
        const string Says = "Deskbridge is at ";
        var url = await process.HearAsync(line => line.StartsWith(Says, StringComparison.Ordinal) ? line[Says.Length..] : null, TimeSpan.FromSeconds(60));
        using var probe = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url) };
        while (true)
        {
            using var answer = await probe.GetAsync("/health/ready");
            if (answer.IsSuccessStatusCode) return new HubUnderTest(process, new Uri(url), TimeProvider.System.GetElapsedTime(began));
            await Task.Delay(5);
        }
    }

    /// <summary>First administrator, team, channel, duty, connection, Install.</summary>
    public async Task PrepareAsync(string program, string data, Sandbox sandbox, Uri webhook, HubSetup setup)
    {
        await FirstAdministratorAsync();
        await using (var token = Child.Start(program, ["token", Email, "--data", data, "--scopes", "all"]))
        {
            var text = await token.HearAsync(line => line.Length > 20 && !line.Contains(' ', StringComparison.Ordinal) ? line : null, TimeSpan.FromSeconds(30));
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", text);
        }

        var me = await SendAsync(HttpMethod.Get, "people/me", null);
        var team = await SendAsync(HttpMethod.Post, "teams", new JsonObject { ["name"] = "Service desk", ["repeatMinutes"] = 60 });
        await SendAsync(HttpMethod.Put, $"teams/{team["id"]}/members", new JsonObject { ["members"] = new JsonArray(me["id"]!.DeepClone()) });
        await SendAsync(HttpMethod.Post, "channels", new JsonObject { ["kind"] = "webhook", ["name"] = "bench", ["address"] = webhook.ToString() });
        await SendAsync(HttpMethod.Post, "duty/punch-in", new JsonObject { ["team"] = "Service desk" });
        if (setup.Callbacks) await SendAsync(HttpMethod.Put, "settings", new JsonObject { ["publicUrl"] = _http.BaseAddress!.GetLeftPart(UriPartial.Authority) });
        var connection = await SendAsync(HttpMethod.Post, "connections", new JsonObject
        {
            ["kind"] = setup.Autotask ? "autotask" : "connectwise-psa",
            ["name"] = "Bench PSA",
            ["teamId"] = team["id"]!.DeepClone(),
            ["settings"] = setup.Autotask ? sandbox.AutotaskSettings : PsaSettings(sandbox, setup),
        });
        var id = (connection["connection"] ?? connection)["id"];
        var run = await SendAsync(HttpMethod.Post, $"connections/{id}/install?wait=60", null);
        for (var asked = 0; (string?)run["state"] == "running" && asked < 30; asked++) run = await SendAsync(HttpMethod.Get, $"connections/{id}/runs/{run["id"]}?wait=60", null);
        if ((string?)run["state"] != "succeeded") throw new InvalidOperationException($"Install ended badly: {run}");
    }

    /// <summary>Dana takes the newest alert.</summary>
    public async Task AcknowledgeOneAsync()
    {
        var newest = (await SendAsync(HttpMethod.Get, "alerts?limit=1&status=open", null))["items"]![0]!["id"];
        await SendAsync(HttpMethod.Post, $"alerts/{newest}/acknowledge", null);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static JsonObject PsaSettings(Sandbox sandbox, HubSetup setup) => new()
    {
        ["instanceUri"] = sandbox.Url.ToString(),
        ["companyId"] = sandbox.CompanyId,
        ["memberId"] = sandbox.MemberId,
        ["publicKey"] = sandbox.PublicKey,
        ["privateKey"] = sandbox.PrivateKey,
        ["clientId"] = sandbox.ClientId,
        ["details"] = new JsonArray([.. setup.Details.Select(name => (JsonNode)name)]),
    };

    private async Task FirstAdministratorAsync()
    {
        var code = await _process.HearAsync(line => Code().Match(line) is { Success: true } match ? match.Value.Trim() : null, TimeSpan.FromSeconds(10));
        var page = await _http.GetStringAsync("/setup");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["Form.Code"] = code,
            ["Form.Name"] = "Dana Reyes",
            ["Form.Email"] = Email,
            ["Form.Password"] = "correct-horse-battery-staple",
            ["__RequestVerificationToken"] = FormToken().Match(page).Groups["value"].Value,
        });
        using var answer = await _http.PostAsync("/setup", form);
        if ((int)answer.StatusCode != 302) throw new InvalidOperationException($"The first administrator could not be made: {(int)answer.StatusCode}");
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    [GeneratedRegex("^ {6}[a-z0-9]{5}-[a-z0-9]{5}$", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormToken();
}
