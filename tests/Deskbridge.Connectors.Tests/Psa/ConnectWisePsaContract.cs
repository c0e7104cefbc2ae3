using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa;
using Deskbridge.Sandbox;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class ConnectWisePsaContract : InstallingContract
{
    protected override async Task<ContractRemote> StartAsync() => await SandboxPsa.StartAsync();
}

/// <summary>The simulated ConnectWise PSA, driven through its REST interface as any technician's tool would.</summary>
internal sealed class SandboxPsa : ContractRemote
{
    private readonly SandboxServer _server;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _technician;

    private SandboxPsa(SandboxServer server, DirectoryInfo folder)
    {
        _server = server;
        _folder = folder;
        _technician = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(server.HttpUrl, "/v4_6_release/apis/3.0/") };
        var member = server.ConnectWise;
        _technician.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{member.CompanyId}+{member.PublicKey}:{member.PrivateKey}")));
        _technician.DefaultRequestHeaders.Add("clientId", member.ClientId);
    }

    public override string MissingId => "999999999";

    public override NoteFlags OpenNote => NoteFlags.Discussion | NoteFlags.Resolution;

    public HttpClient Technician => _technician;

    public SandboxServer Server => _server;

    public static async Task<SandboxPsa> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("deskbridge-contract-");
        var server = await SandboxServer.StartAsync(new() { DataFolder = folder.FullName, AllowPlainHttpLoopbackCallbacks = true }, TimeProvider.System, default);
        return new(server, folder);
    }

    public override IConnector Connect(IReadOnlyDictionary<string, string>? installed = null, bool wrongKey = false) =>
        Connect(Options(wrongKey), installed);

    public static IConnector Connect(ConnectWisePsaOptions options, IReadOnlyDictionary<string, string>? installed = null) =>
        new ConnectWisePsaType().Create(new(Guid.Empty, options, installed ?? new Dictionary<string, string>(StringComparer.Ordinal), TimeProvider.System, new OpenGate()));

    public ConnectWisePsaOptions Options(bool wrongKey = false) => new()
    {
        InstanceUri = _server.HttpUrl.GetLeftPart(UriPartial.Authority),
        CompanyId = _server.ConnectWise.CompanyId,
        MemberId = _server.ConnectWise.MemberId,
        PublicKey = _server.ConnectWise.PublicKey,
        PrivateKey = wrongKey ? "wrong" : _server.ConnectWise.PrivateKey,
        ClientId = _server.ConnectWise.ClientId,
    };

    public override async Task<IReadOnlyList<string>> CreateTicketsAsync(int count)
    {
        var board = await FirstIdAsync("service/boards");
        var company = await FirstIdAsync("company/companies");
        var made = new List<string>();
        for (var number = 1; number <= count; number++)
        {
            var ticket = new { summary = $"Contract ticket {number}", board = new { id = board }, company = new { id = company } };
            using var answer = await _technician.PostAsJsonAsync("service/tickets", ticket);
            answer.EnsureSuccessStatusCode();
            made.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetRawText());
        }

        return made;
    }

    public override Task ThrottleAsync(TimeSpan retryAfter) =>
        ControlAsync(HttpMethod.Post, "faults", new { kind = "throttle", retryAfter = (int)retryAfter.TotalSeconds, count = 1 });

    /// <summary>Plays the administrator of the simulated system (docs/sandbox.md).</summary>
    public async Task ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server.HttpUrl, $"/_control/{path}")) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.ControlToken);
        using var answer = await _technician.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How many changes the simulator has committed, whoever made them.</summary>
    public async Task<int> CommitsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.HttpUrl, "/_control/log?after=0&kind=commit&limit=100000"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.ControlToken);
        using var answer = await _technician.SendAsync(request);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").GetArrayLength();
    }

    public override async ValueTask DisposeAsync()
    {
        _technician.Dispose();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<int> FirstIdAsync(string path) =>
        (await _technician.GetFromJsonAsync<JsonElement>($"{path}?pageSize=1&orderBy=id asc"))[0].GetProperty("id").GetInt32();
}
