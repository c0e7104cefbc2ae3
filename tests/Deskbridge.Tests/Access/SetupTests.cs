using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed class SetupTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task FirstRun_TakesTheCodeOnce_AndNoOther()
    {
        var code = await host.Services.GetRequiredService<SetupCode>().CurrentAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(code);
        using var stranger = host.Visitor();
        Assert.Equal("/setup", (await stranger.GetAsync("/alerts")).Headers.Location?.ToString());

        var wrong = await SetUpAsync(stranger, "aaaaa-bbbbb", "mallory@example.com");
        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        Assert.Contains("That is not the code", await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(await stranger.IsSignedInAsync());

        using var owner = host.Visitor();
        var right = await SetUpAsync(owner, code.ToUpperInvariant(), "ann@example.com");
        Assert.Equal("/settings", right.Headers.Location?.ToString());
        Assert.True(await owner.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("/settings")).StatusCode);

        Assert.Equal("/sign-in", (await stranger.GetAsync("/setup")).Headers.Location?.ToString());
        Assert.Null(await host.Services.GetRequiredService<SetupCode>().CurrentAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/setup")]
    [InlineData("/sign-in")]
    public async Task Guessing_FromOneAddress_IsSlowedDown(string page)
    {
        using var guesser = host.Visitor();
        for (var i = 0; i < 30; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, (await guesser.PostAsync(page, [])).StatusCode);

        var refused = await guesser.PostAsync(page, []);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var other = host.Visitor();
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await other.PostAsync(page, [])).StatusCode);
    }

    [Fact]
    public async Task RefusedPassword_LeavesNobodyBehind_AndOneOfTwoAtOnceIsTheAdministrator()
    {
        await using var empty = new HubHost();
        await empty.InitializeAsync();
        var code = (await empty.Services.GetRequiredService<SetupCode>().CurrentAsync(TestContext.Current.CancellationToken))!;
        using var first = empty.Visitor();
        using var second = empty.Visitor();

        foreach (var password in new[] { "short", new string('x', Accounts.LongestPassword) + "1234" })
            Assert.Equal(HttpStatusCode.OK, (await SetUpAsync(first, code, "typo@example.com", password)).StatusCode);
        Assert.Empty(await PeopleAsync(empty));

        var answers = await Task.WhenAll(SetUpAsync(first, code, "ann@example.com"), SetUpAsync(second, code, "bea@example.com"));

        Assert.Equal(["/settings", "/sign-in"], answers.Select(answer => answer.Headers.Location?.ToString()).Order(StringComparer.Ordinal));
        Assert.Single(await PeopleAsync(empty));
    }

    private static Task<List<Person>> PeopleAsync(HubHost host) => host.Services.GetRequiredService<PersonQueries>().ListAsync(TestContext.Current.CancellationToken);

    private static Task<HttpResponseMessage> SetUpAsync(Visitor visitor, string code, string email, string password = HubHost.Password) => visitor.PostFormAsync(
        "/setup", [("Form.Code", code), ("Form.Name", "Ann"), ("Form.Email", email), ("Form.Password", password)]);
}
