using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Sandbox;
using Xunit;

namespace Deskbridge.Tests.Stories;

/// <summary>The technician's side of a hub that is connected to the simulated Autotask.</summary>
internal sealed class AutotaskWorld : IAsyncDisposable
{
    private readonly HttpClient _technician;

    private AutotaskWorld(StoryWorld world)
    {
        World = world;
        var keys = world.Sandbox.Autotask;
        _technician = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(world.Sandbox.HttpUrl, "/ATServicesRest/V1.0/") };
        _technician.DefaultRequestHeaders.Add("ApiIntegrationCode", keys.IntegrationCode);
        _technician.DefaultRequestHeaders.Add("UserName", keys.UserName);
        _technician.DefaultRequestHeaders.Add("Secret", keys.Secret);
    }

    public StoryWorld World { get; }

    public static async Task<AutotaskWorld> StartAsync(JsonObject? settings = null, bool install = true, bool pages = false) =>
        new(await StoryWorld.StartAsync(settings: settings, install: install, pages: pages, remote: Remote));

    /// <summary>Somebody posts a ticket for the first customer. Answers its id.</summary>
    public async Task<int> PostTicketAsync(string title, string priority = "High")
    {
        var company = (await QueryAsync("Companies", new { op = "gt", field = "id", value = 0 }))[0]!["id"]!.GetValue<int>();
        return await WriteAsync(HttpMethod.Post, "Tickets", new { title, companyID = company, status = 1, priority = await ValueAsync("priority", priority), queueID = await ValueAsync("queueID", null), dueDateTime = "2030-01-01T00:00:00Z" });
    }

    /// <summary>A technician sets a status by its label.</summary>
    public async Task SetStatusAsync(int ticket, string status) => await WriteAsync(HttpMethod.Patch, "Tickets", new { id = ticket, status = await ValueAsync("status", status) });

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

    private static StoryRemote Remote(SandboxServer sandbox) => new("autotask", "Northbridge Autotask", new JsonObject
    {
        ["userName"] = sandbox.Autotask.UserName,
        ["secret"] = sandbox.Autotask.Secret,
        ["integrationCode"] = sandbox.Autotask.IntegrationCode,
        ["address"] = sandbox.HttpUrl.ToString(),
    });

    private static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);

    private async Task<int> WriteAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await _technician.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("itemId").GetInt32();
    }

    private async Task<JsonArray> ListAsync(string field) =>
        (await _technician.GetFromJsonAsync<JsonNode>("Tickets/entityInformation/fields"))!["fields"]!.AsArray().Single(one => one!["name"]!.ToString() == field)!["picklistValues"]!.AsArray();

    /// <summary>The value of a label; the first of the list for none.</summary>
    private async Task<int> ValueAsync(string field, string? label) =>
        int.Parse((await ListAsync(field)).First(one => label is null || one!["label"]!.ToString() == label)!["value"]!.ToString(), CultureInfo.InvariantCulture);
}
