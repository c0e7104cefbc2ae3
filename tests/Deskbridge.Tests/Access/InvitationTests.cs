using System.Net;
using System.Net.Http.Json;
using Deskbridge.Access;
using Deskbridge.Access.Links;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed class InvitationTests(HubHost host) : IClassFixture<HubHost>, IAsyncLifetime
{
    private const string Password = "my own long password";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A hub without an administrator shows its setup page only.</summary>
    public async ValueTask InitializeAsync() => await host.PersonAsync(PersonRole.Admin);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Invitation_WithoutMail_IsALinkThatWorksOnce()
    {
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        var made = await Visitor.JsonAsync(await admin.PostJsonAsync("/api/v1/invitations", new { name = "Ivy Ito", email = "ivy@example.com", role = "dispatcher" }));
        Assert.False(made["mailed"]!.GetValue<bool>());
        Assert.Contains("public address", made["message"]!.ToString(), StringComparison.Ordinal);
        var path = new Uri(made["link"]!.ToString()).AbsolutePath;

        using var ivy = host.Visitor();
        Assert.Contains("Welcome, Ivy Ito", await ivy.ReadAsync(path), StringComparison.Ordinal);
        Assert.Contains("Welcome, Ivy Ito", await ivy.ReadAsync(path), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ivy.PostFormAsync(path, [("password", "short")])).StatusCode);
        Assert.False(await ivy.IsSignedInAsync());
        Assert.Equal("/", (await ivy.PostFormAsync(path, [("password", Password)])).Headers.Location?.ToString());
        Assert.True(await ivy.IsSignedInAsync());

        using var thief = host.Visitor();
        Assert.Equal(HttpStatusCode.Gone, (await thief.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await thief.PostFormAsync("/sign-in", [("password", "another password")], path)).StatusCode);
        await thief.SignInAsync("ivy@example.com", Password);
        Assert.Contains("\"used\"", await admin.ReadAsync("/api/v1/invitations"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitation_SentAgain_KillsTheEarlierLink_AndRevokedOnesAreDead()
    {
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        var first = await Visitor.JsonAsync(await admin.PostJsonAsync("/api/v1/invitations", new { name = "Rae Roy", email = "rae@example.com" }));
        var second = await Visitor.JsonAsync(await admin.PostJsonAsync($"/api/v1/people/{first["personId"]}/link", new { }));
        using var rae = host.Visitor();
        Assert.Equal(HttpStatusCode.Gone, (await rae.GetAsync(PathOf(first))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await rae.GetAsync(PathOf(second))).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.Http.DeleteAsync($"/api/v1/invitations/{second["id"]}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await rae.GetAsync(PathOf(second))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.Http.DeleteAsync($"/api/v1/invitations/{second["id"]}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Link_IsStoredAsAHash_AndDiesWithItsTime()
    {
        var person = await host.PersonAsync(PersonRole.Responder);
        await using var scope = host.Services.CreateAsyncScope();
        var links = scope.ServiceProvider.GetRequiredService<OneTimeLinks>();
        var (row, secret) = await links.MakeAsync(person.Id, LinkPurpose.Reset, Cancel);
        Assert.NotNull(await links.FindAsync(secret, Cancel));
        Assert.DoesNotContain(secret, row.Hash, StringComparison.Ordinal);
        Assert.Equal(OneTimeLinks.ResetLasts, row.ExpiresAt - row.CreatedAt);

        await using var db = await host.Services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(Cancel);
        await db.Links.Where(l => l.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(l => l.ExpiresAt, TimeProvider.System.GetUtcNow()), Cancel);

        Assert.Null(await links.FindAsync(secret, Cancel));
        Assert.IsType<LinkDead>((await links.SpendAsync(secret, Password, Cancel)).Failure);
    }

    [Fact]
    public async Task Link_SpentByTwoAtOnce_GoesToOne()
    {
        var person = await host.PersonAsync(PersonRole.Responder);
        string secret;
        await using (var scope = host.Services.CreateAsyncScope())
            (_, secret) = await scope.ServiceProvider.GetRequiredService<OneTimeLinks>().MakeAsync(person.Id, LinkPurpose.Reset, Cancel);

        var spent = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<OneTimeLinks>().SpendAsync(secret, $"password number {i}", Cancel);
        }));

        Assert.Single(spent, result => result.Failure is null);
        Assert.Equal(5, spent.Count(result => result.Failure is LinkDead));
    }

    [Fact]
    public async Task NewLink_ForALostPassword_EndsTheSessions()
    {
        var person = await host.PersonAsync(PersonRole.Responder);
        using var before = await host.SignedInAsync(person);
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        var made = await Visitor.JsonAsync(await admin.PostJsonAsync($"/api/v1/people/{person.Id}/link", new { }));
        Assert.Equal("reset", made["purpose"]!.ToString());
        Assert.True(await before.IsSignedInAsync());

        using var owner = host.Visitor();
        await owner.PostFormAsync(PathOf(made), [("password", Password)]);

        Assert.True(await owner.IsSignedInAsync());
        Assert.False(await before.IsSignedInAsync());
    }

    [Fact]
    public async Task Link_SentToAnEmailThatWasCorrected_IsDead()
    {
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        var made = await Visitor.JsonAsync(await admin.PostJsonAsync("/api/v1/invitations", new { name = "Una Ude", email = "una@typo.example.com" }));
        var path = $"/api/v1/people/{made["personId"]}";
        using var reader = host.Visitor();
        await ChangeAsync(admin, path, new { name = "Una Ude-Otto", email = "UNA@typo.example.com" });
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(PathOf(made))).StatusCode);

        await ChangeAsync(admin, path, new { email = "una@example.com" });

        Assert.Equal(HttpStatusCode.Gone, (await reader.GetAsync(PathOf(made))).StatusCode);
        Assert.Equal("revoked", (await Visitor.JsonAsync(await admin.GetAsync("/api/v1/invitations")))["items"]!.AsArray().Single(link => link!["id"]!.ToString() == made["id"]!.ToString())!["state"]!.ToString());
    }

    [Fact]
    public async Task Link_OfADeactivatedPerson_StaysDeadWhenTheyComeBack()
    {
        var person = await host.PersonAsync(PersonRole.Responder);
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        var made = await Visitor.JsonAsync(await admin.PostJsonAsync($"/api/v1/people/{person.Id}/link", new { }));

        await admin.PostJsonAsync($"/api/v1/people/{person.Id}/deactivate", new { });
        await admin.PostJsonAsync($"/api/v1/people/{person.Id}/reactivate", new { });

        using var reader = host.Visitor();
        Assert.Equal(HttpStatusCode.Gone, (await reader.GetAsync(PathOf(made))).StatusCode);
    }

    [Fact]
    public async Task Invitation_IsForAdministrators()
    {
        using var dispatcher = await host.ProgramAsync(PersonRole.Dispatcher);

        Assert.Equal(HttpStatusCode.Forbidden, (await dispatcher.PostJsonAsync("/api/v1/invitations", new { name = "Eve", email = "eve@example.com" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await dispatcher.GetAsync("/api/v1/invitations")).StatusCode);
    }

    private static async Task ChangeAsync(Visitor admin, string path, object change)
    {
        using var answer = await admin.Http.PutAsync(path, JsonContent.Create(change), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static string PathOf(System.Text.Json.Nodes.JsonNode made) => new Uri(made["link"]!.ToString()).AbsolutePath;
}
