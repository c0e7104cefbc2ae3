using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deskbridge.Core.Directory;
using Deskbridge.Sandbox;
using Deskbridge.Tests.Stories;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed partial class ForgottenPasswordTests(HubHost host) : IClassFixture<HubHost>, IAsyncLifetime
{
    /// <summary>A hub without an administrator shows its setup page only.</summary>
    public async ValueTask InitializeAsync() => await host.PersonAsync(PersonRole.Admin);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Link_ComesByMail_AndNothingTellsWhetherAnAddressExists()
    {
        var sandboxFolder = System.IO.Directory.CreateTempSubdirectory("deskbridge-mail-");
        try
        {
            await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { DataFolder = sandboxFolder.FullName }, TimeProvider.System, default);
            await ResetAsync(sandbox);
        }
        finally
        {
            sandboxFolder.Delete(recursive: true);
        }
    }

    private async Task ResetAsync(SandboxServer sandbox)
    {
        var person = await host.PersonAsync(PersonRole.Responder);
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        using var before = await host.SignedInAsync(person);
        using var visitor = host.Visitor();
        Assert.Contains("deskbridge invite", await visitor.ReadAsync("/forgot"), StringComparison.Ordinal);
        await SetAsync(admin, new { publicUrl = "https://hub.example.test", smtpServer = sandbox.SmtpEndpoint, smtpFrom = "hub@example.test" });

        var known = await AskAsync(visitor, person.Email.ToUpperInvariant());
        var unknown = await AskAsync(visitor, "nobody@example.com");
        Assert.Equal(known, unknown);
        Assert.Contains("If somebody here has this address", known, StringComparison.Ordinal);

        JsonArray mails = [];
        await StoryWorld.EventuallyAsync("the mail with the link", async () => (mails = await MailsAsync(sandbox)).Count > 0);
        var mail = Assert.Single(mails)!;
        Assert.Equal(person.Email, mail["to"]![0]!.ToString());
        var link = new Uri(Link().Match(mail["text"]!.ToString()).Value);
        Assert.Equal("hub.example.test", link.Host);

        using var owner = host.Visitor();
        await owner.PostFormAsync(link.AbsolutePath, [("password", "a new long password")]);
        Assert.True(await owner.IsSignedInAsync());
        Assert.False(await before.IsSignedInAsync());
    }

    private static async Task<string> AskAsync(Visitor visitor, string email)
    {
        using var answer = await visitor.PostFormAsync("/forgot", [("Email", email)]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task SetAsync(Visitor admin, object settings)
    {
        using var answer = await admin.Http.PutAsync("/api/v1/settings", JsonContent.Create(settings), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<JsonArray> MailsAsync(SandboxServer sandbox)
    {
        using var http = new HttpClient(new HttpClientHandler());
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", sandbox.ControlToken);
        var answer = await http.GetFromJsonAsync<JsonNode>(new Uri(sandbox.NtfyUrl, "/_control/mail"), TestContext.Current.CancellationToken);
        return answer!["items"]!.AsArray();
    }

    [GeneratedRegex(@"https://\S+/password/\S+", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Link();
}
