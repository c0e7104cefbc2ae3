using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed class ScopeTests(HubHost host) : IClassFixture<HubHost>, IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await host.PersonAsync(PersonRole.Admin);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void EveryEndpointOfTheApi_NamesItsScope()
    {
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint => Assert.True(
            endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Count(data => data.Policy?.StartsWith(Scopes.Prefix, StringComparison.Ordinal) == true) == 1,
            $"{endpoint.DisplayName} names no scope, or more than one: RequireAuthorization(Policies.X, Scopes.Y)."));
    }

    [Fact]
    public async Task Token_WithoutTheScope_IsToldWhichOne()
    {
        using var program = await ProgramAsync(TokenScope.Read);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/people")).StatusCode);

        var refused = await program.PostJsonAsync("/api/v1/teams", new { name = "Night" });

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Contains("lacks the scope 'people'", (await Visitor.JsonAsync(refused))["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("insufficient_scope", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alerts", "/api/v1/people")]
    [InlineData("read", "/api/v1/settings")]
    [InlineData("read", "/api/v1/audit")]
    [InlineData("connections", "/api/v1/connections")]
    public async Task Token_ForOneThing_DoesNotDoAnother(string scope, string path)
    {
        using var program = await ProgramAsync(Scopes.Parse([scope])!.Value);

        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Token_WithAllScopes_DoesNoMoreThanItsOwner()
    {
        using var viewer = await host.ProgramAsync(PersonRole.Viewer);

        var refused = await viewer.PostJsonAsync("/api/v1/teams", new { name = "Night" });

        Assert.Contains("your role", (await Visitor.JsonAsync(refused))["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_OpensNoPage_SoThatNoFormGoesRoundItsScopes()
    {
        using var program = await ProgramAsync(TokenScope.All);

        Assert.Equal(HttpStatusCode.Redirect, (await program.GetAsync("/settings")).StatusCode);
    }

    [Fact]
    public async Task Token_CannotMakeOneThatMayDoMore()
    {
        using var program = await ProgramAsync(TokenScope.Admin);

        var more = await program.PostJsonAsync("/api/v1/tokens", new { name = "more", scopes = new[] { "admin", "people" } });
        var same = await Visitor.JsonAsync(await program.PostJsonAsync("/api/v1/tokens", new { name = "same", scopes = new[] { "admin" }, days = 30 }));

        Assert.Equal(HttpStatusCode.Forbidden, more.StatusCode);
        Assert.Contains("people", await more.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("admin", same["scopes"]![0]!.ToString());
        Assert.NotNull(same["expiresAt"]);
    }

    [Fact]
    public async Task Token_AskedForWithoutScopes_MayOnlyRead()
    {
        using var program = await host.ProgramAsync(PersonRole.Admin);
        var made = await Visitor.JsonAsync(await program.PostJsonAsync("/api/v1/tokens", new { name = "least" }));
        Assert.Equal(["read"], made["scopes"]!.AsArray().Select(scope => scope!.ToString()));

        Assert.Equal(HttpStatusCode.BadRequest, (await program.PostJsonAsync("/api/v1/tokens", new { name = "x", scopes = new[] { "everything" } })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await program.PostJsonAsync("/api/v1/tokens", new { name = "x", scopes = Array.Empty<string>() })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await program.PostJsonAsync("/api/v1/tokens", new { name = "x", days = 0 })).StatusCode);
    }

    [Fact]
    public async Task Token_PastItsEnd_IsRefused()
    {
        var person = await host.PersonAsync(PersonRole.Viewer);
        var (_, token) = await host.Services.GetRequiredService<ApiTokens>().CreateAsync(person.Id, "over", TokenScope.Read, TimeSpan.FromSeconds(-1), Cancel);
        using var program = host.Visitor();
        program.UseToken(token);

        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/people")).StatusCode);
    }

    [Fact]
    public async Task Token_FromBeforeThereWereScopes_StillDoesAll()
    {
        using var program = await ProgramAsync(TokenScope.Read);
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(Cancel);
        await db.ApiTokens.Where(t => t.Scopes == "read").ExecuteUpdateAsync(set => set.SetProperty(t => t.Scopes, (string?)null), Cancel);

        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/settings")).StatusCode);
    }

    private async Task<Visitor> ProgramAsync(TokenScope scopes)
    {
        var person = await host.PersonAsync(PersonRole.Admin);
        var visitor = host.Visitor();
        visitor.UseToken((await host.Services.GetRequiredService<ApiTokens>().CreateAsync(person.Id, "test", scopes, null, Cancel)).Token);
        return visitor;
    }
}
