using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>The Query Filter of an Autotask connection, put together from labels and names and kept in the settings (T2, T10).</summary>
public sealed class AutotaskFilterStory
{
    private const string Critical = """{"op":"eq","field":"priority","value":"Critical"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Save_IsKeptInTheSettingsByApiValues_AndInForceAtOnce()
    {
        await using var world = await AutotaskWorld.StartAsync(pages: true);
        using var dana = await world.World.ProgramAsync();
        var raise = await RaiseAsync(dana, world);

        var saved = await SaveAsync(dana, world, raise, Critical, confirm: true);

        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("inForce", (await Visitor.JsonAsync(saved))["outcome"]!.ToString());
        var kept = JsonNode.Parse((await SettingsAsync(dana, world))["queryFilter"]!.ToString())!;
        Assert.Equal("priority", kept["field"]!.ToString());
        Assert.Equal(JsonValueKind.Number, kept["value"]!.GetValueKind());

        var ticket = await world.PostTicketAsync("A mouse squeaks");
        var why = (await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.World.ConnectionId}/tickets/{ticket}/explanation")))["verdict"]!.ToString();
        Assert.Contains("\"Priority is \"Critical\"\" is false (it is: High)", why, StringComparison.Ordinal);

        var late = await SaveAsync(dana, world, raise, """{"op":"eq","field":"status","value":1}""");
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("was changed since you opened it", (await Visitor.JsonAsync(late))["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"op":"eq","field":"colour","value":1}""", "Tickets have no field \"colour\".")]
    [InlineData("""{"op":"like","field":"title","value":"x"}""", "Autotask has no operator \"like\"")]
    [InlineData("""{"op":"eq","field":"priority","value":"Enormous"}""", "priority has no value \"Enormous\"")]
    [InlineData("", "The filter is no JSON")]
    public async Task Save_OfWhatAutotaskWouldNotTake_IsRefusedSayingWhy(string filter, string why)
    {
        await using var world = await AutotaskWorld.StartAsync(pages: true, install: false);
        using var dana = await world.World.ProgramAsync();
        var before = (await SettingsAsync(dana, world))["queryFilter"]!.ToString();

        var refused = await SaveAsync(dana, world, await RaiseAsync(dana, world), filter);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(why, (await Visitor.JsonAsync(refused))["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, (await SettingsAsync(dana, world))["queryFilter"]!.ToString());
    }

    [Fact]
    public async Task Preview_ListsWhatMatchesNewly_AndNoOtherEventCanBeAdded()
    {
        await using var world = await AutotaskWorld.StartAsync(new JsonObject { ["queryFilter"] = Critical }, pages: true);
        using var dana = await world.World.ProgramAsync();
        await world.PostTicketAsync("A mouse squeaks");

        var started = await Visitor.JsonAsync(await dana.Http.PostAsJsonAsync($"{Rules(world)}/events/raise/preview", new { condition = """{"op":"contains","field":"title","value":"mouse"}""" }, Cancel));
        var run = Guid.Parse(started["id"]!.ToString());
        await EventuallyAsync("the preview ends", () => world.World.Get<HubStore>().ReadAsync(db => db.ConnectionRuns.AnyAsync(one => one.Id == run && one.State == RunState.Succeeded, Cancel), Cancel));
        var found = await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.World.ConnectionId}/runs/{run}"));
        var item = found["items"]!.AsArray().Single(one => one!["name"]!.ToString().EndsWith("A mouse squeaks", StringComparison.Ordinal))!;
        Assert.Equal("newly-matches", item["outcome"]!.ToString());
        Assert.Contains("Title contains \"mouse\"", item["message"]!.ToString(), StringComparison.Ordinal);

        var another = await dana.Http.PostAsJsonAsync($"{Rules(world)}/events/raise/copies", new { }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, another.StatusCode);
    }

    [Fact]
    public async Task Company_ChosenByName_IsKeptByItsIdAndToldByItsName()
    {
        await using var world = await AutotaskWorld.StartAsync(pages: true);
        using var dana = await world.World.ProgramAsync();
        var company = (await Visitor.JsonAsync(await dana.GetAsync($"{Rules(world)}/values/company")))["values"]!.AsArray()[0]!;

        var saved = await SaveAsync(dana, world, await RaiseAsync(dana, world), $$"""{"op":"eq","field":"companyID","value":{{company["id"]}}}""", confirm: true);

        Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync(Cancel));
        using var browser = await world.World.SignedInAsync();
        Assert.Contains($"Company is \"{company["name"]}\"", WebUtility.HtmlDecode(await browser.ReadAsync($"/connections/{world.World.ConnectionId}")), StringComparison.Ordinal);
        Assert.Contains($"/connections/{world.World.ConnectionId}/rules/raise", await browser.ReadAsync($"/connections/{world.World.ConnectionId}/settings"), StringComparison.Ordinal);
    }

    private static string Rules(AutotaskWorld world) => $"/api/v1/connections/{world.World.ConnectionId}/rules";

    private static async Task<JsonNode> RaiseAsync(Visitor dana, AutotaskWorld world) =>
        (await Visitor.JsonAsync(await dana.GetAsync(Rules(world))))["rules"]![0]!["events"]![0]!;

    private static async Task<JsonNode> SettingsAsync(Visitor dana, AutotaskWorld world) =>
        (await Visitor.JsonAsync(await dana.GetAsync($"/api/v1/connections/{world.World.ConnectionId}")))["settings"]!;

    /// <summary>Saves a filter; with a word for the alerts it raises at once where that is asked for.</summary>
    private static async Task<HttpResponseMessage> SaveAsync(Visitor dana, AutotaskWorld world, JsonNode raise, string filter, bool confirm = false)
    {
        var address = $"{Rules(world)}/events/raise";
        var answer = await dana.Http.PutAsJsonAsync(address, new { condition = filter, version = raise["version"]!.ToString() }, Cancel);
        if (!confirm || answer.StatusCode != HttpStatusCode.Conflict) return answer;
        var raises = (await Visitor.JsonAsync(answer))["raises"]!.GetValue<int>();
        return await dana.Http.PutAsJsonAsync(address, new { condition = filter, version = raise["version"]!.ToString(), confirmRaises = raises }, Cancel);
    }
}
