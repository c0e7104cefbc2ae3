using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.Crash;

/// <summary>The hand on the other side: works the tickets in the sandbox and reads its log, the oracle. One for each vendor.</summary>
internal abstract class Technician : IDisposable
{
    private readonly HttpClient _http;

    protected Technician(SandboxServer sandbox)
    {
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(sandbox.HttpUrl, "_control/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", sandbox.ControlToken);
    }

    public static Technician Of(Vendor vendor, SandboxServer sandbox) => vendor == Vendor.Autotask ? new AutotaskTechnician(sandbox) : new ConnectWiseTechnician(sandbox);

    /// <summary>The kind of connection that the hub needs.</summary>
    public abstract string Kind { get; }

    /// <summary>Its settings.</summary>
    public abstract JsonObject Settings { get; }

    /// <summary>The status of a new ticket.</summary>
    public abstract string New { get; }

    /// <summary>The status of a ticket that a technician works on, by their own word.</summary>
    public abstract string Working { get; }

    /// <summary>The status that the hub sets when an alert is acknowledged.</summary>
    public abstract string Taken { get; }

    /// <summary>The status of a ticket that is done.</summary>
    public abstract string Closed { get; }

    /// <summary>Tickets carry markers, and owners are scheduled.</summary>
    public virtual bool HasMarkers => false;

    /// <summary>Tickets take files.</summary>
    public virtual bool TakesFiles => false;

    /// <summary>A note of the hub tells of each acknowledge and close.</summary>
    public virtual bool TellsStates => false;

    /// <summary>The path of its log and seed.</summary>
    protected virtual string Root => "";

    /// <summary>Makes the sandbox ready for a load that no customer makes.</summary>
    public virtual Task PrepareAsync() => Task.CompletedTask;

    public abstract Task<int> OpenAsync(string title);

    public abstract Task SetStatusAsync(int ticket, string status);

    public abstract Task RetitleAsync(int ticket, string title);

    public abstract Task NoteAsync(int ticket, string text);

    /// <summary>The name of the ticket's status.</summary>
    public abstract Task<string?> StatusAsync(int ticket);

    /// <summary>The word in the marker; null for none.</summary>
    public virtual Task<string?> MarkerAsync(int ticket) => Task.FromResult<string?>(null);

    /// <summary>The texts of a ticket's notes.</summary>
    public abstract Task<IReadOnlyList<string>> NotesAsync(int ticket);

    /// <summary>Every commit, in order.</summary>
    public abstract Task<IReadOnlyList<Commit>> CommitsAsync();

    /// <summary>Whatever Install was killed in, what it needs is there once; says what is not.</summary>
    public abstract IEnumerable<string> Provisioned(IReadOnlyList<Commit> commits);

    public Task SeedAsync(int count) => SendAsync(HttpMethod.Post, Root + "seed", new JsonObject { ["count"] = count });

    public void Dispose() => _http.Dispose();

    /// <summary>The sandbox's log of one kind.</summary>
    /// <param name="kind">Which lines.</param>
    /// <param name="since">Those after this number; 0 for all.</param>
    public async Task<IReadOnlyList<JsonNode>> LogAsync(string kind, long since = 0)
    {
        var lines = new List<JsonNode>();
        while (true)
        {
            var after = lines.Count == 0 ? since : (long)lines[^1]["seq"]!;
            var page = (await SendAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{Root}log?after={after}&kind={kind}&limit=5000"), null))["items"]!.AsArray();
            if (page.Count == 0) return lines;
            lines.AddRange(page.Select(line => line!));
        }
    }

    protected async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"The sandbox refused {method} {path}: {text}");
    }
}
