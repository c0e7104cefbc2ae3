using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Autotask;

/// <summary>The query language: operators, groups, user-defined fields, pages and counts.</summary>
[Collection(AutotaskCollection.Name)]
public sealed class QueryTests(AutotaskSandbox autotask)
{
    [Theory]
    [InlineData("""{ "op": "eq", "field": "companyName", "value": "atlas architects" }""", "182")]
    [InlineData("""{ "op": "noteq", "field": "companyType", "value": 1 }""", "")]
    [InlineData("""{ "op": "gt", "field": "id", "value": 181 }""", "182 183")]
    [InlineData("""{ "op": "gte", "field": "id", "value": "182" }""", "182 183")]
    [InlineData("""{ "op": "lt", "field": "id", "value": 176 }""", "0 175")]
    [InlineData("""{ "op": "lte", "field": "id", "value": 175 }, { "op": "gt", "field": "id", "value": 0 }""", "175")]
    [InlineData("""{ "op": "beginsWith", "field": "companyName", "value": "River" }""", "181")]
    [InlineData("""{ "op": "endsWith", "field": "companyName", "value": "care" }""", "183")]
    [InlineData("""{ "op": "contains", "field": "CompanyName", "value": "legal" }""", "176")]
    [InlineData("""{ "op": "exist", "field": "parentCompanyID" }""", "")]
    [InlineData("""{ "op": "notExist", "field": "parentCompanyID" }, { "op": "eq", "field": "state", "value": "OH" }""", "179 180 181 182")]
    [InlineData("""{ "op": "in", "field": "id", "value": [0, 183, 7] }""", "0 183")]
    [InlineData("""{ "op": "notIn", "field": "id", "value": [0, 175, 176, 177, 178, 179, 180] }""", "181 182 183")]
    [InlineData("""{ "op": "eq", "field": "isActive", "value": true }, { "op": "eq", "field": "id", "value": 177 }""", "177")]
    [InlineData("""{ "op": "or", "items": [{ "op": "eq", "field": "id", "value": 175 }, { "op": "and", "items": [{ "op": "eq", "field": "city", "value": "Orlando" }, { "op": "gt", "field": "id", "value": 9 }] }] }""", "175 183")]
    [InlineData("""{ "op": "eq", "field": "CustomerRanking", "udf": true, "value": "golden" }""", "175 180")]
    [InlineData("""{ "op": "contains", "field": "customerranking", "udf": true, "value": "old" }""", "175 180")]
    [InlineData("""{ "op": "noteExist", "field": "whatever" }, { "op": "eq", "field": "id", "value": 0 }""", "0")]
    [InlineData("""{ "op": "gt", "field": "createDate", "value": "2200-01-01T00:00:00Z" }""", "")]
    public async Task Filter_FindsByRisingId(string filter, string expected)
    {
        var found = await autotask.QueryAsync("Companies", filter);

        Assert.Equal(expected, string.Join(' ', found.Select(c => (long)c!["id"]!)));
    }

    [Theory]
    [InlineData("""{ "filter": [{ "op": "eq", "field": "userDefinedFields", "value": 1 }] }""", "Unable to find userDefinedFields in the Company Entity.")]
    [InlineData("""{ "filter": [{ "op": "eq", "field": "assetValue", "value": 1 }] }""", "Unable to find assetValue in the Company Entity.")]
    [InlineData("""{ "filter": [{ "op": "exist", "field": "id" }], "IncludeFields": ["id", "nonsense"] }""", "Unable to find nonsense in the Company Entity.")]
    [InlineData("""{ "filter": [{ "op": "exist", "field": "id" }], "MaxRecords": 501 }""", "maxCountOfRecordsToReturn must be between 1 and 500")]
    [InlineData("""{ "filter": [{ "op": "contains", "field": "companyType", "value": "1" }] }""", "The operator contains is not valid for field companyType.")]
    [InlineData("""{ "filter": [{ "op": "eq", "field": "companyType", "value": "Customer" }] }""", "Error converting value \"Customer\"")]
    [InlineData("""{ "filter": [{ "op": "eq", "field": "isActive", "value": 1 }] }""", "Error converting value 1")]
    [InlineData("""{ "MaxRecords": 5 }""", "Parameter name: filters")]
    [InlineData(null, "Parameter name: filters")]
    public async Task Query_ThatCannotBe_IsRefusedInWords(string? body, string expected) =>
        Assert.Contains(expected, await autotask.RefusedAsync(HttpMethod.Post, "/Companies/query", body), StringComparison.Ordinal);

