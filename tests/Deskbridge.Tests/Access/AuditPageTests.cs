using System.Net;
using System.Net.Http.Json;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed class AuditPageTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task SignInsAndChanges_AreWrittenDown_WithWhoAndWhere()
    {
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        var person = await host.PersonAsync(PersonRole.Responder);
        using var visitor = host.Visitor();
        await visitor.TrySignInAsync(person.Email, "wrong password");
        await visitor.TrySignInAsync("nobody@example.com", "secret in the wrong field");
        await visitor.SignInAsync(person.Email, HubHost.Password);
        await visitor.PostFormAsync("/profile", [], "/sign-out");
        await admin.PostJsonAsync("/api/v1/teams", new { name = "Night" });

        var lines = (await Visitor.JsonAsync(await admin.GetAsync("/api/v1/audit?limit=200")))["items"]!.AsArray();
        var about = lines.Where(line => line!["subjectId"]!.ToString() == person.Id.ToString()).Select(line => line!["action"]!.ToString()).ToList();

        Assert.Equal(["sign-in.ended", "sign-in", "sign-in.refused", "password.set", "person.added"], about);
        var signedIn = lines.First(line => line!["action"]!.ToString() == "sign-in")!;
        Assert.Equal(person.Name, signedIn["actor"]!.ToString());
        Assert.NotEqual("", signedIn["address"]!.ToString());
        var team = lines.First(line => line!["action"]!.ToString() == "team.added")!;
        Assert.Equal(("token", "test", "Night"), (team["kind"]!.ToString(), team["via"]!.ToString(), team["subject"]!.ToString()));
        Assert.Contains("somebody unknown", lines.Select(line => line!["subject"]!.ToString()));
        Assert.DoesNotContain("nobody@example.com", lines.ToJsonString(), StringComparison.Ordinal);
        Assert.Null((await Visitor.JsonAsync(await admin.GetAsync("/api/v1/audit/verify")))["broken"]);
    }

    [Fact]
    public async Task Audit_IsForAdministrators()
    {
        await host.PersonAsync(PersonRole.Admin); // before there is one, nobody can sign in
        using var dispatcher = await host.ProgramAsync(PersonRole.Dispatcher);
        using var browser = await host.SignedInAsync(PersonRole.Dispatcher);

        foreach (var path in new[] { "/api/v1/audit", "/api/v1/audit/csv", "/api/v1/audit/verify" }) Assert.Equal(HttpStatusCode.Forbidden, (await dispatcher.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/audit")).StatusCode);
    }

    [Fact]
    public async Task Page_FiltersAndExports_AndAFormulaStaysAText()
    {
        using var admin = await host.SignedInAsync(PersonRole.Admin);
        using var program = await host.ProgramAsync(PersonRole.Admin);
        await program.PostJsonAsync("/api/v1/teams", new { name = "=HYPERLINK(\"http://evil.example\")" });

        var found = await admin.ReadAsync("/audit?kind=team&q=hyperlink");
        Assert.Contains("team.added", found, StringComparison.Ordinal);
        Assert.DoesNotContain("person.added", found, StringComparison.Ordinal);
        var csv = await admin.ReadAsync("/audit?handler=Csv&kind=team");
        Assert.Contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\"", csv, StringComparison.Ordinal);
        Assert.Contains("unbroken", await admin.ReadAsync("/audit?handler=Verify"), StringComparison.Ordinal);
        Assert.Contains("audit.exported", await program.ReadAsync("/api/v1/audit?action=audit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_GoesOnWhereThePageBeforeEnded()
    {
        using var program = await host.ProgramAsync(PersonRole.Admin);
        for (var i = 0; i < 5; i++) await program.PostJsonAsync("/api/v1/teams", new { name = $"Paged {i}" });

        var first = await Visitor.JsonAsync(await program.GetAsync("/api/v1/audit?limit=2&q=paged"));
        var second = await Visitor.JsonAsync(await program.GetAsync($"/api/v1/audit?limit=2&q=paged&cursor={first["next"]}"));

        Assert.Equal(["Paged 4", "Paged 3", "Paged 2", "Paged 1"], first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(line => line!["subject"]!.ToString()));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("-3", "'-3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("\t=1", "'\t=1")]
    public void Cell_IsQuoted_AndNeverAFormula(string text, string cell) => Assert.Equal(cell, AuditCsv.Cell(text));

    [Fact]
    public async Task SettingsChange_TellsBeforeAndAfter_WithoutThePassword()
    {
        using var program = await host.ProgramAsync(PersonRole.Admin);
        using var answer = await program.Http.PutAsync(
            "/api/v1/settings", JsonContent.Create(new { smtpServer = "mail.example.com:587", smtpPassword = "hunter22" }), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var lines = await program.ReadAsync("/api/v1/audit?action=setting");

        Assert.Contains("mail.example.com:587", lines, StringComparison.Ordinal);
        Assert.Contains("smtp-password", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", lines, StringComparison.Ordinal);
        var sealedPassword = await host.Services.GetRequiredService<HubStore>().ReadAsync(
            db => db.Settings.Where(s => s.Key == SettingKeys.SmtpPassword).Select(s => s.Value).SingleAsync(), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(sealedPassword, lines, StringComparison.Ordinal);
    }
}
