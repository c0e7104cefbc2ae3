using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>A sandbox of its own on free ports, with a client as a third party would write it.</summary>
public sealed class PsaSandbox : SandboxFixture
{
    public Uri Url(string path) => new(Server.HttpUrl, $"/v4_6_release/apis/3.0{path}");

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, Action<HttpRequestMessage>? alter = null)
    {
        using var message = new HttpRequestMessage(method, Url(path));
        if (json is not null) message.Content = new StringContent(json, Encoding.UTF8, "application/json");
        alter?.Invoke(message);
        return await Http.SendAsync(message);
    }

    /// <summary>Sends and reads JSON, whatever the status.</summary>
    public async Task<(int Status, JsonNode? Body)> CallAsync(HttpMethod method, string path, string? json = null)
    {
        using var answer = await SendAsync(method, path, json);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var (status, body) = await CallAsync(HttpMethod.Get, path);
        return status == 200 ? body! : throw new InvalidOperationException($"GET {path} answered {status}: {body?.ToJsonString()}");
    }

    public async Task<JsonNode> PostAsync(string path, string json)
    {
        var (status, body) = await CallAsync(HttpMethod.Post, path, json);
        return status is 200 or 201 ? body! : throw new InvalidOperationException($"POST {path} answered {status}: {body?.ToJsonString()}");
    }

    public async Task<JsonNode> PatchAsync(string path, string json)
    {
        var (status, body) = await CallAsync(HttpMethod.Patch, path, json);
        return status == 200 ? body! : throw new InvalidOperationException($"PATCH {path} answered {status}: {body?.ToJsonString()}");
    }

    public async Task<int> NewTicketAsync(string summary = "Backup failed", int board = 1) =>
        (int)(await PostAsync("/service/tickets", $$"""{ "summary": {{JsonSerializer.Serialize(summary)}}, "board": { "id": {{board}} }, "company": { "id": 250 } }"""))["id"]!;

    protected override void SignIn()
    {
        var keys = Server.ConnectWise;
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{keys.CompanyId}+{keys.PublicKey}:{keys.PrivateKey}"));
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", basic);
        Http.DefaultRequestHeaders.Remove("clientId");
        Http.DefaultRequestHeaders.Add("clientId", keys.ClientId);
    }
}
