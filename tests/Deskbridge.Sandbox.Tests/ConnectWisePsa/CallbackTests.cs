using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class CallbackTests : IAsyncLifetime
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

    [Fact]
    public async Task Change_IsDeliveredSigned_WithRecordAndActionAppended()
    {
        await RegisterAsync();

        var id = await _psa.NewTicketAsync();
        var received = await _hub.NextAsync();
        var payload = JsonNode.Parse(received.Body)!;
        var key = JsonNode.Parse(await _psa.Http.GetStringAsync(new Uri((string)payload["Metadata"]!["key_url"]!)))!;

        Assert.Equal($"/cw?src=psa&recordId={id}&action=added", received.Url);
        Assert.Equal(received.Signature, Convert.ToBase64String(HMACSHA256.HashData(SHA256.HashData(Encoding.UTF8.GetBytes((string)key["signing_key"]!)), received.Body)));
        Assert.Equal(_psa.Server.HttpUrl.Authority, (string?)payload["FromUrl"]);
        Assert.Equal("added", (string?)payload["Action"]);
        Assert.Equal("ticket", (string?)payload["Type"]);
        Assert.Equal("deskbridge", (string?)payload["MemberId"]);
        Assert.Equal(id, (int)JsonNode.Parse((string)payload["Entity"]!)!["id"]!);
    }

    [Fact]
    public async Task Registration_Twice_IsObjectExists()
    {
        await RegisterAsync();

        var (status, body) = await _psa.CallAsync(HttpMethod.Post, "/system/callbacks", Entry("owner", 1));

        Assert.Equal(400, status);
        Assert.Equal("ObjectExists", (string?)body!["errors"]![0]!["code"]);
    }

    [Theory]
    [InlineData("http://hub.example.com/cw", "owner", "url")]
    [InlineData("nonsense", "owner", "url")]
    [InlineData("https://hub.example.com/cw", "priority", "level")]
    public async Task Registration_ThatTheVendorRefuses_NamesTheField(string url, string level, string field)
    {
        var (status, body) = await _psa.CallAsync(HttpMethod.Post, "/system/callbacks", $$"""{ "url": "{{url}}", "objectId": 1, "type": "ticket", "level": "{{level}}" }""");

        Assert.Equal(400, status);
        Assert.Equal(field, (string?)body!["errors"]![0]!["field"]);
    }

    [Fact]
    public async Task PlainHttpOnLoopback_IsRefusedWithoutItsSwitch()
    {
        await _psa.ControlAsync(HttpMethod.Put, "/switches", """{ "plainHttpLoopbackCallbacks": false }""");

        var (status, _) = await _psa.CallAsync(HttpMethod.Post, "/system/callbacks", Entry("owner", 1));

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Level_OfAStatus_HearsOnlyThatStatus()
    {
        await _psa.PostAsync("/system/callbacks", Entry("status", 24));

        var id = await _psa.NewTicketAsync();
        await _psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "status", "value": { "id": 24 } }]""");

        Assert.EndsWith("action=updated", (await _hub.NextAsync()).Url, StringComparison.Ordinal);
        Assert.True(_hub.IsEmpty);
    }

    [Fact]
    public async Task Refused_With429_IsTriedAgain()
    {
        await RegisterAsync();
        _hub.Answers.Enqueue(429);

        await _psa.NewTicketAsync();
        var (first, second) = (await _hub.NextAsync(), await _hub.NextAsync());

        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task Faults_LoseDoubleAndMissignCallbacks()
    {
        await RegisterAsync();
        await _psa.ControlAsync(HttpMethod.Post, "/faults", """{ "kind": "callback-lost", "count": 1 }""");
        await _psa.NewTicketAsync();
        await _psa.ControlAsync(HttpMethod.Post, "/faults", """{ "kind": "callback-duplicate", "count": 1 }""");
        await _psa.NewTicketAsync("second");
        var (one, other) = (await _hub.NextAsync(), await _hub.NextAsync());
        await _psa.ControlAsync(HttpMethod.Post, "/faults", """{ "kind": "callback-bad-signature", "count": 1 }""");
        await _psa.NewTicketAsync("third");
        var missigned = await _hub.NextAsync();

        Assert.Equal(one.Body, other.Body);
        Assert.Contains("second", Encoding.UTF8.GetString(one.Body), StringComparison.Ordinal);
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(missigned.Body)), missigned.Signature);
    }

    [Fact]
    public async Task Fault_Early_DeliversBeforeTheChangeIsReadable()
    {
        await RegisterAsync();
        var id = await _psa.NewTicketAsync("before");
        await _hub.NextAsync();
        await _psa.ControlAsync(HttpMethod.Post, "/faults", """{ "kind": "callback-early", "count": 1, "seconds": 60 }""");

        await _psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "summary", "value": "after" }]""");
        var received = await _hub.NextAsync();

        Assert.Contains("after", Encoding.UTF8.GetString(received.Body), StringComparison.Ordinal);
        Assert.Equal("before", (string?)(await _psa.GetAsync($"/service/tickets/{id}"))["summary"]);
    }

    [Fact]
    public async Task SelfSuppressed_DoesNotHearItsOwnChanges()
    {
        await _psa.PostAsync("/system/callbacks", Entry("owner", 1).Replace("\"type\"", "\"isSelfSuppressedFlag\": true, \"type\"", StringComparison.Ordinal));

        await _psa.NewTicketAsync("own");
        await _psa.ControlAsync(HttpMethod.Post, "/tickets", """{ "by": "dreyes", "summary": "by a technician", "company": { "id": 250 } }""");

        Assert.Contains("by a technician", Encoding.UTF8.GetString((await _hub.NextAsync()).Body), StringComparison.Ordinal);
        Assert.True(_hub.IsEmpty);
    }

    [Fact]
    public async Task FailingForThreeDays_DisablesTheEntry_AcrossARestart()
    {
        var entry = await RegisterAsync();
        await FailAsync();
        await _psa.Server.DisposeAsync();
        await _psa.StartAsync();
        await LaterAsync(TimeSpan.FromHours(71));
        await FailAsync();
        Assert.False(await IsDisabledAsync(entry));

        await LaterAsync(TimeSpan.FromHours(72));
        await FailAsync();

        await EventuallyAsync(() => IsDisabledAsync(entry));
        await _psa.NewTicketAsync();
        Assert.True(_hub.IsEmpty);
    }

    [Fact]
    public async Task OneSuccess_StartsTheThreeDaysAnew()
    {
        var entry = await RegisterAsync();
        await FailAsync();
        await LaterAsync(TimeSpan.FromHours(71));
        await _psa.NewTicketAsync();
        await LoggedAsync();
        await LaterAsync(TimeSpan.FromHours(73));
        await FailAsync();
        Assert.False(await IsDisabledAsync(entry));

        await LaterAsync(TimeSpan.FromHours(73 + 72));
        await FailAsync();

        await EventuallyAsync(() => IsDisabledAsync(entry));
    }

    [Fact]
    public async Task EntrySwitchedOnAgain_HasThreeDaysAgain()
    {
        var entry = await RegisterAsync();
        await FailAsync();
        await LaterAsync(TimeSpan.FromHours(72));
        await FailAsync();
        await EventuallyAsync(() => IsDisabledAsync(entry));

        await _psa.PatchAsync($"/system/callbacks/{entry["id"]}", """[{ "op": "replace", "path": "inactiveFlag", "value": false }]""");
        await FailAsync();

        Assert.False(await IsDisabledAsync(entry));
    }

    private int _delivered;

    private async Task FailAsync()
    {
        _hub.Answers.Enqueue(500);
        await _psa.NewTicketAsync();
        await LoggedAsync();
    }

    // What came of a delivery is in the log a moment after it was answered.
    private async Task LoggedAsync()
    {
        await _hub.NextAsync();
        _delivered++;
        await EventuallyAsync(async () => ((JsonArray)(await _psa.ControlAsync(HttpMethod.Get, "/log?kind=callback&limit=100"))["items"]!).Count == _delivered);
    }

    private Task<JsonNode> LaterAsync(TimeSpan by) => _psa.ControlAsync(HttpMethod.Put, "/switches", $$"""{ "clockSkewSeconds": {{(int)by.TotalSeconds}} }""");

    private async Task<bool> IsDisabledAsync(JsonNode entry) => (bool)(await _psa.GetAsync($"/system/callbacks/{entry["id"]}"))["inactiveFlag"]!;

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await holds()) await Task.Delay(20, limit.Token);
    }

    private Task<JsonNode> RegisterAsync() => _psa.PostAsync("/system/callbacks", Entry("owner", 1));

    private string Entry(string level, int objectId) =>
        $$"""{ "id": 0, "description": "hub", "url": "{{_hub.Url}}cw?src=psa&recordId=", "objectId": {{objectId}}, "type": "ticket", "level": "{{level}}" }""";
}
