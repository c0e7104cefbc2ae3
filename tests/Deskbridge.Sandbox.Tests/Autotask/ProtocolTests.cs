using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Autotask;

/// <summary>Zone, sign-in, addresses and refusals as the vendor has them.</summary>
[Collection(AutotaskCollection.Name)]
public sealed class ProtocolTests(AutotaskSandbox autotask)
{
    private static Uri At(AutotaskSandbox autotask, string path) => new(autotask.Server.HttpUrl, path);

    [Fact]
    public async Task ZoneLookup_WithoutSignIn_NamesThisHost()
    {
        var zone = JsonNode.Parse(await autotask.Http.GetStringAsync(At(autotask, $"/atservicesrest/v1.0/zoneInformation?user={autotask.Server.Autotask.UserName}")))!;

        Assert.Equal(At(autotask, "/ATServicesRest/").ToString(), (string?)zone["url"]);
        Assert.Equal(At(autotask, "/").ToString(), (string?)zone["webUrl"]);
        Assert.IsType<int>((int)zone["ci"]!);
    }

    [Fact]
    public async Task ZoneLookup_UnknownUser_Is500WithItsText()
    {
        using var answer = await autotask.Http.GetAsync(autotask.Url("/zoneInformation?user=nobody"));

        Assert.Equal(500, (int)answer.StatusCode);
        Assert.Equal("""{"errors":["Zone information could not be determined"]}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Versions_AreTold() =>
        Assert.Equal("""{"apiVersions":["v1.0"]}""", await autotask.Http.GetStringAsync(At(autotask, "/atservicesrest/versioninformation")));

    [Theory]
    [InlineData("ApiIntegrationCode")]
    [InlineData("UserName")]
    [InlineData("Secret")]
    public async Task SignIn_AWrongHeader_Is401WithoutBody(string header)
    {
        using var answer = await autotask.SendAsync(HttpMethod.Get, autotask.Url("/Companies/0"), null, m =>
        {
            m.Headers.Remove(header);
            m.Headers.Add(header, "wrong");
        });

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task SignIn_LockedUser_IsLetInNoMore_UntilUnlocked()
    {
        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "locked": true }""");
        Assert.Equal(401, (await autotask.CallAsync(HttpMethod.Get, "/Companies/0")).Status);

        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "locked": false }""");
        Assert.Equal(200, (await autotask.CallAsync(HttpMethod.Get, "/Companies/0")).Status);
    }

    [Fact]
    public async Task Zone_ThatMoved_Answers401_AndTheLookupTellsWhere()
    {
        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "zone": "west" }""");
        Assert.Equal(401, (await autotask.CallAsync(HttpMethod.Get, "/Companies/0")).Status);
        var url = (string)JsonNode.Parse(await autotask.Http.GetStringAsync(autotask.Url($"/zoneInformation?user={autotask.Server.Autotask.UserName}")))!["url"]!;
        using var moved = await autotask.SendAsync(HttpMethod.Get, new Uri(url + "V1.0/Companies/0"));
        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "zone": "" }""");

        Assert.EndsWith("/west/ATServicesRest/", url, StringComparison.Ordinal);
        Assert.Equal(200, (int)moved.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/Nonsense/query", 404)]
    [InlineData("POST", "/TicketNotes", 404)]
    [InlineData("POST", "/Picklists", 404)]
    [InlineData("PATCH", "/Tickets/48201", 405)]
    [InlineData("DELETE", "/Tickets/48201", 405)]
    [InlineData("DELETE", "/TicketNotes/1", 405)]
    [InlineData("GET", "/Tickets", 405)]
    [InlineData("PUT", "/Tickets/query", 405)]
    [InlineData("GET", "/Tickets/abc", 404)]
    public async Task Address_ThatIsNotServed(string method, string path, int expected)
    {
        var (status, body) = await autotask.CallAsync(new HttpMethod(method), path, method == "GET" ? null : "{}");

        Assert.Equal(expected, status);
        if (status == 405) Assert.Equal($"The requested resource does not support http method '{method}'.", (string?)body!["Message"]);
    }

    [Fact]
    public async Task Address_LongerThanTheServerTakes_Is404() =>
        Assert.Equal(404, (await autotask.CallAsync(HttpMethod.Get, "/Tickets/query?search=" + new string('x', 2_100))).Status);

    [Fact]
    public async Task Names_AreReadInAnyCase() =>
        Assert.Equal("Northbridge Managed Services", (string?)JsonNode.Parse(await (await autotask.SendAsync(HttpMethod.Get, At(autotask, "/atservicesrest/v1.0/companies/0"))).Content.ReadAsStringAsync())!["item"]!["companyName"]);

    [Fact]
    public async Task MissingRecord_IsAnEmptyItem_OrBySwitch404()
    {
        Assert.Null(await autotask.ItemAsync("Tickets", 1));

        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "missingIs404": true }""");
        var (status, _) = await autotask.CallAsync(HttpMethod.Get, "/Tickets/1");
        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "missingIs404": false }""");
        Assert.Equal(404, status);
    }

    [Fact]
    public async Task Threshold_Reached_Is429_AndTheInformationTellsTheLoad()
    {
        var used = (int)(await autotask.GetAsync("/ThresholdInformation"))["currentTimeframeRequestCount"]!;
        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", $$"""{ "otherRequests": {{9_999 - used}}, "retryAfterSeconds": 7 }""");
        var last = await autotask.GetAsync("/ThresholdInformation");
        using var refused = await autotask.SendAsync(HttpMethod.Get, autotask.Url("/Companies/0"));
        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "otherRequests": 0, "retryAfterSeconds": 0 }""");

        Assert.Equal((10_000, 60, 10_000), ((int)last["externalRequestThreshold"]!, (int)last["requestThresholdTimeframe"]!, (int)last["currentTimeframeRequestCount"]!));
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), refused.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData("error-before", 500, false)]
    [InlineData("error-after", 500, true)]
    [InlineData("throttle", 429, false)]
    [InlineData("forbidden", 403, false)]
    public async Task Fault_FromTheControlApi_StrikesHereToo(string kind, int expected, bool committed)
    {
        var id = await autotask.NewTicketAsync("before");
        await autotask.ControlAsync(HttpMethod.Post, "/faults", $$"""{ "kind": "{{kind}}", "method": "PATCH", "path": "^/Tickets$", "count": 1 }""");

        var (status, _) = await autotask.CallAsync(HttpMethod.Patch, "/Tickets", $$"""{ "id": {{id}}, "title": "after" }""");

        Assert.Equal(expected, status);
        Assert.Equal(committed ? "after" : "before", (string?)(await autotask.ItemAsync("Tickets", id))!["title"]);
    }

    [Fact]
    public async Task Rights_ThatAreMissing_ShowInTheMetadata_EmptyTheReads_AndRefuseTheWrites()
    {
        var id = await autotask.NewTicketAsync();
        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "rights": { "TicketNotes": { "create": 0 }, "Tickets": { "query": 0 } } }""");
        var info = (await autotask.GetAsync("/TicketNotes/entityInformation"))["info"]!;
        var refused = await autotask.RefusedAsync(HttpMethod.Post, $"/Tickets/{id}/Notes", """{ "title": "t", "description": "d", "noteType": 1, "publish": 1 }""");
        var found = await autotask.QueryAsync("Tickets", """{ "op": "exist", "field": "id" }""");
        var item = await autotask.ItemAsync("Tickets", id);
        await autotask.ControlAsync(HttpMethod.Put, "/autotask/switches", """{ "rights": {} }""");

        Assert.Equal((true, 0, 1), ((bool)info["canCreate"]!, (int)info["userAccessForCreate"]!, (int)info["userAccessForQuery"]!));
        Assert.StartsWith("The logged in Resource does not have the adequate permissions to create", refused, StringComparison.Ordinal);
        Assert.Empty(found);
        Assert.Null(item);
    }

    [Fact]
    public async Task Impersonation_WritesForTheResource_OrIsRefused()
    {
        var (status, body) = await autotask.CallAsync(HttpMethod.Post, "/Tickets", """{ "companyID": 175, "title": "For Dana", "status": 1, "priority": 2, "queueID": 29682833 }""", m => m.Headers.Add("ImpersonationResourceId", "29682886"));
        var (refused, _) = await autotask.CallAsync(HttpMethod.Post, "/Tickets", "{}", m => m.Headers.Add("ImpersonationResourceId", "29682891"));

        Assert.Equal((200, 500), (status, refused));
        var ticket = (await autotask.ItemAsync("Tickets", (long)body!["itemId"]!))!;
        Assert.Equal((29_682_886L, 29_682_940L), ((long)ticket["creatorResourceID"]!, (long)ticket["impersonatorCreatorResourceID"]!));
    }
}
