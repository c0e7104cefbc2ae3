using System.Net;
using System.Text.RegularExpressions;
using Deskbridge.Access;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed partial class SecondFactorTests(HubHost host) : IClassFixture<HubHost>, IAsyncLifetime
{
    /// <summary>A hub without an administrator shows its setup page only.</summary>
    public async ValueTask InitializeAsync() => await host.PersonAsync(PersonRole.Admin);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Person_WhoSetOneUp_SignsInWithPasswordAndCode()
    {
        var (person, phone) = await EnrolledAsync();
        using var visitor = host.Visitor();

        var half = await visitor.TrySignInAsync(person.Email, HubHost.Password);
        Assert.Equal("/sign-in/code?next=%2F", half.Headers.Location?.ToString());
        Assert.False(await visitor.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.GetAsync("/api/v1/people/me")).StatusCode);

        var wrong = await CodeAsync(visitor, "000000");
        Assert.Contains("That code is wrong", await TextAsync(wrong), StringComparison.Ordinal);
        Assert.False(await visitor.IsSignedInAsync());

        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(visitor, phone.Next())).StatusCode);
        Assert.True(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task Code_UsedOnce_IsRefusedTheSecondTime()
    {
        var (person, phone) = await EnrolledAsync();
        var code = phone.Next();
        using var first = await HalfAsync(person);
        using var second = await HalfAsync(person);

        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(first, code)).StatusCode);
        Assert.Contains("used before", await TextAsync(await CodeAsync(second, code)), StringComparison.Ordinal);
        Assert.False(await second.IsSignedInAsync());
    }

    [Fact]
    public async Task RecoveryCode_WorksOnce_HoweverItIsTyped()
    {
        var (person, phone) = await EnrolledAsync();
        using var first = await HalfAsync(person);
        using var second = await HalfAsync(person);

        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(first, phone.RecoveryCodes[3].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal))).StatusCode);
        Assert.True(await first.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.OK, (await CodeAsync(second, phone.RecoveryCodes[3])).StatusCode);
        Assert.Contains("9 recovery codes are left", await first.ReadAsync("/profile/second-factor"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongCodes_EightTimes_LockTheSignIn_AlsoWhenThePasswordIsRightBetween()
    {
        var (person, phone) = await EnrolledAsync();
        for (var i = 0; i < 8; i++)
        {
            using var guesser = await HalfAsync(person);
            Assert.Equal(HttpStatusCode.OK, (await CodeAsync(guesser, "111111")).StatusCode);
        }

        using var owner = host.Visitor();
        Assert.Contains("locked for ten minutes", await TextAsync(await owner.TrySignInAsync(person.Email, HubHost.Password)), StringComparison.Ordinal);
        Assert.NotNull(phone.Next());
    }

    [Fact]
    public async Task SettingItUp_EndsTheOtherSessions_AndStoresNoSecretInClear()
    {
        var person = await host.PersonAsync(PersonRole.Responder);
        using var here = await host.SignedInAsync(person);
        using var elsewhere = await host.SignedInAsync(person);

        var phone = await EnrolAsync(here, "/profile/second-factor", "/profile/second-factor?handler=confirm");

        Assert.True(await here.IsSignedInAsync());
        Assert.False(await elsewhere.IsSignedInAsync());
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var row = await db.Authenticators.SingleAsync(a => a.PersonId == person.Id, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(Convert.ToBase64String(phone.Secret), row.Secret, StringComparison.Ordinal);
        var hashes = await db.RecoveryCodes.Where(c => c.PersonId == person.Id).Select(c => c.Hash).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(10, hashes.Count);
        Assert.Empty(hashes.Intersect(phone.RecoveryCodes.Select(code => code.Replace("-", "", StringComparison.Ordinal)), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Role_ThatHasToUseOne_SetsItUpAtSignIn_AndItsOldSessionsEnd()
    {
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Dispatcher);
        using var responder = await host.SignedInAsync(PersonRole.Responder);
        using var before = await host.SignedInAsync(person);
        Assert.True(await before.IsSignedInAsync());
        await RequireAsync(admin, "dispatcher");
        try
        {
            Assert.False(await before.IsSignedInAsync());
            Assert.True(await responder.IsSignedInAsync());
            using var visitor = host.Visitor();
            Assert.Equal("/sign-in/second-factor?next=%2F", (await visitor.TrySignInAsync(person.Email, HubHost.Password)).Headers.Location?.ToString());
            Assert.False(await visitor.IsSignedInAsync());

            await EnrolAsync(visitor, "/sign-in/second-factor", "/sign-in/second-factor");
            Assert.True(await visitor.IsSignedInAsync());
        }
        finally
        {
            await RequireAsync(admin, "nobody");
        }
    }

    [Fact]
    public async Task HalfSignIn_OfSomebodyWithAPhone_CannotSetUpAnother()
    {
        var (person, _) = await EnrolledAsync();
        using var thief = await HalfAsync(person);

        Assert.Equal("/sign-in/code", (await thief.GetAsync("/sign-in/second-factor")).Headers.Location?.ToString());
        var forced = await thief.PostFormAsync("/sign-in/code", [("secret", "x"), ("code", "123456")], "/sign-in/second-factor");
        Assert.Equal("/sign-in/code", forced.Headers.Location?.ToString());
        Assert.False(await thief.IsSignedInAsync());
    }

    [Fact]
    public async Task LostPhone_IsTakenAwayByAnAdministrator_AndByNobodyElse()
    {
        var (person, _) = await EnrolledAsync();
        using var dispatcher = await host.ProgramAsync(PersonRole.Dispatcher);
        using var admin = await host.ProgramAsync(PersonRole.Admin);

        Assert.Equal(HttpStatusCode.Forbidden, (await DeleteAsync(dispatcher, person)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(admin, person)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await DeleteAsync(admin, person)).StatusCode);

        using var visitor = host.Visitor();
        await visitor.SignInAsync(person.Email, HubHost.Password);
        Assert.True(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task Removal_ByTheOwner_AsksForACode()
    {
        var person = await host.PersonAsync(PersonRole.Responder);
        using var owner = await host.SignedInAsync(person);
        var phone = await EnrolAsync(owner, "/profile/second-factor", "/profile/second-factor?handler=confirm");
        const string remove = "/profile/second-factor?handler=remove";

        Assert.Contains("That code is wrong", await TextAsync(await owner.PostFormAsync("/profile/second-factor", [("code", "000000")], remove)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostFormAsync("/profile/second-factor", [("code", phone.Next())], remove)).StatusCode);

        Assert.True(await owner.IsSignedInAsync());
        using var visitor = host.Visitor();
        await visitor.SignInAsync(person.Email, HubHost.Password);
        Assert.True(await visitor.IsSignedInAsync());
    }

    private static Task<HttpResponseMessage> DeleteAsync(Visitor visitor, Person person) =>
        visitor.Http.DeleteAsync($"/api/v1/people/{person.Id}/second-factor", TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("2")]
    [InlineData("viewer, dispatcher")]
    public async Task RoleThatIsNoWord_IsRefused(string from)
    {
        using var admin = await host.SignedInAsync(await host.PersonAsync(PersonRole.Admin));

        using var answer = await admin.Http.PutAsync("/api/v1/settings", System.Net.Http.Json.JsonContent.Create(new { secondFactorFrom = from }), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task RequireAsync(Visitor admin, string from)
    {
        using var answer = await admin.Http.PutAsync(
            "/api/v1/settings", System.Net.Http.Json.JsonContent.Create(new { secondFactorFrom = from }), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<(Person Person, Phone Phone)> EnrolledAsync()
    {
        var person = await host.PersonAsync(PersonRole.Responder);
        using var owner = await host.SignedInAsync(person);
        return (person, await EnrolAsync(owner, "/profile/second-factor", "/profile/second-factor?handler=confirm"));
    }

    private async Task<Visitor> HalfAsync(Person person)
    {
        var visitor = host.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.TrySignInAsync(person.Email, HubHost.Password)).StatusCode);
        return visitor;
    }

    private static Task<HttpResponseMessage> CodeAsync(Visitor visitor, string code) => visitor.PostFormAsync("/sign-in/code", [("code", code)]);

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Does what a person does: reads the key off the page into an app, and types the code.</summary>
    private static async Task<Phone> EnrolAsync(Visitor visitor, string page, string handler)
    {
        var html = await visitor.ReadAsync(page);
        var phone = new Phone(FromBase32(Key().Match(html).Groups["key"].Value));
        var sealedSecret = Sealed().Match(html).Groups["value"].Value;
        var done = await TextAsync(await visitor.PostFormAsync(page, [("secret", sealedSecret), ("code", phone.Next())], handler));
        phone.RecoveryCodes = [.. Recovery().Matches(done).Select(match => match.Groups["code"].Value)];
        Assert.Equal(10, phone.RecoveryCodes.Count);
        return phone;
    }

    /// <summary>Written apart from the product's own, which only encodes.</summary>
    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }

    [GeneratedRegex(@"secret=(?<key>[A-Z2-7]{32})&amp;issuer", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Key();

    [GeneratedRegex("name=\"secret\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Sealed();

    [GeneratedRegex("<code>(?<code>[0-9a-z]{5}-[0-9a-z]{5}-[0-9a-z]{5})</code>", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Recovery();

    /// <summary>An authenticator app. It hands out each step's code once; being at most one step ahead, two codes are to be had at any moment.</summary>
    private sealed class Phone(byte[] secret)
    {
        private long _last;

        public byte[] Secret => secret;

        public IReadOnlyList<string> RecoveryCodes { get; set; } = [];

        public string Next()
        {
            _last = Math.Max(_last + 1, Totp.Step(TimeProvider.System.GetUtcNow()));
            return Totp.Code(secret, _last);
        }
    }
}
