using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Tests.ConnectWisePsa;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Autotask;

/// <summary>Webhooks, extension callouts and what else waits for time, on a clock that stands still until the test moves it.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "k9Zt2f7Qx1mB8sLw4Vd0";

    private readonly ManualTime _time = new();
    private readonly AutotaskSandbox _autotask;
    private CallbackListener _hub = null!;

    public WebhookTests() => _autotask = new AutotaskSandbox { Time = _time };

    public async ValueTask InitializeAsync()
    {
        await _autotask.InitializeAsync();
        _hub = await CallbackListener.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _autotask.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Change_OfAWatchedField_IsDeliveredSigned_WithTheFieldsChosen()
    {
        var webhook = await RegisterAsync();
        var id = await _autotask.NewTicketAsync("R&D café + VPN");
        var created = await _hub.NextAsync();

        await _autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "description": "not watched" }""");
        await _autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "status": 8 }""");
        var updated = await _hub.NextAsync();
        await _autotask.ControlAsync(HttpMethod.Delete, $"/autotask/records/Tickets/{id}?by=dreyes");
        var deleted = await _hub.NextAsync();

        foreach (var received in (Received[])[created, updated, deleted]) Assert.Equal(Signature(received.Body), received.HookSignature);
        Assert.Contains("\"Title\":\"R\\u0026D caf\\u00E9 \\u002B VPN\"", created.Text, StringComparison.Ordinal);
        var payload = JsonNode.Parse(updated.Body)!;
        Assert.Equal("application/json; charset=utf-8", updated.ContentType);
        Assert.Equal(["Action", "Guid", "EntityType", "Id", "Fields", "EventTime", "SequenceNumber", "PersonID"], payload.AsObject().Select(p => p.Key));
        Assert.Equal(("Update", "Ticket", id), ((string?)payload["Action"], (string?)payload["EntityType"], (long)payload["Id"]!));
        Assert.Equal((string?)(await _autotask.ItemAsync("TicketWebhooks", webhook))!["webhookGUID"], (string?)payload["Guid"]);
        Assert.Equal("""{"Status":8,"Title":"R\u0026D caf\u00E9 \u002B VPN"}""", payload["Fields"]!.ToJsonString());
        Assert.Equal(("Delete", 3, 29_682_886L), ((string?)JsonNode.Parse(deleted.Body)!["Action"], (int)JsonNode.Parse(deleted.Body)!["SequenceNumber"]!, (long)JsonNode.Parse(deleted.Body)!["PersonID"]!));
    }

    [Fact]
    public async Task Delivery_ThatFails_IsTriedAgain_AndHoldsTheNextOnesBack()
    {
        await RegisterAsync();
        _hub.Answers.Enqueue(500);
        var first = await _autotask.NewTicketAsync("first");
        Assert.Equal(first, Id(await _hub.NextAsync()));

        await _autotask.NewTicketAsync("second");
        await AdvanceUntilAsync(() => Task.FromResult(!_hub.IsEmpty));

        Assert.Equal(first, Id(await _hub.NextAsync()));
        await AdvanceUntilAsync(async () => await LinesAsync("delivered") >= 2);
    }

    [Fact]
    public async Task Webhook_ThatNobodyTakes_IsSwitchedOffAfter25Events_AndTheOwnerIsTold()
    {
        var webhook = await RegisterAsync("http://127.0.0.1:9/refused");
        await _autotask.ControlAsync(HttpMethod.Post, "/autotask/seed", """{ "count": 26 }""");

        await AdvanceUntilAsync(() => Task.FromResult(!_hub.IsEmpty));

        var told = await _hub.NextAsync();
        Assert.Equal("/deactivated", told.Url);
        Assert.Equal("Deactivated", (string?)JsonNode.Parse(told.Body)!["Action"]);
        Assert.False((bool)(await _autotask.ItemAsync("TicketWebhooks", webhook))!["isActive"]!);
        Assert.Equal(25, (await _autotask.QueryAsync("WebhookEventErrorLogs", """{ "op": "exist", "field": "id" }""")).Count);
        Assert.Equal(100, await LinesAsync("failed"));
    }

    [Fact]
    public async Task Webhook_IsSilent_WithoutAField_ForExcludedResources_AndForNotes()
    {
        var webhook = await RegisterAsync(fields: []);
        Assert.False((bool)(await _autotask.ItemAsync("TicketWebhooks", webhook))!["isReady"]!);
        await _autotask.NewTicketAsync("not ready");
        await FieldAsync(webhook, "Status", subscribed: true);
        await _autotask.WriteAsync(HttpMethod.Post, $"/TicketWebhooks/{webhook}/ExcludedResources", $$"""{ "webhookID": {{webhook}}, "resourceID": 29682940 }""");
        var mine = await _autotask.NewTicketAsync("mine");
        await _autotask.WriteAsync(HttpMethod.Post, $"/Tickets/{mine}/Notes", """{ "title": "t", "description": "d", "noteType": 1, "publish": 2 }""");

        var theirs = (long)(await _autotask.ControlAsync(HttpMethod.Post, "/autotask/records/Tickets", """{ "companyID": 175, "title": "theirs", "status": 1, "priority": 2, "queueID": 29682833 }"""))["id"]!;

        Assert.Equal(theirs, Id(await _hub.NextAsync()));
    }

    [Fact]
    public async Task Registration_WrongOrTwice_IsRefused()
    {
        await RegisterAsync();

        Assert.Contains("duplicate webhook", await _autotask.RefusedAsync(HttpMethod.Post, "/TicketWebhooks", Body(new Uri(_hub.Url, "/hook").ToString())), StringComparison.Ordinal);
        Assert.Contains("webhookUrl must be an HTTPS address on port 443.", await _autotask.RefusedAsync(HttpMethod.Post, "/TicketWebhooks", Body("http://hub.example.com/hook")), StringComparison.Ordinal);
        await _autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "mayCreateWebhooks": false }""");
        Assert.Contains("adequate permissions to create webhooks", await _autotask.RefusedAsync(HttpMethod.Post, "/TicketWebhooks", Body("https://hub.example.com/hook")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("callback-lost", "first", null)]
    [InlineData("callback-duplicate", "first", "first")]
    [InlineData("callback-reordered", "second", "first")]
    public async Task Fault_OnADelivery(string kind, string expectedFirst, string? expectedSecond)
    {
        await RegisterAsync();
        if (kind == "callback-lost") expectedFirst = "second";
        await _autotask.ControlAsync(HttpMethod.Post, "/faults", $$"""{ "kind": "{{kind}}", "count": 1 }""");

        await _autotask.NewTicketAsync("first");
        await _autotask.NewTicketAsync("second");

        Assert.Equal(expectedFirst, Title(await _hub.NextAsync()));
        if (expectedSecond is not null) Assert.Equal(expectedSecond, Title(await _hub.NextAsync()));
    }

    [Fact]
    public async Task Callout_SendsNameValuePairs_Xml_OrAGet_WithBasicAuthentication()
    {
        await CalloutAsync("""{ "name": "pairs", "url": "URL/pairs", "method": "POST", "format": "Name Value Pair", "username": "user", "password": "pass", "isActive": true, "onCreate": true }""");
        var id = await _autotask.NewTicketAsync();
        var pairs = await _hub.NextAsync();
        await CalloutAsync("""{ "name": "xml", "url": "URL/xml", "method": "POST", "format": "XML", "isActive": true, "onNote": true }""");
        await _autotask.WriteAsync(HttpMethod.Post, $"/Tickets/{id}/Notes", """{ "title": "t", "description": "d", "noteType": 1, "publish": 2 }""");
        var xml = await _hub.NextAsync();
        await CalloutAsync("""{ "name": "get", "url": "URL/get", "method": "GET", "udf": "RMM Alert Id", "isActive": true, "onEdit": true }""");
        await _autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "status": 8 }""");
        await _autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "userDefinedFields": [{ "name": "RMM Alert Id", "value": "A-7" }] }""");
        var get = await _hub.NextAsync();

        var number = (string?)(await _autotask.ItemAsync("Tickets", id))!["ticketNumber"];
        Assert.Equal(("/pairs", "application/x-www-form-urlencoded", "Basic dXNlcjpwYXNz"), (pairs.Url, pairs.ContentType, pairs.Authorization));
        Assert.Equal($"id={id}&number={number}&status=New&created_datetime=2026-03-02T03:00:00.00000000-05:00:00&last_activity_datetime=2026-03-02T03:00:00.00000000-05:00:00", pairs.Text);
        Assert.Equal("text/xml; charset=utf-8", xml.ContentType);
        Assert.StartsWith($"<ticket><id>{id}</id><number>{number}</number><status>New</status>", xml.Text, StringComparison.Ordinal);
        Assert.StartsWith($"/get?id={id}&number={number}&status=In%20Progress", get.Url, StringComparison.Ordinal);
        Assert.EndsWith("RMM+Alert+Id=A-7", get.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_TheFourthOnOneObject_Is429_OthersPass()
    {
        await _autotask.ControlAsync(HttpMethod.Post, "/faults", """{ "kind": "latency", "path": "^/Roles", "milliseconds": 60000 }""");

        var calls = Enumerable.Range(0, 4).Select(_ => _autotask.CallAsync(HttpMethod.Get, "/Roles/29682834")).ToList();
        var refused = await await Task.WhenAny(calls);
        Assert.Equal(200, (await _autotask.CallAsync(HttpMethod.Get, "/Departments/29682800")).Status);
        await AdvanceUntilAsync(() => Task.FromResult(calls.TrueForAll(c => c.IsCompleted)));

        Assert.Equal(429, refused.Status);
        Assert.Contains("thread threshold of 3 threads", refused.Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(3, (await Task.WhenAll(calls)).Count(c => c.Status == 200));
    }

    [Fact]
    public async Task Load_SlowsCallsDown_ByTiers_AndIsForgottenAfterAnHour()
    {
        await _autotask.GetAsync("/Companies/0");
        await _autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "latencyTiers": true, "otherRequests": 5000 }""");
        var slow = _autotask.GetAsync("/Companies/0");
        await AdvanceUntilAsync(() => Task.FromResult(slow.IsCompleted), TimeSpan.FromSeconds(0.5));
        await _autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "otherRequests": 0 }""");
        _time.Advance(TimeSpan.FromMinutes(60));

        Assert.Equal(1, (int)(await _autotask.GetAsync("/ThresholdInformation"))["currentTimeframeRequestCount"]!);
        var waits = ((JsonArray)(await _autotask.ControlAsync(HttpMethod.Get, "/autotask/log?kind=request"))["items"]!).Select(l => (double)l!["ms"]!).ToList();
        Assert.Equal([false, true, false], waits.Select(w => w >= 500));
    }

    [Fact]
    public async Task Restart_KeepsRecordsKeysSwitchesAndTheCountOfEvents()
    {
        await RegisterAsync();
        var id = await _autotask.NewTicketAsync("kept", """, "userDefinedFields": [{ "name": "Downtime Minutes", "value": "12" }]""");
        await _hub.NextAsync();
        await AdvanceUntilAsync(async () => await LinesAsync("delivered") == 1);
        await _autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "dateDesignator": false }""");
        var (before, keys) = ((await _autotask.ItemAsync("Tickets", id))!.ToJsonString(), _autotask.Server.Autotask);

        await _autotask.Server.DisposeAsync();
        await _autotask.StartAsync();
        var kept = (await _autotask.ItemAsync("Tickets", id))!.ToJsonString();
        await _autotask.WriteAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "status": 8 }""");

        Assert.Equal(keys, _autotask.Server.Autotask);
        Assert.Equal(before, kept);
        Assert.Equal(2, (int)JsonNode.Parse((await _hub.NextAsync()).Body)!["SequenceNumber"]!);
        Assert.DoesNotContain("Z\"", before, StringComparison.Ordinal);
    }

    private async Task<long> RegisterAsync(string? url = null, string[]? fields = null)
    {
        var id = await _autotask.WriteAsync(HttpMethod.Post, "/TicketWebhooks", Body(url ?? new Uri(_hub.Url, "/hook").ToString()));
        foreach (var field in fields ?? ["Status", "!Title"]) await FieldAsync(id, field.TrimStart('!'), subscribed: field[0] != '!');
        return id;
    }

    private async Task FieldAsync(long webhook, string label, bool subscribed)
    {
        var values = (JsonArray)((JsonArray)(await _autotask.GetAsync("/TicketWebhookFields/entityInformation/fields"))["fields"]!).Single(f => (string?)f!["name"] == "fieldID")!["picklistValues"]!;
        var value = (string)values.Single(v => (string?)v!["label"] == label)!["value"]!;
        await _autotask.WriteAsync(HttpMethod.Post, $"/TicketWebhooks/{webhook}/Fields", $$"""{ "webhookID": {{webhook}}, "fieldID": {{value}}, "isSubscribedField": {{(subscribed ? "true" : "false")}}, "isDisplayAlwaysField": true }""");
    }

    private Task<JsonNode> CalloutAsync(string json) =>
        _autotask.ControlAsync(HttpMethod.Post, "/autotask/records/ExtensionCallouts", json.Replace("URL", _hub.Url.ToString().TrimEnd('/'), StringComparison.Ordinal));

    private string Body(string url) => $$"""
        { "name": "Hub tickets", "webhookUrl": "{{url}}", "deactivationUrl": "{{new Uri(_hub.Url, "/deactivated")}}", "secretKey": "{{Secret}}", "isActive": true, "sendThresholdExceededNotification": true,
          "isSubscribedToCreateEvents": true, "isSubscribedToUpdateEvents": true, "isSubscribedToDeleteEvents": true }
        """;

    private async Task<int> LinesAsync(string outcome) =>
        ((JsonArray)(await _autotask.ControlAsync(HttpMethod.Get, "/autotask/log?kind=webhook&limit=10000"))["items"]!).Count(l => (string?)l!["outcome"] == outcome);

    // What waits may not have begun to when the clock moves, so it is moved until it is done.
    private async Task AdvanceUntilAsync(Func<Task<bool>> done, TimeSpan? by = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await done())
        {
            _time.Advance(by ?? TimeSpan.FromSeconds(30));
            await Task.Delay(2, patience.Token);
        }
    }

    private static long Id(Received received) => (long)JsonNode.Parse(received.Body)!["Id"]!;

    private static string? Title(Received received) => (string?)JsonNode.Parse(received.Body)!["Fields"]!["Title"];

#pragma warning disable CA5350 // the vendor signs with SHA-1
    private static string Signature(byte[] body) => "sha1=" + Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Secret), body));
#pragma warning restore CA5350
}
