using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed class SignInTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task RightPassword_OpensASession_UntilSignOut()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var visitor = host.Visitor();
        Assert.StartsWith("/sign-in", (await visitor.GetAsync("/profile")).Headers.Location!.PathAndQuery, StringComparison.Ordinal);

        await visitor.SignInAsync(person.Email.ToUpperInvariant(), HubHost.Password);
        Assert.True(await visitor.IsSignedInAsync());

        await visitor.PostFormAsync("/profile", [], "/sign-out");
        Assert.False(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task WrongPassword_EightTimes_LocksEvenTheRightOne()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Viewer);
        using var visitor = host.Visitor();
        for (var i = 0; i < 8; i++) Assert.Equal(HttpStatusCode.OK, (await visitor.TrySignInAsync(person.Email, "wrong password")).StatusCode);

        var locked = await visitor.TrySignInAsync(person.Email, HubHost.Password);

        Assert.Equal(HttpStatusCode.OK, locked.StatusCode);
        Assert.Contains("locked for ten minutes", await locked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task WrongPasswords_SideBySide_AreAllCounted()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Viewer);
        var visitors = Enumerable.Range(0, 16).Select(_ => host.Visitor()).ToList();

        var answers = await Task.WhenAll(visitors.Select(async visitor => await (await visitor.TrySignInAsync(person.Email, "wrong password")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));

        Assert.Equal(7, answers.Count(answer => answer.Contains("Email or password is wrong", StringComparison.Ordinal)));
        Assert.Equal(9, answers.Count(answer => answer.Contains("locked for ten minutes", StringComparison.Ordinal)));
        visitors.ForEach(visitor => visitor.Dispose());
    }

    [Fact]
    public async Task UnknownEmail_ReadsLikeAWrongPassword()
    {
        await host.PersonAsync(PersonRole.Admin);
        using var visitor = host.Visitor();

        var answer = await visitor.TrySignInAsync("nobody@example.com", HubHost.Password);

        Assert.Contains("Email or password is wrong", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ChangedPassword_EndsTheOtherSessions_NotThisOne()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var here = await host.SignedInAsync(person);
        using var elsewhere = await host.SignedInAsync(person);

        await here.PostFormAsync("/profile", [("current", HubHost.Password), ("password", "another long password")], "/profile?handler=password");

        Assert.True(await here.IsSignedInAsync());
        Assert.False(await elsewhere.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.TrySignInAsync(person.Email, HubHost.Password)).StatusCode);
    }

    [Fact]
    public async Task CookieOfASignedOutSession_IsRefusedWhenReplayed_AndTheOtherSessionGoesOn()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var here = host.Visitor();
        var stolen = Cookie(await here.TrySignInAsync(person.Email, HubHost.Password));
        using var elsewhere = await host.SignedInAsync(person);
        using var thief = host.Visitor();
        thief.Http.DefaultRequestHeaders.Add("Cookie", stolen);
        Assert.True(await thief.IsSignedInAsync());

        await here.PostFormAsync("/profile", [], "/sign-out");

        Assert.False(await thief.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/api/v1/people/me")).StatusCode);
        Assert.True(await elsewhere.IsSignedInAsync());
    }

    [Fact]
    public async Task SignOutEverywhere_EndsEverySessionOfThatPersonOnly()
    {
        using var other = await host.SignedInAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var here = await host.SignedInAsync(person);
        using var elsewhere = await host.SignedInAsync(person);
        Assert.Contains("2 sessions", await here.ReadAsync("/profile"), StringComparison.Ordinal);

        var answer = await here.PostFormAsync("/profile", [], "/profile?handler=everywhere");

        Assert.Equal("/sign-in", answer.Headers.Location?.ToString());
        Assert.False(await here.IsSignedInAsync());
        Assert.False(await elsewhere.IsSignedInAsync());
        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    public async Task SessionsOfAPerson_AreCountedAndEndedByApi()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var browser = await host.SignedInAsync(person);
        using var program = host.Visitor();
        program.UseToken((await host.Services.GetRequiredService<ApiTokens>().CreateAsync(person.Id, "test", TokenScope.All, null, default)).Token);

        Assert.Single((await Visitor.JsonAsync(await program.GetAsync("/api/v1/sessions")))["items"]!.AsArray());
        Assert.Equal(HttpStatusCode.NoContent, (await program.Http.DeleteAsync("/api/v1/sessions", TestContext.Current.CancellationToken)).StatusCode);

        Assert.False(await browser.IsSignedInAsync());
        Assert.Empty((await Visitor.JsonAsync(await program.GetAsync("/api/v1/sessions")))["items"]!.AsArray());
    }

    [Fact]
    public async Task DeactivatedPerson_IsRefusedAtOnce_BySessionTokenAndPassword()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var browser = await host.SignedInAsync(person);
        using var program = host.Visitor();
        program.UseToken((await host.Services.GetRequiredService<ApiTokens>().CreateAsync(person.Id, "test", TokenScope.All, null, default)).Token);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/tokens")).StatusCode);

        await host.Services.GetRequiredService<HubStore>().WriteAsync(
            async db => (await db.People.SingleAsync(p => p.Id == person.Id)).Active = false, TestContext.Current.CancellationToken);

        Assert.False(await browser.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/tokens")).StatusCode);
        Assert.Contains("deactivated", await (await browser.TrySignInAsync(person.Email, HubHost.Password)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string Cookie(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("deskbridge=", StringComparison.Ordinal)).Split(';')[0];
}
