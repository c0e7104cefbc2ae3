using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Bench;

/// <summary>The simulated ConnectWise PSA as its own process, without throttling.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private readonly Child _process;
    private readonly HttpClient _control;

    private Sandbox(Child process, JsonElement description)
    {
        _process = process;
        string Text(string name) => description.GetProperty(name).GetString()!;
        Url = new Uri(Text("Url"));
        AutotaskSettings = new JsonObject
        {
            ["userName"] = Text("AutotaskUserName"),
            ["secret"] = Text("AutotaskSecret"),
            ["integrationCode"] = Text("AutotaskIntegrationCode"),
            ["address"] = Text("Url"),
        };
        (CompanyId, MemberId, PublicKey, PrivateKey, ClientId) = (Text("CompanyId"), Text("MemberId"), Text("PublicKey"), Text("PrivateKey"), Text("ClientId"));
        _control = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Url, "_control/"), Timeout = TimeSpan.FromMinutes(5) };
        _control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Text("ControlToken"));
    }

    public Uri Url { get; }

    /// <summary>Settings of a connection to the simulated Autotask.</summary>
    public JsonObject AutotaskSettings { get; }

    public string CompanyId { get; }

    public string MemberId { get; }

    public string PublicKey { get; }

    public string PrivateKey { get; }

    public string ClientId { get; }

    public ProcessUse Use => _process.Use;

    /// <summary>What a client of the REST API sends in its Authorization header.</summary>
    public AuthenticationHeaderValue Authorization =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{CompanyId}+{PublicKey}:{PrivateKey}")));

    public static async Task<Sandbox> StartAsync(string program, string data)
    {
        var process = Child.Start(program, ["sandbox", "--data", data, "--port", "0", "--child"]);
        var description = await process.HearAsync(line => line.StartsWith('{') ? line : null, TimeSpan.FromSeconds(60));
        return new Sandbox(process, JsonSerializer.Deserialize<JsonElement>(description));
    }

    /// <summary>New open tickets in one commit, each with a summary of its own; all are visible when this returns.</summary>
    public Task AddAsync(int count) => PostAsync("seed", new JsonObject { ["count"] = count });

    /// <summary>One new ticket; visible when this returns.</summary>
    public Task AddAsync(string summary) => PostAsync(
        "tickets", new JsonObject { ["summary"] = summary, ["board"] = new JsonObject { ["id"] = 1 }, ["company"] = new JsonObject { ["id"] = 250 } });

    /// <summary>New open tickets of the simulated Autotask in one commit.</summary>
    public Task AddToAutotaskAsync(int count) => PostAsync("autotask/seed", new JsonObject { ["count"] = count });

    /// <summary>Requests that reached the simulated Autotask after a line of its log, by what they ask for.</summary>
    public async Task<(IReadOnlyList<string> Calls, long Last)> AutotaskCallsAsync(long after)
    {
        var calls = new List<string>();
        while (true)
        {
            var page = (await _control.GetFromJsonAsync<JsonObject>(string.Create(CultureInfo.InvariantCulture, $"autotask/log?after={after}&kind=request&limit=5000")))!;
            var lines = page["items"]!.AsArray();
            if (lines.Count == 0) return (calls, after);
            after = (long)lines[^1]!["seq"]!;
            calls.AddRange(lines.Select(line => $"{line!["method"]} {string.Join('/', ((string)line["path"]!).Split('/').Where(part => part.Length > 0 && !long.TryParse(part, CultureInfo.InvariantCulture, out _)).TakeLast(2))}"));
        }
    }

    /// <summary>The body of one open ticket, as the REST API gives it.</summary>
    public async Task<string> FirstTicketAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, "v4_6_release/apis/3.0/service/tickets?pageSize=1&conditions=closedFlag=false"));
        request.Headers.Authorization = Authorization;
        request.Headers.Add("clientId", ClientId);
        using var answer = await _control.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonArray>())![0]!.ToJsonString();
    }

    /// <summary>Requests of the REST API after a line of the log.</summary>
    public async Task<(IReadOnlyList<ApiCall> Calls, long Last)> CallsAsync(long after)
    {
        var calls = new List<ApiCall>();
        while (true)
        {
            var page = (await _control.GetFromJsonAsync<JsonObject>(string.Create(CultureInfo.InvariantCulture, $"log?after={after}&kind=request&limit=5000")))!;
            var lines = page["items"]!.AsArray();
            if (lines.Count == 0) return (calls, after);
            after = (long)lines[^1]!["seq"]!;
            calls.AddRange(lines.Select(line => new ApiCall((string)line!["method"]!, (string)line["path"]!, (int)line["status"]!, (DateTimeOffset)line["time"]!)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _process.DisposeAsync();
    }

    private async Task PostAsync(string path, JsonObject body)
    {
        using var answer = await _control.PostAsJsonAsync(path, body);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The sandbox refused {path}: {await answer.Content.ReadAsStringAsync()}");
    }
}

/// <summary>A request that reached the simulated PSA.</summary>
internal sealed record ApiCall(string Method, string Path, int Status, DateTimeOffset At)
{
    private const string Tickets = "/service/tickets";

    /// <summary>What it was for.</summary>
    public string Kind
    {
        get
        {
            var at = Path.IndexOf(Tickets, StringComparison.Ordinal);
            if (at < 0) return "others";
            var rest = Path[(at + Tickets.Length)..].Trim('/');
            if (rest.Contains('/', StringComparison.Ordinal)) return "others";
            return (Method, rest.Length) switch
            {
                ("GET", 0) => "pages of tickets",
                ("GET", _) => "single tickets",
                ("PATCH", _) => "writes",
                _ => "others",
            };
        }
    }
}
