using System.Net;
using System.Text;
using Deskbridge.Core.Directory;
using Xunit;

namespace Deskbridge.Tests.Api;

/// <summary>Every refusal of the API is a problem document that says what to do.</summary>
public sealed class ErrorAnswerTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task BrokenJson_Is400_AndSaysWhere() =>
        Assert.Contains("line 1", await RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/v1/tokens", Json("{\"name\": ")), StringComparison.Ordinal);

    [Fact]
    public async Task EmptyName_Is400_AndNamesTheField() =>
        Assert.Contains("\"field\":\"name\"", await RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/v1/tokens", Json("{\"name\": \"\"}")), StringComparison.Ordinal);

    [Fact]
    public async Task MissingBody_Is400() => await RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/v1/tokens", Json(""));

    [Fact]
    public async Task NoToken_Is401() => await RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/v1/tokens", null, signedIn: false);

    [Fact]
    public async Task TooLowARole_Is403() => await RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "/api/v1/settings");

    [Fact]
    public async Task UnknownAddress_Is404() => await RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/v1/nothing-here");

    [Fact]
    public async Task UnknownRecord_Is404() => await RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "/api/v1/tokens/0193d0a0-0000-7000-8000-000000000000");

    [Fact]
    public async Task OtherMethod_Is405() => await RefusedAsync(HttpStatusCode.MethodNotAllowed, HttpMethod.Patch, "/api/v1/tokens");

    [Fact]
    public async Task HugeBody_Is413() => await RefusedAsync(
        HttpStatusCode.RequestEntityTooLarge, HttpMethod.Post, "/api/v1/tokens", Json($"{{\"name\": \"{new string('x', 3 * 1024 * 1024)}\"}}"));

    [Fact]
    public async Task OtherContentType_Is415() => await RefusedAsync(
        HttpStatusCode.UnsupportedMediaType, HttpMethod.Post, "/api/v1/tokens", new StringContent("name=x", Encoding.UTF8, "text/plain"));

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private async Task<string> RefusedAsync(HttpStatusCode status, HttpMethod method, string path, HttpContent? body = null, bool signedIn = true)
    {
        using var program = signedIn ? await host.ProgramAsync(PersonRole.Viewer) : host.Visitor();
        using var request = new HttpRequestMessage(method, path) { Content = body };

        using var answer = await program.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await Visitor.JsonAsync(answer);
        Assert.Equal((int)status, problem["status"]!.GetValue<int>());
        Assert.NotEmpty(problem["title"]!.ToString());
        Assert.NotEmpty(problem["detail"]!.ToString());
        return problem.ToJsonString();
    }
}
