using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>Who hears of which change: the types and levels of the vendor's list.</summary>
public sealed class CallbackLevelTests(PsaSandbox psa) : IClassFixture<PsaSandbox>, IAsyncLifetime
{
    private readonly List<JsonNode> _registered = [];
    private CallbackListener _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await CallbackListener.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var entry in _registered) await psa.CallAsync(HttpMethod.Delete, $"/system/callbacks/{entry["id"]}");
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData("Activity", "Activity", 801, "/sales/activities/801")]
    [InlineData("Activity", "Company", 250, "/sales/activities/801")]
    [InlineData("Activity", "Type", 1, "/sales/activities/801")]
    [InlineData("Agreement", "Agreement", 601, "/finance/agreements/601")]
    [InlineData("Agreement", "Company", 250, "/finance/agreements/601")]
    [InlineData("Company", "Company", 250, "/company/companies/250")]
    [InlineData("Company", "Type", 1, "/company/companies/250")]
    [InlineData("Contact", "Contact", 58002, "/company/contacts/58002")]
    [InlineData("Contact", "Territory", 2, "/company/contacts/58002")]
    [InlineData("Configuration", "Status", 1, "/company/configurations/503")]
    [InlineData("Configuration", "Configuration", 503, "/company/configurations/503")]
    [InlineData("Expense", "ChargeToType", 2, "/expense/entries/1201")]
    [InlineData("Expense", "Class", 1, "/expense/entries/1201")]
    [InlineData("Expense", "Company", 250, "/expense/entries/1201")]
    [InlineData("Expense", "Expense", 1201, "/expense/entries/1201")]
    [InlineData("Expense", "Type", 1, "/expense/entries/1201")]
    [InlineData("Invoice", "Company", 250, "/finance/invoices/1001")]
    [InlineData("Invoice", "Invoice", 1001, "/finance/invoices/1001")]
    [InlineData("Invoice", "Status", 1, "/finance/invoices/1001")]
    [InlineData("Member", "Member", 176, "/system/members/176")]
    [InlineData("Opportunity", "Company", 250, "/sales/opportunities/801")]
    [InlineData("Opportunity", "Opportunity", 801, "/sales/opportunities/801")]
    [InlineData("Opportunity", "StatusId", 1, "/sales/opportunities/801")]
    [InlineData("Project", "Project", 401, "/project/projects/401")]
    [InlineData("Project", "Status", 1, "/project/projects/401")]
    [InlineData("PurchaseOrder", "Company", 250, "/procurement/purchaseorders/1301")]
    [InlineData("PurchaseOrder", "PurchaseOrder", 1301, "/procurement/purchaseorders/1301")]
    [InlineData("PurchaseOrder", "Status", 1, "/procurement/purchaseorders/1301")]
    [InlineData("PurchaseOrder", "Vendor", 251, "/procurement/purchaseorders/1301")]
    [InlineData("Site", "Site", 1250, "/company/companies/250/sites/1250")]
    [InlineData("Ticket", "Phase", 1, "/project/tickets/30001")]
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

        await psa.PatchAsync(path, """[{ "op": "replace", "path": "customFields", "value": [] }]""");
        var received = await _hub.NextAsync();

        Assert.StartsWith("/mine", received.Url, StringComparison.Ordinal);
        Assert.Equal(type.ToLowerInvariant(), (string?)JsonNode.Parse(received.Body)!["Type"]);
        Assert.True(_hub.IsEmpty);
    }

    [Theory]
    [InlineData("Activity", "/sales/activities/801")]
    [InlineData("Agreement", "/finance/agreements/601")]
    [InlineData("Company", "/company/companies/250")]
    [InlineData("Configuration", "/company/configurations/503")]
    [InlineData("Contact", "/company/contacts/58002")]
    [InlineData("Expense", "/expense/entries/1201")]
    [InlineData("Invoice", "/finance/invoices/1001")]
    [InlineData("Member", "/system/members/176")]
    [InlineData("Opportunity", "/sales/opportunities/801")]
    [InlineData("ProductCatalog", "/procurement/catalog/1401")]
    [InlineData("Project", "/project/projects/401")]
    [InlineData("PurchaseOrder", "/procurement/purchaseorders/1301")]
    [InlineData("Site", "/company/companies/250/sites/1250")]
    [InlineData("Ticket", "/project/tickets/30001")]
    public async Task Owner_HearsOfEveryRecordOfTheType(string type, string path)
    {
        await RegisterAsync(type, "Owner", 1, "mine");

        await psa.PatchAsync(path, """[{ "op": "replace", "path": "customFields", "value": [] }]""");

        Assert.EndsWith($"?id={path.Split('/')[^1]}&action=updated", (await _hub.NextAsync()).Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContactType_IsOneOfTheContactsTypes()
    {
        await psa.PatchAsync("/company/contacts/58002", """[{ "op": "replace", "path": "types", "value": [{ "id": 1 }, { "id": 3 }] }]""");
        await RegisterAsync("Contact", "Type", 2, "other");
        await RegisterAsync("Contact", "Type", 3, "mine");

        await psa.PatchAsync("/company/contacts/58002", """[{ "op": "replace", "path": "title", "value": "Owner" }]""");

        Assert.StartsWith("/mine", (await _hub.NextAsync()).Url, StringComparison.Ordinal);
        Assert.True(_hub.IsEmpty);
    }

    [Theory]
    [InlineData("Schedule", "Location", 4, "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 } }""")]
    [InlineData("Schedule", "Status", 2, "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 } }""")]
    [InlineData("Schedule", "Owner", 1, "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 } }""")]
    [InlineData("Time", "Owner", 1, "/time/entries", """{ "chargeToId": 10001, "chargeToType": "ServiceTicket", "timeStart": "2026-11-20T15:00:00Z", "actualHours": 1 }""")]
    [InlineData("Company", "IntegratorTag", 1, "/company/companies", """{ "name": "New", "identifier": "New", "addressLine1": "1 High St", "integratorTags": ["rmm"] }""")]
    [InlineData("Schedule", "Member", 176, "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 } }""")]
    [InlineData("Schedule", "Type", 4, "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 } }""")]
    [InlineData("Time", "Company", 250, "/time/entries", """{ "chargeToId": 10001, "chargeToType": "ServiceTicket", "timeStart": "2026-11-20T15:00:00Z", "actualHours": 1 }""")]
    [InlineData("Ticket", "Status", 16, "/service/tickets", """{ "summary": "New", "company": { "id": 250 } }""")]
    [InlineData("Ticket", "IntegratorTag", 1, "/service/tickets", """{ "summary": "New", "company": { "id": 250 }, "integratorTags": ["rmm"] }""")]
    public async Task Level_HearsOfWhatIsAdded(string type, string level, int id, string path, string body)
    {
        await RegisterAsync(type, level, id, "mine");

        var record = await psa.PostAsync(path, body);
        var received = await _hub.NextAsync();

        Assert.Equal($"/mine?id={record["id"]}&action=added", received.Url);
    }

    [Theory]
    [InlineData("Schedule", "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "id": 176 } }""")]
    [InlineData("Time", "/time/entries", """{ "chargeToId": 10001, "chargeToType": "ServiceTicket", "timeStart": "2026-11-20T15:00:00Z", "actualHours": 1 }""")]
    public async Task LevelNamedLikeTheType_TakesOneRecord(string type, string path, string body)
    {
        var record = await psa.PostAsync(path, body);
        await RegisterAsync(type, type, (int)record["id"]!, "mine");

        await psa.PostAsync(path, body);
        await psa.CallAsync(HttpMethod.Delete, $"{path}/{record["id"]}");

        Assert.Equal($"/mine?id={record["id"]}&action=deleted", (await _hub.NextAsync()).Url);
        Assert.True(_hub.IsEmpty);
    }

    [Fact]
    public async Task SkipCallback_KeepsAChangeQuiet()
    {
        await RegisterAsync("Ticket", "Owner", 1, "mine");

        await psa.PostAsync("/service/tickets", """{ "summary": "Quiet", "company": { "id": 250 }, "skipCallback": true }""");
        await psa.PostAsync("/service/tickets", """{ "summary": "Loud", "company": { "id": 250 } }""");

        Assert.Equal("Loud", (string?)JsonNode.Parse((string)JsonNode.Parse((await _hub.NextAsync()).Body)!["Entity"]!)!["summary"]);
        Assert.True(_hub.IsEmpty);
    }

    private async Task RegisterAsync(string type, string level, int id, string name) => _registered.Add(await psa.PostAsync(
        "/system/callbacks", JsonSerializer.Serialize(new { url = new Uri(_hub.Url, $"/{name}?id=").ToString(), objectId = id, type, level })));
}
