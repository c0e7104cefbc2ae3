using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed class TokenTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task Token_IsShownOnce_ActsAsItsOwner_UntilRevoked()
    {
        using var owner = await host.ProgramAsync(PersonRole.Viewer);
        var made = await Visitor.JsonAsync(await owner.PostJsonAsync("/api/v1/tokens", new { name = "reporting" }));
        var token = made["token"]!.ToString();
        Assert.DoesNotContain(token, await owner.ReadAsync("/api/v1/tokens"));

        using var program = host.Visitor();
        program.UseToken(token);
        Assert.Contains("reporting", await program.ReadAsync("/api/v1/tokens"));
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/api/v1/settings")).StatusCode);

        var revoked = await owner.Http.DeleteAsync($"/api/v1/tokens/{made["id"]}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/tokens")).StatusCode);
    }

    [Fact]
    public async Task Token_IsStoredAsItsHash()
    {
        var person = await host.PersonAsync(PersonRole.Viewer);
        var (row, token) = await host.Services.GetRequiredService<ApiTokens>().CreateAsync(person.Id, "test", TokenScope.All, null, default);

        await using var db = await host.Services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var stored = await db.ApiTokens.SingleAsync(t => t.Id == row.Id, TestContext.Current.CancellationToken);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)), stored.Hash);
        Assert.Equal(token[..11], stored.Lookup);
    }

    [Theory]
    [InlineData("""{"name":"t","scopes":[null]}""", "scopes")]
    [InlineData("""{"name":"t","scopes":["read",null]}""", "scopes")]
    [InlineData("""{"name":"\u202e\u0000"}""", "name")]
    [InlineData("""{"name":"a\u2028b"}""", "name")]
    [InlineData("""{"name":null}""", "name")]
    public async Task Token_WithWhatCannotBe_IsRefusedNamingTheField(string body, string field)
    {
        using var owner = await host.ProgramAsync(PersonRole.Viewer);

        using var answer = await owner.Http.PostAsync("/api/v1/tokens", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await Visitor.JsonAsync(answer))["field"]!.ToString());
    }

    [Fact]
    public async Task Token_OfAnotherPerson_CannotBeRevoked()
    {
        using var owner = await host.ProgramAsync(PersonRole.Viewer);
        using var other = await host.ProgramAsync(PersonRole.Admin);
        var made = await Visitor.JsonAsync(await owner.PostJsonAsync("/api/v1/tokens", new { name = "mine" }));

        var refused = await other.Http.DeleteAsync($"/api/v1/tokens/{made["id"]}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }
}
