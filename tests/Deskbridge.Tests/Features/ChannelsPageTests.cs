using System.Net;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Features;

public sealed class ChannelsPageTests(HubHost host) : IClassFixture<HubHost>
{
    private const string Slack = "http://127.0.0.1:9/services/T000/B000/only-we-know-it";

    [Theory]
    [InlineData("Slack", Slack, "Slack (incoming webhook) · http://127.0.0.1:9/…")]
    [InlineData("Teams", "http://127.0.0.1:9/workflows/abc/triggers/manual/paths/invoke?api-version=1&sig=only-we-know-it", "Microsoft Teams (workflow) · http://127.0.0.1:9/…")]
    public async Task ChatChannel_AddedByItsAddress_IsListedWithoutIt_AndKeepsItWhenRenamedAndMoved(string kind, string address, string listed)
    {
        var person = await host.PersonAsync(PersonRole.Admin);
        using var visitor = await host.SignedInAsync(person);
        await visitor.PostFormAsync("/duty/channels", [("Form.Kind", "Email"), ("Form.Name", "Mail"), ("Form.Address", person.Email)], "/duty/channels?handler=Add");
        using var added = await visitor.PostFormAsync("/duty/channels", [("Form.Kind", kind), ("Form.Name", "On call"), ("Form.Address", address)], "/duty/channels?handler=Add");
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        var id = await host.Services.GetRequiredService<HubStore>().ReadAsync(db => db.Channels.Where(c => c.PersonId == person.Id && c.Name == "On call").Select(c => c.Id).SingleAsync(), default);

        await visitor.PostFormAsync("/duty/channels", [("Form.Name", "Night"), ("Form.Address", ""), ("Form.Enabled", "true")], $"/duty/channels?handler=Save&id={id}");
        await visitor.PostFormAsync("/duty/channels", [], $"/duty/channels?handler=Up&id={id}");

        var page = WebUtility.HtmlDecode(await visitor.ReadAsync("/duty/channels"));
        Assert.Contains(listed, page, StringComparison.Ordinal);
        Assert.DoesNotContain("only-we-know-it", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("Night", StringComparison.Ordinal) < page.IndexOf("<strong>Mail", StringComparison.Ordinal));
        using var tested = await visitor.PostFormAsync("/duty/channels", [], $"/duty/channels?handler=Test&id={id}");
        Assert.Contains("could not be reached", WebUtility.HtmlDecode(await visitor.ReadAsync("/duty/channels")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatChannel_WithAnAddressOfSomebodyElse_IsRefusedSayingWhy_AndTheAddressIsNotShownAgain()
    {
        using var visitor = await host.SignedInAsync(PersonRole.Admin);

        using var refused = await visitor.PostFormAsync("/duty/channels", [("Form.Kind", "Slack"), ("Form.Name", "On call"), ("Form.Address", "https://slack.example.com/services/T0/B0/only-we-know-it")], "/duty/channels?handler=Add");

        var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("slack.example.com is not where Slack takes messages: that is hooks.slack.com or hooks.slack-gov.com.", page, StringComparison.Ordinal);
        Assert.Contains("value=\"On call\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("only-we-know-it", page, StringComparison.Ordinal);
    }
}
