using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Connections.Rules;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>The pages about rules, without script, and what they say of changes that somebody made in ConnectWise.</summary>
public sealed class RulePageStory
{
    private const string Default = "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Form_SavesWhatCanBe_AndKeepsWhatCannot()
    {
        await using var world = await StartAsync(pages: true);
        using var browser = await world.SignedInAsync();
        using var program = await world.ProgramAsync();
        var raise = await RuleEditStory.EventAsync(program, world, "raises");
        var page = $"/connections/{world.ConnectionId}/rules/{raise["id"]}";
        Assert.Contains(page, await browser.ReadAsync($"/connections/{world.ConnectionId}/rules"), StringComparison.Ordinal);

        var refused = await PostAsync("Ticket is closed");
        Assert.Contains("\"Signl4Retrieved_c is false\" must stay", refused, StringComparison.Ordinal);
        Assert.Contains(">Ticket is closed</textarea>", refused, StringComparison.Ordinal);

        await world.ControlAsync(HttpMethod.Put, "switches", new { forbidden = new[] { "PATCH /system/workflows" } });
        Assert.Contains("System > Table Setup > Edit", await PostAsync(Default.Replace("360", "100", StringComparison.Ordinal)), StringComparison.Ordinal);
        await world.ControlAsync(HttpMethod.Put, "switches", new { forbidden = Array.Empty<string>() });

        var answer = await SendAsync(Default.Replace("360", "100", StringComparison.Ordinal), raise["version"]!.ToString());
        Assert.Equal($"/connections/{world.ConnectionId}/rules", answer.Headers.Location?.ToString());
        var list = WebUtility.HtmlDecode(await browser.ReadAsync(answer.Headers.Location!.ToString()));
        Assert.Contains("Saved in ConnectWise and in force.", list, StringComparison.Ordinal);
        Assert.Contains("less than 100 hours", list, StringComparison.Ordinal);

        var late = await PostAsync(Default.Replace("360", "90", StringComparison.Ordinal));
        Assert.Contains("was changed since you opened it", late, StringComparison.Ordinal);
        Assert.Contains("less than 100 hours", late, StringComparison.Ordinal);
        Assert.Contains("less than 90 hours", late, StringComparison.Ordinal);

        Task<HttpResponseMessage> SendAsync(string condition, string version) => browser.PostFormAsync(page, [("condition", condition), ("version", version)], $"{page}?handler=Save");
        async Task<string> PostAsync(string condition) => WebUtility.HtmlDecode(await (await SendAsync(condition, raise["version"]!.ToString())).Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Events_ThatRaise_AreToldApartByWhatTheyMatch()
    {
        await using var world = await StartAsync(pages: true);
        using var browser = await world.SignedInAsync();
        using var program = await world.ProgramAsync();
        var raise = await RuleEditStory.EventAsync(program, world, "raises");
        var list = $"/connections/{world.ConnectionId}/rules";
        (await browser.PostFormAsync(list, [], $"{list}?handler=Add&like={raise["id"]}")).Dispose();

        Assert.Contains($"It matches the same tickets as event {raise["id"]}.", WebUtility.HtmlDecode(await browser.ReadAsync(list)), StringComparison.Ordinal);

        await RuleEditStory.ChangeAsync(world, raise, Default.Replace("Ticket is in New (not responded) status", "Priority is Priority 1 - Emergency Response", StringComparison.Ordinal));
        var page = WebUtility.HtmlDecode(await browser.ReadAsync(list));
        Assert.DoesNotContain("It matches the same tickets", page, StringComparison.Ordinal);
        Assert.Contains("Raises an alert, 1 of 2<span class=\"app-event-when\">when Priority is Priority 1 - Emergency Response</span>", page, StringComparison.Ordinal);
        Assert.Contains("Raises an alert, 2 of 2<span class=\"app-event-when\">when Ticket is in New (not responded) status</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_MadeInConnectWise_IsToldWithWhoAndWhat()
    {
        await using var world = await StartAsync(pages: true);
        using var browser = await world.SignedInAsync();
        using var program = await world.ProgramAsync();
        var raise = await RuleEditStory.EventAsync(program, world, "raises");
        await RuleEditStory.ChangeAsync(world, raise, Default.Replace("360", "300", StringComparison.Ordinal));

        await EventuallyAsync("the change is in force", async () => await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default) is RuleRefresh.InForce or RuleRefresh.Same);

        var change = (await Visitor.JsonAsync(await program.GetAsync($"/api/v1/connections/{world.ConnectionId}/rules")))["lastChange"]!;
        Assert.Contains($"Changed last: event {raise["id"]} of rule \"SIGNL4 - Trigger Signls\", by ", change["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains($"- SIGNL4 - Trigger Signls, raise: {Default}", change["difference"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("less than 300 hours", change["difference"]!.ToString(), StringComparison.Ordinal);
        foreach (var page in new[] { $"/connections/{world.ConnectionId}", $"/connections/{world.ConnectionId}/rules" })
            Assert.Contains(change["difference"]!.ToString(), WebUtility.HtmlDecode(await browser.ReadAsync(page)), StringComparison.Ordinal);
        var logged = (await Visitor.JsonAsync(await program.GetAsync("/api/v1/events?kind=rules")))["items"]![0]!;
        Assert.Equal(change["message"]!.ToString(), logged["message"]!.ToString());
    }

    [Fact]
    public async Task Rule_RenamedOrDeletedInConnectWise_IsSaidSo()
    {
        await using var world = await StartAsync(pages: true);
        using var browser = await world.SignedInAsync();
        var workflows = (await world.Psa.GetFromJsonAsync<JsonArray>("system/workflows?pageSize=100", Cancel))!;
        var update = workflows.Single(rule => rule!["name"]!.ToString() == "SIGNL4 - Update Signls")!["id"]!.ToString();
        (await world.Psa.PatchAsJsonAsync($"system/workflows/{update}", new[] { new { op = "replace", path = "name", value = "Ours now" } }, Cancel)).EnsureSuccessStatusCode();

        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}/rules"));
        Assert.Contains("It was renamed; the settings of this connection call it \"SIGNL4 - Update Signls\"", page, StringComparison.Ordinal);

        (await world.Psa.DeleteAsync($"system/workflows/{update}", Cancel)).EnsureSuccessStatusCode();
        await EventuallyAsync("the deletion is noticed", async () => await world.Get<RefreshRules>().RunAsync(world.ConnectionId, default) == RuleRefresh.Unusable);
        Assert.Contains("The workflow rule \"SIGNL4 - Update Signls\", which updates alerts, does not exist in ConnectWise", WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.ConnectionId}")), StringComparison.Ordinal);
    }
}
