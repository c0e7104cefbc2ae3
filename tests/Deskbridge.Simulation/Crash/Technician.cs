using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox;

namespace Deskbridge.Simulation.Crash;

/// <summary>The hand on the other side: works the tickets in the sandbox and reads its log, the oracle.</summary>
internal sealed class Technician : IDisposable
{
    private const string Name = "sburke";
    private readonly HttpClient _http;

    public Technician(SandboxServer sandbox)
    {
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(sandbox.HttpUrl, "_control/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", sandbox.ControlToken);
    }

    public async Task<int> OpenAsync(string summary) =>
        (int)(await SendAsync(HttpMethod.Post, "tickets", new JsonObject { ["by"] = Name, ["summary"] = summary, ["board"] = Id(1), ["company"] = Id(250) }))["id"]!;

    public Task SetStatusAsync(int ticket, string status) => ChangeAsync(ticket, "status", new JsonObject { ["name"] = status });

    public Task ChangeAsync(int ticket, string member, JsonNode value) =>
        SendAsync(HttpMethod.Patch, $"tickets/{ticket}", new JsonObject { ["by"] = Name, [member] = value });

    public Task NoteAsync(int ticket, string text) =>
        SendAsync(HttpMethod.Post, $"tickets/{ticket}/notes", new JsonObject { ["by"] = Name, ["text"] = text, ["internalAnalysisFlag"] = true });

    public Task SeedAsync(int count) => SendAsync(HttpMethod.Post, "seed", new JsonObject { ["count"] = count });

    public Task<JsonNode> TicketAsync(int ticket) => SendAsync(HttpMethod.Get, $"tickets/{ticket}", null);

    /// <summary>The texts of a ticket's notes.</summary>
    public async Task<IReadOnlyList<string>> NotesAsync(int ticket) => [.. (await TicketAsync(ticket))["notes"]!.AsArray().Select(note => (string)note!["text"]!)];

    public Task<JsonNode> SetupAsync() => SendAsync(HttpMethod.Get, "setup", null);

    /// <summary>The sandbox's whole log of one kind.</summary>
    public async Task<IReadOnlyList<JsonNode>> LogAsync(string kind)
    {
        var lines = new List<JsonNode>();
        while (true)
        {
            var after = lines.Count == 0 ? 0 : (long)lines[^1]["seq"]!;
            var page = (await SendAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"log?after={after}&kind={kind}&limit=5000"), null))["items"]!.AsArray();
            if (page.Count == 0) return lines;
            lines.AddRange(page.Select(line => line!));
        }
    }

    public void Dispose() => _http.Dispose();

    private static JsonObject Id(int id) => new() { ["id"] = id };

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"The sandbox refused {method} {path}: {text}");
    }
}
