using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Deskbridge.Cli.Demo;

/// <summary>A technician who opens, works and closes tickets in the sandbox's PSA, through its REST API as any client would.</summary>
internal sealed class TechnicianTraffic(SandboxDescription sandbox, TimeProvider clock) : IDisposable
{
    private const int OpenAtMost = 5;

    private static readonly string[] Summaries =
    [
        "Firewall at the branch office drops VPN every few minutes",
        "Backup job of the file server failed twice",
        "Disk of SQL server at 96 percent",
        "Nobody can print on the second floor",
        "Mail to outside is queued since this morning",
        "Domain controller does not answer",
        "Phones have no dial tone",
        "Suspicious sign-in from abroad on the director's account",
    ];

    private readonly HttpClient _http = Client(sandbox);
    private readonly Queue<int> _open = new();

    public void Dispose() => _http.Dispose();

    /// <summary>Goes on until cancelled, one act every 20 to 40 seconds. A refused act is tried again with the next one.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        for (var turn = 0; ; turn++)
        {
            await Task.Delay(TimeSpan.FromSeconds(Random.Shared.Next(20, 40)), clock, cancel);
            try
            {
                if (_open.Count < OpenAtMost && turn % 3 != 2) await OpenAsync(Summaries[turn % Summaries.Length], cancel);
                else if (_open.TryDequeue(out var id)) await CloseAsync(id, cancel);
            }
            catch (HttpRequestException)
            {
                // The sandbox may be told to refuse for a while; the technician comes back later.
            }
        }
    }

    private async Task OpenAsync(string summary, CancellationToken cancel)
    {
        var board = (await _http.GetFromJsonAsync<JsonArray>("service/boards?pageSize=1", cancel))![0]!["id"]!.GetValue<int>();
        var companies = (await _http.GetFromJsonAsync<JsonArray>("company/companies?pageSize=20&fields=id", cancel))!;
        var company = companies[Random.Shared.Next(companies.Count)]!["id"]!.GetValue<int>();
        using var answer = await _http.PostAsJsonAsync(
            "service/tickets", new { summary, board = new { id = board }, company = new { id = company } }, cancel);
        answer.EnsureSuccessStatusCode();
        _open.Enqueue((await answer.Content.ReadFromJsonAsync<JsonObject>(cancel))!["id"]!.GetValue<int>());
    }

    private async Task CloseAsync(int id, CancellationToken cancel)
    {
        var patch = new[] { new { op = "replace", path = "status/name", value = "Closed (resolved)" } };
        using var answer = await _http.PatchAsJsonAsync($"service/tickets/{id}", patch, cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static HttpClient Client(SandboxDescription sandbox)
    {
        var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri($"{sandbox.Url}/v4_6_release/apis/3.0/") };
        var key = Encoding.UTF8.GetBytes($"{sandbox.CompanyId}+{sandbox.PublicKey}:{sandbox.PrivateKey}");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(key));
        http.DefaultRequestHeaders.Add("clientId", sandbox.ClientId);
        return http;
    }
}
