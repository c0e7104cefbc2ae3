using System.Net;
using Deskbridge.Core.Directory;
using Xunit;

namespace Deskbridge.Tests.Api;

public sealed class IdempotencyTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task SameKeyAndBody_GetsTheFirstAnswer_AndMakesNothingNew()
    {
        using var program = await host.ProgramAsync(PersonRole.Viewer);

        var first = await program.PostJsonAsync("/api/v1/tokens", new { name = "once" }, "key-1");
        var second = await program.PostJsonAsync("/api/v1/tokens", new { name = "once" }, "key-1");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal((await Visitor.JsonAsync(first)).ToJsonString(), (await Visitor.JsonAsync(second)).ToJsonString());
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(1, await CountAsync(program, "once"));
    }

    [Fact]
    public async Task SameKey_OtherBody_IsRefused()
    {
        using var program = await host.ProgramAsync(PersonRole.Viewer);
        await program.PostJsonAsync("/api/v1/tokens", new { name = "one" }, "key-2");

        var refused = await program.PostJsonAsync("/api/v1/tokens", new { name = "two" }, "key-2");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, await CountAsync(program, "two"));
    }

    [Fact]
    public async Task SameKey_AtOnce_MakesOne()
    {
        using var program = await host.ProgramAsync(PersonRole.Viewer);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => program.PostJsonAsync("/api/v1/tokens", new { name = "race" }, "key-3")));

        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, answer.StatusCode.ToString()));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(1, await CountAsync(program, "race"));
    }

    [Fact]
    public async Task SameKey_OfAnotherPerson_IsTheirOwn()
    {
        using var one = await host.ProgramAsync(PersonRole.Viewer);
        using var other = await host.ProgramAsync(PersonRole.Viewer);
        await one.PostJsonAsync("/api/v1/tokens", new { name = "shared" }, "key-4");

        var answer = await other.PostJsonAsync("/api/v1/tokens", new { name = "shared" }, "key-4");

        Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(1, await CountAsync(other, "shared"));
    }

    private static async Task<int> CountAsync(Visitor program, string name) =>
        (await Visitor.JsonAsync(await program.GetAsync("/api/v1/tokens")))["items"]!.AsArray().Count(token => token!["name"]!.ToString() == name);
}
