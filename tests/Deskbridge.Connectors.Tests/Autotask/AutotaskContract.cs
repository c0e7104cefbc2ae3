using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Deskbridge.Connectors.Autotask;
using Deskbridge.Sandbox;

namespace Deskbridge.Connectors.Tests.Autotask;

public sealed class AutotaskContract : ConnectorContract
{
    protected override async Task<ContractRemote> StartAsync() => await SandboxAutotask.StartAsync();
}

/// <summary>The simulated Autotask, driven through its REST interface as any technician's tool would.</summary>
internal sealed class SandboxAutotask : ContractRemote
{
    private readonly SandboxServer _server;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _technician;

    private SandboxAutotask(SandboxServer server, DirectoryInfo folder)
    {
        (_server, _folder) = (server, folder);
        _technician = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(server.HttpUrl, "/ATServicesRest/V1.0/") };
        _technician.DefaultRequestHeaders.Add("ApiIntegrationCode", server.Autotask.IntegrationCode);
        _technician.DefaultRequestHeaders.Add("UserName", server.Autotask.UserName);
        _technician.DefaultRequestHeaders.Add("Secret", server.Autotask.Secret);
    }

    public override string MissingId => "999999999";

    public static async Task<SandboxAutotask> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("deskbridge-contract-");
        return new(await SandboxServer.StartAsync(new() { DataFolder = folder.FullName, AllowPlainHttpLoopbackCallbacks = true }, TimeProvider.System, default), folder);
    }

    public override IConnector Connect(IReadOnlyDictionary<string, string>? installed = null, bool wrongKey = false) =>
        new AutotaskType().Create(new(
            Guid.Empty,
            new AutotaskOptions
            {
                Address = _server.HttpUrl.ToString(),
                UserName = _server.Autotask.UserName,
                Secret = wrongKey ? "wrong" : _server.Autotask.Secret,
                IntegrationCode = _server.Autotask.IntegrationCode,
            },
            new Dictionary<string, string>(StringComparer.Ordinal),
            TimeProvider.System,
            new OpenGate()));

    public override async Task<IReadOnlyList<string>> CreateTicketsAsync(int count)
    {
        var company = (await ReadAsync(await _technician.PostAsJsonAsync("Companies/query", new { MaxRecords = 1, filter = new[] { new { op = "gt", field = "id", value = 0 } } }))).GetProperty("items")[0].GetProperty("id").GetInt64();
        var fields = (await _technician.GetFromJsonAsync<JsonElement>("Tickets/entityInformation/fields")).GetProperty("fields");
        var queue = int.Parse(fields.EnumerateArray().Single(field => field.GetProperty("name").GetString() == "queueID").GetProperty("picklistValues")[0].GetProperty("value").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        var made = new List<string>();
        for (var number = 1; number <= count; number++)
        {
            var ticket = new { title = $"Contract ticket {number}", companyID = company, status = 1, priority = 1, queueID = queue, dueDateTime = "2030-01-01T00:00:00Z" };
            made.Add((await ReadAsync(await _technician.PostAsJsonAsync("Tickets", ticket))).GetProperty("itemId").GetRawText());
        }

        return made;
    }

    public override async Task ThrottleAsync(TimeSpan retryAfter)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.HttpUrl, "/_control/faults")) { Content = JsonContent.Create(new { kind = "throttle", retryAfter = (int)retryAfter.TotalSeconds, count = 1 }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.ControlToken);
        using var answer = await _technician.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public override async ValueTask DisposeAsync()
    {
        _technician.Dispose();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException(text);
        }
    }
}
