using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Directory;
using Xunit;

namespace Deskbridge.Tests.Features;

public sealed class SettingsTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task WhatIsLeftAway_StaysAsItIs_AndWhatIsEmpty_IsRemoved()
    {
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        await PutAsync(admin, new { publicUrl = "https://hub.example.com", smtpServer = "mail.example.com:587", smtpFrom = "pager@example.com", smtpUser = "pager", smtpPassword = "hunter22" });

        var untouched = await PutAsync(admin, new { });
        var renamed = await PutAsync(admin, new { publicUrl = "https://hub.example.net" });
        var removed = await PutAsync(admin, new { smtpUser = "", smtpPassword = "" });

        Assert.Equal("https://hub.example.com mail.example.com:587 pager@example.com pager True", Words(untouched));
        Assert.Equal("https://hub.example.net mail.example.com:587 pager@example.com pager True", Words(renamed));
        Assert.Equal("https://hub.example.net mail.example.com:587 pager@example.com  False", Words(removed));
    }

    [Theory]
    [InlineData("mail.example.net:587")]
    [InlineData("mail.example.com:25")]
    public async Task AnotherMailServer_TakesNoPasswordAlong(string server)
    {
        using var admin = await host.ProgramAsync(PersonRole.Admin);
        await PutAsync(admin, new { smtpServer = "", smtpPassword = "" });
        await PutAsync(admin, new { smtpServer = "mail.example.com:587", smtpFrom = "pager@example.com", smtpPassword = "hunter22" });

        using var refused = await SendAsync(admin, new { smtpServer = server });
        await PutAsync(admin, new { smtpServer = "" });
        using var onceMore = await SendAsync(admin, new { smtpServer = server });

        Assert.All([refused, onceMore], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Assert.Equal("smtpPassword", (await Visitor.JsonAsync(refused))["field"]!.ToString());
        Assert.True((await PutAsync(admin, new { smtpServer = server, smtpPassword = "another one" }))["smtpPasswordSet"]!.GetValue<bool>());
    }

    [Fact]
    public async Task SettingsPage_WithAnotherMailServer_AsksForThePassword()
    {
        var person = await host.PersonAsync(PersonRole.Admin);
        using var admin = await host.SignedInAsync(person);
        using var program = await host.ProgramAsync(PersonRole.Admin);
        await PutAsync(program, new { publicUrl = "", smtpServer = "mail.example.com:587", smtpFrom = "pager@example.com", smtpPassword = "hunter22" });
        (string, string)[] form = [("Form.SmtpServer", "mail.example.net:587"), ("Form.SmtpFrom", "pager@example.com"), ("Form.SecondFactorFrom", "nobody")];

        using var refused = await admin.PostFormAsync("/settings", form);
        using var forgotten = await admin.PostFormAsync("/settings", [.. form, ("Form.ForgetPassword", "true")]);

        Assert.Contains("The password must be entered again: the stored one was given for mail.example.com:587", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, forgotten.StatusCode);
        var stored = JsonNode.Parse(await program.ReadAsync("/api/v1/settings"))!;
        Assert.Equal(("mail.example.net:587", false), (stored["smtpServer"]!.ToString(), stored["smtpPasswordSet"]!.GetValue<bool>()));
    }

    private static string Words(JsonNode settings) => string.Join(' ', new[] { "publicUrl", "smtpServer", "smtpFrom", "smtpUser" }.Select(name => settings[name]?.ToString())) + " " + settings["smtpPasswordSet"]!.GetValue<bool>();

    private static async Task<JsonNode> PutAsync(Visitor admin, object settings)
    {
        using var answer = await SendAsync(admin, settings);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await Visitor.JsonAsync(answer);
    }

    private static Task<HttpResponseMessage> SendAsync(Visitor admin, object settings) =>
        admin.Http.PutAsync("/api/v1/settings", JsonContent.Create(settings), TestContext.Current.CancellationToken);
}
