using System.Net;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Core.Directory;
using Xunit;

namespace Deskbridge.Tests.Api;

/// <summary>Every list of the API has one shape and is cut into parts in one way.</summary>
public sealed class ListTests(ApiHost hub) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task EveryList_TakesLimitAndCursor()
    {
        var lists = await ListsAsync();

        var seen = 0;
        foreach (var path in lists)
        {
            var whole = Items((await hub.Admin.ReadAsync(path)).Body());
            var walked = await WalkAsync(path, most: whole.Count + 5);
            Assert.True(whole.SequenceEqual(walked.Where(whole.Contains)), $"{path}: {string.Join('\n', whole)}\n\n{string.Join('\n', walked)}"); // new ones may come meanwhile
            if (whole.Count > 1) seen++;
            foreach (var limit in new[] { 0, 201 }) Assert.Contains("from 1 to 200", (await hub.Admin.ReadAsync($"{path}?limit={limit}")).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
            Assert.Contains("ursor", (await hub.Admin.ReadAsync($"{path}?cursor=gossip")).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        }

        Assert.True(seen >= 9, $"Only {seen} of {lists.Count} lists had two items.");
    }

    [Fact]
    public async Task RunsOfAConnectionThatIsNot_AreNotAnEmptyList() =>
        (await hub.Viewer.ReadAsync($"connections/{Guid.CreateVersion7()}/runs")).Problem(HttpStatusCode.NotFound);

    private async Task<List<string>> WalkAsync(string path, int most)
    {
        var items = new List<string>();
        string? cursor = null;
        do
        {
            var part = (await hub.Admin.ReadAsync($"{path}?limit=1&cursor={cursor}")).Body();
            Assert.True(part["items"]!.AsArray().Count <= 1, path);
            items.AddRange(Items(part));
            cursor = part["next"]?.GetValue<string>();
        }
        while (cursor is not null && items.Count < most);
        return items;
    }

    /// <summary>All lists that the description of the API knows, with something in most of them.</summary>
    private async Task<List<string>> ListsAsync()
    {
        var connection = await hub.InstallAsync();
        (await hub.Admin.PostAsync($"connections/{connection}/test?wait=60")).Body();
        await hub.ConnectAsync();
        string? team = null;
        foreach (var name in new[] { "one", "two" })
        {
            team = (await hub.Admin.PostAsync("teams", new { name = $"Team {name}" })).Body(HttpStatusCode.Created)["id"]!.ToString();
            (await hub.Admin.PostAsync("channels", new { kind = "ntfy", name, address = $"https://ntfy.example.test/{name}" })).Body(HttpStatusCode.Created);
            (await hub.Admin.PostAsync("invitations", new { name, email = $"{name}@invited.test", role = "viewer" })).Body(HttpStatusCode.Created);
            await hub.ClientAsync(PersonRole.Admin, TokenScope.Read);
            hub.Psa.Add($"Ticket {name}");
        }

        (await hub.Admin.PostAsync($"connections/{connection}/sync?wait=60")).Body();
        var paths = (await hub.Stranger.ReadAsync("/openapi/v1.json")).Body()["paths"]!.AsObject();
        return [.. paths
            .Where(path => path.Value!["get"] is { } get && IsList(get))
            .Select(path => path.Key["/api/v1/".Length..].Replace("teams/{id}", $"teams/{team}", StringComparison.Ordinal).Replace("{id}", connection.ToString(), StringComparison.Ordinal))];
    }

    private static bool IsList(JsonNode get) =>
        get["responses"]?["200"]?["content"]?["application/json"]?["schema"]?["$ref"]?.GetValue<string>().Contains("/ListOf", StringComparison.Ordinal) == true;

    private static List<string> Items(JsonNode list)
    {
        Assert.Equal(["items", "next"], list.AsObject().Select(member => member.Key));
        return [.. list["items"]!.AsArray().Select(Key)];
    }

    /// <summary>What stays the same while a list is walked; an alert, for one, changes beneath.</summary>
    private static string Key(JsonNode? item) =>
        (item!["id"] ?? item["number"] ?? item["teamId"] ?? item["kind"] ?? item["name"] ?? item["startedAt"] ?? item["start"])!.ToString();
}