    [Fact]
    public async Task Conditions_MoreThan500InAnOr_AreRefused()
    {
        var items = string.Join(',', Enumerable.Range(0, 501).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{ "op": "eq", "field": "id", "value": {{i}} }""")));

        Assert.Contains("500 or fewer 'OR' conditions", await autotask.RefusedAsync(HttpMethod.Post, "/Companies/query", $$"""{ "filter": [{ "op": "or", "items": [{{items}}] }] }"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IncludeFields_LeaveTheOthersOut()
    {
        var found = await autotask.QueryAsync("Companies", """{ "op": "eq", "field": "id", "value": 175 }""", """, "IncludeFields": ["ID", "companyname", "CustomerRanking"]""");

        Assert.Equal("""[{"id":175,"companyName":"Harbor Dental Group","userDefinedFields":[{"name":"CustomerRanking","value":"Golden"}]}]""", found.ToJsonString());
    }

    [Fact]
    public async Task Get_TakesTheSearchInItsAddress_AndItsPagesFollowByGet()
    {
        var search = Uri.EscapeDataString("""{"MaxRecords":4,"filter":[{"op":"exist","field":"id"}]}""");
        var first = await autotask.GetAsync($"/Companies/query?search={search}");
        var next = (string)first["pageDetails"]!["nextPageUrl"]!;

        var second = await ReadAsync(HttpMethod.Get, next);
        var third = await ReadAsync(HttpMethod.Get, (string)second["pageDetails"]!["nextPageUrl"]!);
        var back = await ReadAsync(HttpMethod.Get, (string)third["pageDetails"]!["prevPageUrl"]!);

        Assert.Equal((4, 4, 2), (Count(first), Count(second), Count(third)));
        Assert.Null((string?)first["pageDetails"]!["prevPageUrl"]);
        Assert.Null((string?)third["pageDetails"]!["nextPageUrl"]);
        Assert.Equal(second["items"]!.ToJsonString(), back["items"]!.ToJsonString());
    }

    [Fact]
    public async Task Post_PagesFollowByPostWithTheSameBody_AndNotOtherwise()
    {
        const string Body = """{ "MaxRecords": 4, "filter": [{ "op": "gt", "field": "id", "value": 0 }] }""";
        var next = (string)(await autotask.CallAsync(HttpMethod.Post, "/Companies/query", Body)).Body!["pageDetails"]!["nextPageUrl"]!;

        var page = await ReadAsync(HttpMethod.Post, next, Body);
        using var byGet = await autotask.SendAsync(HttpMethod.Get, new Uri(next));
        using var withoutBody = await autotask.SendAsync(HttpMethod.Post, new Uri(next));

        Assert.Equal([179L, 180L, 181L, 182L], ((JsonArray)page["items"]!).Select(c => (long)c!["id"]!));
        Assert.Equal(405, (int)byGet.StatusCode);
        Assert.Equal(500, (int)withoutBody.StatusCode);
        Assert.Contains("Parameter name: filters", await withoutBody.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Count_CountsByFilterAlone()
    {
        var (_, byPost) = await autotask.CallAsync(HttpMethod.Post, "/Companies/query/count", """{ "MaxRecords": 1, "filter": [{ "op": "eq", "field": "state", "value": "OH" }] }""");
        var byGet = await autotask.GetAsync("/Companies/query/count?search=" + Uri.EscapeDataString("""{"filter":[{"op":"eq","field":"state","value":"OH"}]}"""));

        Assert.Equal("""{"queryCount":4}""", byPost!.ToJsonString());
        Assert.Equal("""{"queryCount":4}""", byGet.ToJsonString());
    }

    private static int Count(JsonNode page) => (int)page["pageDetails"]!["count"]!;

    private async Task<JsonNode> ReadAsync(HttpMethod method, string url, string? body = null)
    {
        using var answer = await autotask.SendAsync(method, new Uri(url), body);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
