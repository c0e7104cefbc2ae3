using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Sandbox;
using Xunit;

namespace Deskbridge.Tests.Stories;

/// <summary>The technician's side of a hub that is connected to the simulated Autotask.</summary>
internal sealed class AutotaskWorld : IAsyncDisposable
{
    private readonly HttpClient _technician;
    private int? _company;
    private JsonArray? _fields;

    private AutotaskWorld(StoryWorld world)
    {
        World = world;
        var keys = world.Sandbox.Autotask;
        _technician = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(world.Sandbox.HttpUrl, "/ATServicesRest/V1.0/") };
        _technician.DefaultRequestHeaders.Add("ApiIntegrationCode", keys.IntegrationCode);
        _technician.DefaultRequestHeaders.Add("UserName", keys.UserName);
        _technician.DefaultRequestHeaders.Add("Secret", keys.Secret);
    }

    /// <summary>Whose changes the webhooks tell: those of the API user itself are left out.</summary>
    public const string Technician = "sburke";

    public StoryWorld World { get; }

    public static async Task<AutotaskWorld> StartAsync(JsonObject? settings = null, bool install = true, bool pages = false, TimeProvider? clock = null, Func<HubOptions, HubOptions>? with = null) =>
        new(await StoryWorld.StartAsync(with, settings: settings, install: install, pages: pages, clock: clock, remote: Remote));

    /// <summary>Somebody posts a ticket for the first customer. Answers its id.</summary>
    public async Task<int> PostTicketAsync(string title, string priority = "High")
    {
        _company ??= (await QueryAsync("Companies", new { op = "gt", field = "id", value = 0 }))[0]!["id"]!.GetValue<int>();
        return await ByHandAsync(HttpMethod.Post, "Tickets", new { by = Technician, title, companyID = _company, status = 1, priority = await ValueAsync("priority", priority), queueID = await ValueAsync("queueID", null), dueDateTime = "2030-01-01T00:00:00Z" });
    }

    /// <summary>A technician sets a status by its label.</summary>
    public async Task SetStatusAsync(int ticket, string status) => await ByHandAsync(HttpMethod.Patch, $"Tickets/{Id(ticket)}", new { by = Technician, status = await ValueAsync("status", status) });

    /// <summary>A technician or administrator makes, changes or deletes a record in the system's own pages. Answers its id.</summary>
    public async Task<int> ByHandAsync(HttpMethod method, string record, object? body = null) =>
        (await World.ControlAsync(method, "autotask/records/" + record, body))["id"]?.GetValue<int>() ?? 0;

    /// <summary>Turns some of the simulated system's switches.</summary>
    public Task SwitchAsync(object switches) => World.ControlAsync(HttpMethod.Put, "autotask/switches", switches);

    /// <summary>Calls of the last hour, this one included.</summary>
    public async Task<int> CallsUsedAsync() => (await _technician.GetFromJsonAsync<JsonNode>("ThresholdInformation"))!["currentTimeframeRequestCount"]!.GetValue<int>();

    /// <summary>Requests that reached it after a line of its log, as method and path.</summary>
    public async Task<IReadOnlyList<string>> RequestsAsync(long after = 0) =>
        [.. (await World.ControlAsync(HttpMethod.Get, $"autotask/log?after={after.ToString(CultureInfo.InvariantCulture)}&kind=request&limit=20000"))["items"]!.AsArray().Select(line => $"{line!["method"]} {line["path"]}")];

    /// <summary>The last line of its log.</summary>
    public async Task<long> LastLineAsync() => (await World.ControlAsync(HttpMethod.Get, "autotask/log?after=-1"))["items"]!.AsArray() is [.., { } last] ? last["seq"]!.GetValue<long>() : 0;

    /// <summary>The label of the ticket's status.</summary>
    public async Task<string> StatusAsync(int ticket)
    {
        var value = (await TicketAsync(ticket))["status"]!.ToString();
        return (await ListAsync("status")).Single(one => one!["value"]!.ToString() == value)!["label"]!.ToString();
    }

    public async Task<JsonNode> TicketAsync(int ticket) => (await _technician.GetFromJsonAsync<JsonNode>($"Tickets/{Id(ticket)}"))!["item"]!;

    public async Task<JsonNode> ResourceAsync(long id) => (await _technician.GetFromJsonAsync<JsonNode>($"Resources/{id.ToString(CultureInfo.InvariantCulture)}"))!["item"]!;

    public Task<JsonArray> NotesAsync(int ticket) => QueryAsync("TicketNotes", new { op = "eq", field = "ticketID", value = ticket });

    public async Task<JsonArray> QueryAsync(string entity, object where)
    {
        var answer = await _technician.PostAsJsonAsync($"{entity}/query", new { filter = new[] { where } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["items"]!.AsArray();
    }

    public Task<Alert> AlertAsync(int ticket) => World.AlertAsync(ticket);

    public async ValueTask DisposeAsync()
    {
        _technician.Dispose();
        await World.DisposeAsync();
    }

    public static StoryRemote Remote(SandboxServer sandbox) => new("autotask", "Northbridge Autotask", new JsonObject
    {
        ["userName"] = sandbox.Autotask.UserName,
        ["secret"] = sandbox.Autotask.Secret,
        ["integrationCode"] = sandbox.Autotask.IntegrationCode,
        ["address"] = sandbox.HttpUrl.ToString(),
    });

    private static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);

    private async Task<JsonArray> ListAsync(string field) =>
        (_fields ??= (await _technician.GetFromJsonAsync<JsonNode>("Tickets/entityInformation/fields"))!["fields"]!.AsArray()).Single(one => one!["name"]!.ToString() == field)!["picklistValues"]!.AsArray();

    /// <summary>The value of a label; the first of the list for none.</summary>
    private async Task<int> ValueAsync(string field, string? label) =>
        int.Parse((await ListAsync(field)).First(one => label is null || one!["label"]!.ToString() == label)!["value"]!.ToString(), CultureInfo.InvariantCulture);
}
