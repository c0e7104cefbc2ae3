using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Access;
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
        for (var i = 0; i < 8; i++) await GuessAsync(person);

        var locked = await visitor.TrySignInAsync(person.Email, HubHost.Password);

        Assert.Equal(HttpStatusCode.OK, locked.StatusCode);
        Assert.Contains("locked for ten minutes", await locked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task WrongPasswords_SideBySide_AreAllCounted()
    {
        var person = await host.PersonAsync(PersonRole.Viewer);

        var refused = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => GuessAsync(person)));

        Assert.Equal((7, 9), (refused.Count(failure => failure is WrongPassword), refused.Count(failure => failure is SignInLocked)));
    }

    [Fact]
    public async Task UnknownEmail_ReadsLikeAKnownOne_LockedOrNot()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Viewer);
        using var visitor = host.Visitor();

        var (known, knownTook) = await TimedAsync(person.Email);
        var (unknown, unknownTook) = await TimedAsync("nobody@example.com");
        for (var i = 0; i < 7; i++) await GuessAsync(person);
        var (locked, lockedTook) = await TimedAsync(person.Email);

        Assert.Contains("Email or password is wrong", known, StringComparison.Ordinal);
        Assert.Equal((known, known), (unknown, locked));
        Assert.All([knownTook, unknownTook, lockedTook], took => Assert.True(took >= SignInModel.RefusalTakes, took.ToString()));
        Assert.IsType<SignInLocked>(await GuessAsync(person));

        async Task<(string Refusal, TimeSpan Took)> TimedAsync(string email)
        {
            var began = TimeProvider.System.GetTimestamp();
            var refusal = await RefusalAsync(await visitor.TrySignInAsync(email, "wrong password"));
            return (refusal, TimeProvider.System.GetElapsedTime(began));
        }
    }

    [Fact]
    public async Task PasswordThatCouldNotBeTyped_CannotBeChosen()
    {
        await host.PersonAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var visitor = await host.SignedInAsync(person);
        var longest = "Aa1-" + new string('x', Accounts.LongestPassword - 4);
        Task<HttpResponseMessage> ChooseAsync(string password) => visitor.PostFormAsync("/profile", [("current", HubHost.Password), ("password", password)], "/profile?handler=password");

        Assert.Contains("at most 200 characters", await RefusalAsync(await ChooseAsync(longest + "x")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await ChooseAsync(longest)).StatusCode);

        using var again = host.Visitor();
        await again.SignInAsync(person.Email, longest);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReactivatedPerson_FindsNoneOfTheirSessionsAndTokens(bool deactivatedHere)
    {
        var admin = await host.ProgramAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var browser = await host.SignedInAsync(person);
        using var program = host.Visitor();
        program.UseToken((await host.Services.GetRequiredService<ApiTokens>().CreateAsync(person.Id, "test", TokenScope.All, null, default)).Token);

        if (deactivatedHere) await admin.PostJsonAsync($"/api/v1/people/{person.Id}/deactivate", new { });
        else await host.Services.GetRequiredService<HubStore>().WriteAsync(async db => (await db.People.SingleAsync(p => p.Id == person.Id)).Active = false, TestContext.Current.CancellationToken);
        using var reactivated = await admin.PostJsonAsync($"/api/v1/people/{person.Id}/reactivate", new { });

        Assert.Equal(HttpStatusCode.OK, reactivated.StatusCode);
        Assert.False(await browser.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/tokens")).StatusCode);
        Assert.Empty(await host.Services.GetRequiredService<ApiTokens>().ListAsync(person.Id, TestContext.Current.CancellationToken));
        await browser.SignInAsync(person.Email, HubHost.Password);
    }

    [Fact]
    public async Task PersonWhoIsActive_AndReactivatedOnceMore_StaysSignedIn()
    {
        var admin = await host.ProgramAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var browser = await host.SignedInAsync(person);

        await admin.PostJsonAsync($"/api/v1/people/{person.Id}/reactivate", new { });

        Assert.True(await browser.IsSignedInAsync());
    }

    /// <summary>A wrong password; answers why it is refused.</summary>
    private async Task<Failure?> GuessAsync(Person person)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Accounts>().CheckAsync(person.Email, "wrong password", TestContext.Current.CancellationToken)).Refused;
    }

    private static async Task<string> RefusalAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var from = page.IndexOf("app-problems", StringComparison.Ordinal);
        return page[from..page.IndexOf("</div>", from, StringComparison.Ordinal)];
    }

    private static string Cookie(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("deskbridge=", StringComparison.Ordinal)).Split(';')[0];
}
