using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>Whatever is sent, the answer is one of the vendor's: never a fault of the sandbox's own.</summary>
public sealed class BadInputTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    private const string Patch = "/service/tickets/{ticket}";

    [Theory]
    [InlineData("{\"summary\":\"half a pair \\ud800\",\"company\":{\"id\":250}}")]
    [InlineData("{\"\\udc00\":1,\"summary\":\"x\",\"company\":{\"id\":250}}")]
    [InlineData("{\"summary\":\"x\",\"company\":{\"id\":250},\"initialDescription\":\"\\ud83d\"}")]
    public async Task Text_WithHalfASurrogatePair_Is400(string body) => await RefusedAsync("POST", "/service/tickets", Encoding.UTF8.GetBytes(body), 400);

    [Fact]
    public async Task Text_ThatIsNotUtf8_Is400() =>
        await RefusedAsync("POST", "/service/tickets", [.. "{\"summary\":\"a"u8, 0xFF, 0xC3, 0x28, .. "\",\"company\":{\"id\":250}}"u8], 400);

    [Fact]
    public async Task CustomField_ThatIsGivenAnObject_IsRefused() =>
        await RefusedAsync("POST", "/service/tickets", """{ "summary": "x", "company": { "id": 250 }, "customFields": [{ "id": 12, "value": { "a": 1 } }] }"""u8.ToArray(), 400);

    [Fact]
    public async Task Member_OfTheWrongType_IsTheOnlyFault()
    {
        var (_, body) = await psa.CallAsync(HttpMethod.Post, "/service/tickets", """{ "summary": { "text": "x" }, "company": { "id": "Acme" } }""");

        Assert.Equal([("InvalidField", "summary"), ("InvalidField", "company")], ((JsonArray)body!["errors"]!).Select(e => ((string)e!["code"]!, (string)e["field"]!)));
    }

    /// <summary>The vendor asks for a search only above 10,000 characters (reference 2.3), and escaping makes three of one.</summary>
    [Fact]
    public async Task Conditions_OfTenThousandCharacters_FitTheAddress()
    {
        var found = (JsonArray)await psa.GetAsync("/service/tickets?conditions=" + Uri.EscapeDataString($"id=10001{string.Concat(Enumerable.Repeat(" or id=10001", 830))}"));
        var (status, body) = await psa.CallAsync(HttpMethod.Get, "/service/tickets?conditions=" + Uri.EscapeDataString(string.Concat(Enumerable.Repeat("id=1 or ", 8_000)) + "id=1"));

        Assert.Single(found);
        Assert.Equal((400, "InvalidObject"), (status, (string?)body!["code"]));
    }

    [Fact]
    public async Task Name_ThatComesTwice_CountsTheLast()
    {
        var ticket = await psa.PostAsync("/service/tickets", "{\"summary\":\"first\",\"company\":{\"id\":250},\"summary\":\"second\"}");

        Assert.Equal("second", (string?)ticket["summary"]);
    }

    [Fact]
    public async Task Bundle_OfMoreThanAHundredRequests_Is400()
    {
        var requests = string.Join(',', Enumerable.Repeat("{\"sequenceNumber\":1,\"resourceType\":\"ticket\",\"apiRequest\":{\"id\":10001}}", 101));

        await RefusedAsync("POST", "/system/bundles", Encoding.UTF8.GetBytes($"{{\"requests\":[{requests}]}}"), 400);
    }

    [Theory]
    [InlineData("/service/tickets/10001/merge", "{\"mergeTicketIds\":[10001],\"status\":{\"id\":24}}")]
    [InlineData("/service/tickets/10001/attachChildren", "{\"childTicketIds\":[10001]}")]
    [InlineData("/project/tickets/30001/convert", "{}")]
    [InlineData("/project/tickets/30001/convert", "{\"recordType\":\"Idea\"}")]
    [InlineData("/project/projects/401/applyTemplates", "{\"id\":1}")]
    [InlineData("/project/projects/401/applyTemplates", "[7]")]
    [InlineData("/system/members/176/linkSsoUser", "{}")]
    [InlineData("/system/members/176/submit", "[]")]
    [InlineData("/system/members/176/deactivate", "{\"activity\":{\"reAssignToMember\":{\"id\":1}}}")]
    public async Task Action_ThatMakesNoSense_IsRefused(string path, string body) => await RefusedAsync("POST", path, Encoding.UTF8.GetBytes(body), 400);

    [Fact]
    public async Task Lists_AreNotOrderedOrPickedByThousandsOfMembers()
    {
        var order = Encoding.UTF8.GetBytes($"{{\"orderBy\":\"{string.Join(',', Enumerable.Repeat("id", 101))}\"}}");

        await RefusedAsync("POST", "/service/tickets/search", order, 400);
        await RefusedAsync("GET", "/service/tickets?fields=" + string.Join(',', Enumerable.Repeat("id", 1001)), [], 400);
        await RefusedAsync("PATCH", await OneAsync(), Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("{\"op\":\"replace\",\"path\":\"summary\",\"value\":\"x\"}", 1001))}]"), 400);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[[]]")]
    [InlineData("{}")]
    [InlineData("[{\"op\":\"replace\"}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":1,\"value\":1}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"summary/x\",\"value\":1}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"_info/lastUpdated/x\",\"value\":1}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"customFields/0\",\"value\":7}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"customFields/0/value/x\",\"value\":7}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"customFields\",\"value\":[1,null,\"x\",[]]}]")]
    [InlineData("[{\"op\":\"add\",\"path\":\"customFields/-1\",\"value\":{}}]")]
    [InlineData("[{\"op\":\"remove\",\"path\":\"customFields/99\"}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"status/id\",\"value\":{\"a\":1}}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"status\",\"value\":[1]}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"status/id\",\"value\":1e400}]")]
    [InlineData("[{\"op\":\"replace\",\"path\":\"status/name/first/second\",\"value\":\"x\"}]")]
    public async Task Patch_ThatMakesNoSense_IsRefused(string body) =>
        await RefusedAsync("PATCH", await OneAsync(), Encoding.UTF8.GetBytes(body), 400);

    [Theory]
    [InlineData("conditions", "summary like '[z-a]'")]
    [InlineData("conditions", "summary like '*************************************x'")]
    [InlineData("conditions", "id in ()")]
    [InlineData("conditions", "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((id=1")]
    [InlineData("conditions", "not not not not id=1 and")]
    [InlineData("conditions", "_info=1")]
    [InlineData("conditions", "status=1")]
    [InlineData("conditions", "customFields=1")]
    [InlineData("conditions", "id=99999999999999999999999999999999999999999999999")]
    [InlineData("conditions", "lastUpdated>[not a date]")]
    [InlineData("conditions", "lastUpdated>[9999-12-31T23:59:59-14:00]")]
    [InlineData("conditions", "lastUpdated>'yesterday'")]
    [InlineData("conditions", "\u0000\u0001\uFFFD")]
    [InlineData("childConditions", "=")]
    [InlineData("childConditions", "id=1")]
    [InlineData("childConditions", "/=1")]
    [InlineData("customFieldConditions", "value=1 and caption=null")]
    [InlineData("customFieldConditions", "value like '['")]
    [InlineData("orderBy", "id desc desc")]
    [InlineData("orderBy", "_info")]
    [InlineData("orderBy", "///,customFields,/")]
    [InlineData("fields", "///,,id/id/id,_info/x")]
    [InlineData("page", "2147483647")]
    [InlineData("page", "-2147483648")]
    [InlineData("pageSize", "0")]
    [InlineData("pageSize", "99999999999")]
    [InlineData("pageId", "-1")]
    public async Task Query_ThatMakesNoSense_IsAnsweredInTheVendorsWords(string name, string value) =>
        await AnsweredAsync("GET", $"/service/tickets?{name}={Uri.EscapeDataString(value)}");

    [Fact]
    public async Task Conditions_OfAHundredThousandTerms_AreRefused_AndTheServerGoesOn()
    {
        var terms = string.Join(" or ", Enumerable.Repeat("id=1", 100_000));

        await RefusedAsync("POST", "/service/tickets/search", Encoding.UTF8.GetBytes(new JsonObject { ["conditions"] = terms }.ToJsonString()), 400);

        Assert.Equal(200, (await psa.CallAsync(HttpMethod.Get, "/system/info")).Status);
    }

    [Fact]
    public async Task Body_NestedTenThousandDeep_Is400() =>
        await RefusedAsync("POST", "/service/tickets", Encoding.UTF8.GetBytes(new string('[', 10_000) + new string(']', 10_000)), 400);

    [Theory]
    [InlineData("/service/tickets/{ticket}/merge", "{\"mergeTicketIds\":[1,{}],\"status\":{\"id\":1}}")]
    [InlineData("/service/tickets/{ticket}/merge", "{\"mergeTicketIds\":[],\"status\":7}")]
    [InlineData("/service/tickets/{ticket}/attachChildren", "{\"childTicketIds\":[\"x\"]}")]
    [InlineData("/service/tickets/{ticket}/configurations", "{\"id\":{}}")]
    [InlineData("/service/tickets/{ticket}/notes", "{\"text\":{\"a\":1},\"member\":7}")]
    [InlineData("/service/tickets/{ticket}/notes", "{\"text\":7,\"member\":[1]}")]
    [InlineData("/service/tickets/search", "{\"conditions\":7,\"orderBy\":{}}")]
    [InlineData("/schedule/entries", "{\"objectId\":{},\"type\":{\"id\":4},\"member\":{\"id\":176}}")]
    [InlineData("/schedule/entries", "{\"objectId\":1,\"type\":\"S\",\"member\":{\"id\":176},\"dateStart\":\"0001-01-01T00:00:00+14:00\",\"dateEnd\":\"9999-12-31T00:00:00-14:00\"}")]
    [InlineData("/time/entries", "{\"chargeToType\":{},\"timeStart\":7}")]
    [InlineData("/system/callbacks", "{\"url\":{},\"objectId\":\"x\",\"type\":7,\"level\":[]}")]
    [InlineData("/system/workflows", "{\"name\":[],\"tableType\":7,\"board\":\"x\"}")]
    [InlineData("/company/contacts", "{\"firstName\":\"x\",\"communicationItems\":[7,null,\"x\",{\"type\":7}]}")]
    [InlineData("/company/companies", "{\"identifier\":{},\"name\":7,\"types\":[7]}")]
    [InlineData("/system/userDefinedFields", "{\"caption\":{},\"options\":7}")]
    [InlineData("/system/documents", "{}")]
    public async Task Body_OfTheWrongShape_IsAnsweredInTheVendorsWords(string path, string body) =>
        await AnsweredAsync("POST", await OneAsync(path), Encoding.UTF8.GetBytes(body));

    [Fact]
    public async Task ScheduleEntry_ForADeletedTicket_IsRefused_NamingTheTicket()
    {
        var id = await psa.NewTicketAsync();
        await psa.CallAsync(HttpMethod.Delete, $"/service/tickets/{id}");

        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/schedule/entries", $$"""{ "objectId": {{id}}, "type": { "identifier": "S" }, "member": { "id": 176 } }""");

        Assert.Equal(400, status);
        Assert.Equal($"Ticket {id} not found", (string?)body!["errors"]![0]!["message"]);
    }

    [Fact]
    public async Task DateHeader_MovesWithTheClock()
    {
        try
        {
            await psa.ControlAsync(HttpMethod.Put, "/switches", """{ "clockSkewSeconds": -7200 }""");

            using var answer = await psa.SendAsync(HttpMethod.Get, "/system/info");

            Assert.InRange((TimeProvider.System.GetUtcNow() - answer.Headers.Date!.Value).TotalSeconds, 7190, 7260);
        }
        finally
        {
            await psa.ControlAsync(HttpMethod.Put, "/switches", """{ "clockSkewSeconds": 0 }""");
        }
    }

    [Theory]
    [InlineData("/switches", "PUT", """{ "clockSkewSeconds": 1e300 }""")]
    [InlineData("/switches", "PUT", """{ "forbidden": null }""")]
    [InlineData("/faults", "POST", """{ "kind": "latency", "path": "[" }""")]
    [InlineData("/faults", "POST", """{ "kind": "latency", "milliseconds": -5 }""")]
    [InlineData("/faults", "POST", """{ "kind": "gossip" }""")]
    [InlineData("/tickets", "POST", """{ "by": {}, "summary": "\ud800" }""")]
    public async Task Control_ThatWouldBreakTheSandbox_IsRefused(string path, string method, string body)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => psa.ControlAsync(new HttpMethod(method), path, body));

        Assert.Contains("answered 400", refused.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await psa.CallAsync(HttpMethod.Get, "/system/info")).Status);
    }

    /// <summary>Seeded, so that a failure can be repeated: random words of the language, well-formed or not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Anything_IsAnsweredInTheVendorsWords(int seed)
    {
        var words = new Gibberish(seed);
        var ticket = await OneAsync();
        for (var i = 0; i < 300; i++)
        {
            switch (i % 3)
            {
                case 0:
                    await AnsweredAsync("GET", $"/service/tickets?conditions={Uri.EscapeDataString(words.Conditions())}&orderBy={Uri.EscapeDataString(words.Word())}&fields={Uri.EscapeDataString(words.Word())}");
                    break;
                case 1:
                    await AnsweredAsync("PATCH", ticket, Encoding.UTF8.GetBytes(words.Patch()));
                    break;
                default:
                    await AnsweredAsync("POST", "/service/tickets", Encoding.UTF8.GetBytes(words.Json(0)));
                    break;
            }
        }

        Assert.Equal(200, (await psa.CallAsync(HttpMethod.Get, ticket)).Status);
    }

    private async Task<string> OneAsync(string path = Patch) =>
        path.Contains("{ticket}", StringComparison.Ordinal) ? path.Replace("{ticket}", (await psa.NewTicketAsync()).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal) : path;

    private async Task RefusedAsync(string method, string path, byte[] body, int expected)
    {
        var (status, text) = await AnsweredAsync(method, path, body);
        Assert.True(status == expected, $"{status} instead of {expected}: {text}");
    }

    private async Task<(int Status, string Text)> AnsweredAsync(string method, string path, byte[]? body = null)
    {
        using var answer = await psa.SendAsync(new HttpMethod(method), path, null, message =>
        {
            if (body is null) return;
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        });
        var text = await answer.Content.ReadAsStringAsync();
        var told = $"{method} {path} {(body is null ? "" : Encoding.UTF8.GetString(body))}\n{(int)answer.StatusCode} {text}";
        Assert.False(text.Contains("The sandbox failed", StringComparison.Ordinal), told);
        Assert.False((int)answer.StatusCode >= 400 && JsonNode.Parse(text)?["code"] is null, told);
        return ((int)answer.StatusCode, text);
    }
}
