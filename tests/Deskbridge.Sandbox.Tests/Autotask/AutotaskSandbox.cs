using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Autotask;

/// <summary>The classes that share one sandbox; each test leaves it as it found it but for records of its own.</summary>
[CollectionDefinition(Name)]
public sealed class AutotaskCollection : ICollectionFixture<AutotaskSandbox>
{
    public const string Name = "Autotask";
}

/// <summary>A sandbox on free ports, with a client of its Autotask as a third party would write it.</summary>
public sealed class AutotaskSandbox : SandboxFixture
{
    public Uri Url(string path) => new(Server.HttpUrl, "/ATServicesRest/V1.0" + path);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, string? json = null, Action<HttpRequestMessage>? alter = null)
    {
        using var message = new HttpRequestMessage(method, url);
        message.Headers.Add("ApiIntegrationCode", Server.Autotask.IntegrationCode);
        message.Headers.Add("UserName", Server.Autotask.UserName);
        message.Headers.Add("Secret", Server.Autotask.Secret);
        if (json is not null) message.Content = new StringContent(json, Encoding.UTF8, "application/json");
        alter?.Invoke(message);
        return await Http.SendAsync(message);
    }

    /// <summary>Sends and reads JSON, whatever the status.</summary>
    public async Task<(int Status, JsonNode? Body)> CallAsync(HttpMethod method, string path, string? json = null, Action<HttpRequestMessage>? alter = null)
    {
        using var answer = await SendAsync(method, Url(path), json, alter);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 || text[0] is not ('{' or '[' or '"') ? null : JsonNode.Parse(text));
    }

    public async Task<JsonNode> GetAsync(string path) => Good(await CallAsync(HttpMethod.Get, path), path);

    /// <summary>One record by its number; null when there is none.</summary>
    public async Task<JsonNode?> ItemAsync(string entity, long id) => (await GetAsync($"/{entity}/{id}"))["item"];

    public async Task<JsonArray> QueryAsync(string entity, string filter, string more = "") =>
        (JsonArray)Good(await CallAsync(HttpMethod.Post, $"/{entity}/query", $$"""{ "filter": [{{filter}}]{{more}} }"""), entity)["items"]!;

    /// <summary>Creates or changes; the number of the record.</summary>
    public async Task<long> WriteAsync(HttpMethod method, string path, string json) => (long)Good(await CallAsync(method, path, json), path)["itemId"]!;

    /// <summary>The texts with which something is refused; 500 as the vendor has it.</summary>
    public async Task<string> RefusedAsync(HttpMethod method, string path, string? json = null)
    {
        var (status, body) = await CallAsync(method, path, json);
        Assert.Equal(500, status);
        return string.Join(" | ", ((JsonArray)body!["errors"]!).Select(e => (string?)e));
    }

    public Task<long> NewTicketAsync(string title = "Backup failed", string more = "") => WriteAsync(HttpMethod.Post, "/Tickets",
        $$"""{ "companyID": 175, "title": {{JsonSerializer.Serialize(title)}}, "status": 1, "priority": 2, "queueID": 29682833{{more}} }""");

    private static JsonNode Good((int Status, JsonNode? Body) answer, string path) =>
        answer.Status == 200 ? answer.Body! : throw new InvalidOperationException($"{path} answered {answer.Status}: {answer.Body?.ToJsonString()}");
}
