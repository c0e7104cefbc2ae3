using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Deskbridge.Tests.Api;

/// <summary>What holds for every call.</summary>
public sealed class ApiRulesTests(ApiHost hub) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("{\"name\": \"a\",\n \"repeatMinutes\": \"soon\"}", "repeatMinutes")]
    [InlineData("{\"name\": \"a\",\n nonsense}", "line 2")]
    [InlineData("", "body")]
    [InlineData("[]", "JSON")]
    [InlineData("null", "The body is missing, or null")]
    [InlineData("{\"name\": \"a\",}", "(line 1, byte 14): a comma stands before the closing bracket.")]
    [InlineData("{\"name\": \"a\"", "it ends before every bracket is closed.")]
    [InlineData("{", "it ends before every bracket is closed.")]
    [InlineData("{\"members\": [\"a\",]}", "a comma stands before the closing bracket.")]
    public async Task Body_ThatIsNotTheJsonExpected_NamesThePlace(string body, string named)
    {
        var answer = await hub.Admin.CallAsync(HttpMethod.Post, "teams", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Contains(named, answer.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.DoesNotContain("Deskbridge", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_NestedTooDeeply_IsRefusedInPlainWords()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"settings\":", 300)) + "1" + new string('}', 300);

        var answer = await hub.Admin.CallAsync(HttpMethod.Post, "connections", new StringContent(deep, Encoding.UTF8, "application/json"));

        Assert.EndsWith(": it is nested too deeply.", answer.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "channels", "{\"kind\":\"pigeon\"}", "'kind'", "email, ntfy, webhook")]
    [InlineData("POST", "channels", "{\"kind\":1}", "'kind'", "email, ntfy, webhook")]
    [InlineData("POST", "people", "{\"name\":\"a\",\"role\":\"boss\"}", "'role'", "viewer, responder, dispatcher, admin")]
    [InlineData("POST", "teams", "{\"name\":\"a\",\"repeatMinutes\":\"soon\"}", "'repeatMinutes'", "a whole number")]
    [InlineData("GET", "alerts?status=shut", null, "'shut'", "open, acknowledged or closed")]
    [InlineData("GET", "events?kind=gossip", null, "'gossip'", "callback, refused-callback, received, ignored")]
    [InlineData("GET", "events?cursor=gossip", null, "cursor", "'next'")]
    [InlineData("GET", "alerts?limit=many", null, "'many'", "a whole number")]
    [InlineData("GET", "channels?person=me", null, "'me'", "an id such as")]
    [InlineData("GET", "connections?removed=perhaps", null, "'perhaps'", "true or false")]
    public async Task Word_ThatNobodyKnows_IsRefusedWithThoseThatAreTaken(string method, string path, string? body, string named, string allowed)
    {
        var answer = await hub.Admin.CallAsync(new HttpMethod(method), path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = answer.Problem(HttpStatusCode.BadRequest);
        Assert.Contains(named, problem, StringComparison.Ordinal);
        Assert.Contains(allowed, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "connections/{0}/statuses", """{"items":[{"on":"closed"},{"on":"1"}]}""", "items[1].on")]
    [InlineData("PUT", "connections/{0}/statuses", """{"items":[{"on":"acknowledged, closed"}]}""", "items[0].on")]
    [InlineData("POST", "alerts/{0}/notes", """{"text":"x","flags":["internal","2"]}""", "flags[1]")]
    [InlineData("POST", "alerts/{0}/notes", """{"text":"x","flags":["internal, discussion"]}""", "flags[0]")]
    public async Task NumberOrListInPlaceOfAWord_IsRefusedNamingTheMember(string method, string path, string body, string member)
    {
        var to = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Guid.Empty);

        var answer = await hub.Admin.CallAsync(new HttpMethod(method), to, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(member, answer.Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Body_OfTenMegabytes_IsRefused()
    {
        using var body = new StringContent($"{{\"name\":\"{new string('x', 10 * 1024 * 1024)}\"}}", Encoding.UTF8, "application/json");

        var answer = await hub.Admin.CallAsync(HttpMethod.Post, "teams", body, key: "large");

        Assert.Contains("larger than 2 MB", answer.Problem(HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_OfAnotherType_IsRefused()
    {
        var answer = await hub.Admin.CallAsync(HttpMethod.Post, "teams", new StringContent("name=x", Encoding.UTF8, "text/plain"));

        answer.Problem(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Body_WithMembersNobodyKnows_IsTaken() =>
        (await hub.Admin.PostAsync("teams", new { name = "ทีมกลางคืน", comesLater = new { a = 1 } })).Body(HttpStatusCode.Created);

    [Fact]
    public async Task Address_ThatIsNot_AnswersAProblem()
    {
        (await hub.Admin.ReadAsync("nothing-here")).Problem(HttpStatusCode.NotFound);
        (await hub.Admin.RemoveAsync("duty")).Problem(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Token_ThatIsNot_AnswersAProblem()
    {
        var answer = await hub.Stranger.CallAsync(HttpMethod.Get, "alerts", null, null, ("Authorization", "Bearer db_nonsense_nonsense"));

        answer.Problem(HttpStatusCode.Unauthorized);
        Assert.Contains(answer.Headers, header => header.Key == "WWW-Authenticate");
    }

    [Fact]
    public async Task Health_TellsTheDatabaseTheQueuesAndEveryConnection()
    {
        var id = await hub.InstallAsync();

        var health = (await hub.Viewer.ReadAsync("health")).Body();

        Assert.Equal("ok", health["database"]!["status"]!.GetValue<string>());
        Assert.Equal(0, health["queues"]!["pages"]!.GetValue<int>());
        var connection = health["connections"]!.AsArray().Single(c => c!["id"]!.GetValue<Guid>() == id)!;
        Assert.Equal("active", connection["state"]!.GetValue<string>());
        Assert.False(connection["breakerOpen"]!.GetValue<bool>());
        Assert.Equal(600, connection["callsPerMinute"]!.GetValue<int>());
        (await hub.Stranger.ReadAsync("health")).Problem(HttpStatusCode.Unauthorized);
        Assert.Equal("ready", (await hub.Stranger.ReadAsync("/health/ready")).Text);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryCallOfTheApi()
    {
        var document = (await hub.Stranger.ReadAsync("/openapi/v1.json")).Body();

        var described = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).ToHashSet(StringComparer.Ordinal);
        var mapped = hub.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(
                method => $"{method} {endpoint.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal).TrimEnd('/')}")).ToList();
        Assert.True(mapped.Count > 50, $"{mapped.Count} endpoints");
        Assert.Empty(mapped.Except(described, StringComparer.Ordinal));
    }

    [Fact]
    public async Task OpenApi_SaysSummaryRefusalsEnumsAndHowToSignIn()
    {
        var document = (await hub.Stranger.ReadAsync("/openapi/v1.json")).Body();

        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (Name: $"{operation.Key} {path.Key}", Body: operation.Value!))).ToList();
        Assert.All(operations, operation => Assert.False(string.IsNullOrEmpty(operation.Body["summary"]?.GetValue<string>()), operation.Name));
        Assert.All(operations, operation => Assert.NotNull(operation.Body["responses"]!["401"]));
        Assert.Equal("bearer", document["components"]!["securitySchemes"]!["token"]!["scheme"]!.GetValue<string>());
        Assert.Equal(["open", "acknowledged", "closed"], Enum(document, "AlertStatus"));
        Assert.Contains("succeeded", Enum(document, "RunState"));
        var note = document["paths"]!["/api/v1/alerts/{id}/notes"]!["post"]!;
        Assert.Contains(note["parameters"]!.AsArray(), parameter => parameter!["name"]!.GetValue<string>() == "Idempotency-Key");
    }

    [Fact]
    public async Task EveryCallThatCreates_TakesAnIdempotencyKey()
    {
        var paths = (await hub.Stranger.ReadAsync("/openapi/v1.json")).Body()["paths"]!.AsObject();

        var creates = paths.Where(path => path.Value!["post"]?["responses"] is JsonObject answers && (answers.ContainsKey("201") || answers.ContainsKey("202"))).ToList();

        Assert.True(creates.Count >= 12, $"{creates.Count} calls");
        Assert.All(
            creates.Where(path => !path.Key.EndsWith("/cancel", StringComparison.Ordinal)),
            path => Assert.Contains(path.Value!["post"]!["parameters"]?.AsArray() ?? [], parameter => parameter!["name"]!.GetValue<string>() == "Idempotency-Key"));
    }

    private static IEnumerable<string> Enum(JsonNode document, string name) =>
        document["components"]!["schemas"]![name]!["enum"]!.AsArray().Select(value => value!.GetValue<string>());
}
