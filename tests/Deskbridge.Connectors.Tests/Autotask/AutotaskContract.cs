using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Deskbridge.Connectors.Autotask;
using Deskbridge.Sandbox;

namespace Deskbridge.Connectors.Tests.Autotask;

public sealed class AutotaskContract : ConnectorContract
{
    /// <summary>For tickets, and for their notes.</summary>
    protected override int Subscriptions => 2;

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

    /// <summary>Somebody whose changes the webhooks tell: those of the API user itself are left out.</summary>
    public const string Technician = "sburke";

    public override string MissingId => "999999999";

    public static async Task<SandboxAutotask> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("deskbridge-contract-");
        return new(await SandboxServer.StartAsync(new() { DataFolder = folder.FullName, AllowPlainHttpLoopbackCallbacks = true }, TimeProvider.System, default), folder);
    }

    public override IConnector Connect(IReadOnlyDictionary<string, string>? installed = null, bool wrongKey = false) => Connect(_server.HttpUrl, null, wrongKey);

    /// <summary>By https, with an authority of the connection's own or without.</summary>
    public IConnector ConnectByHttps(bool trusting) => Connect(_server.HttpsUrl, trusting ? File.ReadAllText(_server.CaFile) : null, wrongKey: false);

    private IConnector Connect(Uri address, string? authority, bool wrongKey) =>
        new AutotaskType().Create(new(
            Guid.Empty,
            new AutotaskOptions
            {
                Address = address.GetLeftPart(UriPartial.Authority),
                CertificateAuthority = authority,
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
            var ticket = new { by = Technician, title = $"Contract ticket {number}", companyID = company, status = 1, priority = 1, queueID = queue, dueDateTime = "2030-01-01T00:00:00Z" };
            made.Add((await ControlAsync(HttpMethod.Post, "autotask/records/Tickets", ticket)).GetProperty("id").GetRawText());
        }

        return made;
    }

    public override Task ThrottleAsync(TimeSpan retryAfter) => ControlAsync(HttpMethod.Post, "faults", new { kind = "throttle", retryAfter = (int)retryAfter.TotalSeconds, count = 1 });

    /// <summary>What technicians and administrators do, and the tricks that are played on the system.</summary>
    public async Task<JsonElement> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server.HttpUrl, "/_control/" + path));
        if (body is not null) request.Content = JsonContent.Create(body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.ControlToken);
        return await ReadAsync(await _technician.SendAsync(request));
    }

    /// <summary>Rows of an entity, as the REST interface shows them.</summary>
    public async Task<JsonElement> QueryAsync(string entity, object? where = null) =>
        (await ReadAsync(await _technician.PostAsJsonAsync($"{entity}/query", new { filter = new[] { where ?? new { op = "exist", field = "id" } } }))).GetProperty("items");

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
