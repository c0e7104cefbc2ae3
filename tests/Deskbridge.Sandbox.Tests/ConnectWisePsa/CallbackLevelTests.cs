using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>Who hears of which change: the types and levels of the vendor's list, as far as the sandbox keeps such records.</summary>
public sealed class CallbackLevelTests : IAsyncLifetime
{
    private readonly PsaSandbox _psa = new();
    private CallbackListener _hub = null!;

    public async ValueTask InitializeAsync()
    {
        await _psa.InitializeAsync();
        _hub = await CallbackListener.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _psa.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData("Ticket", "Board", 1, "/service/tickets/10001")]
    [InlineData("Ticket", "Ticket", 10001, "/service/tickets/10001")]
    [InlineData("Ticket", "Project", 401, "/project/tickets/30001")]
    [InlineData("Company", "Territory", 2, "/company/companies/250")]
    [InlineData("Company", "Status", 1, "/company/companies/250")]
    [InlineData("Contact", "Company", 250, "/company/contacts/58002")]
    [InlineData("Configuration", "Type", 17, "/company/configurations/503")]
    [InlineData("Member", "SecurityRole", 64, "/system/members/176")]
    [InlineData("Member", "Location", 2, "/system/members/176")]
    [InlineData("Agreement", "Type", 1, "/finance/agreements/601")]
    [InlineData("Activity", "Status", 1, "/sales/activities/801")]
    [InlineData("Project", "Board", 4, "/project/projects/401")]
    public async Task Level_HearsOfItsObjectOnly(string type, string level, int id, string path)
    {
        await RegisterAsync(type, level, id + 5000, "other");
        await RegisterAsync(type, level, id, "mine");

        await _psa.PatchAsync(path, """[{ "op": "replace", "path": "customFields", "value": [] }]""");
        var received = await _hub.NextAsync();

        Assert.StartsWith("/mine", received.Url, StringComparison.Ordinal);
        Assert.Equal(type.ToLowerInvariant(), (string?)JsonNode.Parse(received.Body)!["Type"]);
        Assert.True(_hub.IsEmpty);
    }

    [Theory]
    [InlineData("Schedule", "Member", 176, "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 } }""")]
    [InlineData("Schedule", "Type", 4, "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 } }""")]
    [InlineData("Time", "Company", 250, "/time/entries", """{ "chargeToId": 10001, "chargeToType": "ServiceTicket", "timeStart": "2026-11-20T15:00:00Z", "actualHours": 1 }""")]
    [InlineData("Ticket", "Status", 16, "/service/tickets", """{ "summary": "New", "company": { "id": 250 } }""")]
    [InlineData("Ticket", "IntegratorTag", 1, "/service/tickets", """{ "summary": "New", "company": { "id": 250 }, "integratorTags": ["rmm"] }""")]
    public async Task Level_HearsOfWhatIsAdded(string type, string level, int id, string path, string body)
    {
        await RegisterAsync(type, level, id, "mine");

        var record = await _psa.PostAsync(path, body);
        var received = await _hub.NextAsync();

        Assert.Equal($"/mine?id={record["id"]}&action=added", received.Url);
    }

    [Fact]
    public async Task SkipCallback_KeepsAChangeQuiet()
    {
        await RegisterAsync("Ticket", "Owner", 1, "mine");

        await _psa.PostAsync("/service/tickets", """{ "summary": "Quiet", "company": { "id": 250 }, "skipCallback": true }""");
        await _psa.PostAsync("/service/tickets", """{ "summary": "Loud", "company": { "id": 250 } }""");

        Assert.Equal("Loud", (string?)JsonNode.Parse((string)JsonNode.Parse((await _hub.NextAsync()).Body)!["Entity"]!)!["summary"]);
        Assert.True(_hub.IsEmpty);
    }

    private Task<JsonNode> RegisterAsync(string type, string level, int id, string name) => _psa.PostAsync(
        "/system/callbacks", JsonSerializer.Serialize(new { url = new Uri(_hub.Url, $"/{name}?id=").ToString(), objectId = id, type, level }));
}
