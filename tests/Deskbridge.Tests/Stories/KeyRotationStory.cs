using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>The key of the API member is changed while tickets come in (S9). A proxy plays the administrator who deletes keys.</summary>
public sealed class KeyRotationStory
{
    [Fact]
    public async Task SecondKeyEnteredTestedAndSwitched_TheOldOneIsDroppedAndNothingIsLost()
    {
        await using var proxy = new SmallProxy();
        await using var world = await StartAsync(pages: true);
        var second = await NewKeyAsync(world);
        await ChangeAsync(world, new JsonObject { ["proxy"] = proxy.Address.ToString(), ["secondPublicKey"] = second.PublicKey, ["secondPrivateKey"] = second.PrivateKey });
        await world.RunAsync(Core.Connections.ConnectionRunKind.Test);

        Assert.Null(await world.Get<SwitchKeys>().RunAsync(world.ConnectionId, world.Dana, default));
        var ticket = await world.PostTicketAsync("Tape library jammed");
        proxy.RefusedKeys[Basic(world, world.Sandbox.ConnectWise.PublicKey, world.Sandbox.ConnectWise.PrivateKey)] = true;

        await world.PollAsync();
        await EventuallyAsync("the ticket is marked as retrieved", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var settings = (await world.Get<ConnectionQueries>().FindAsync(world.ConnectionId, default))!.Settings;
        Assert.Equal(second.PublicKey, settings["publicKey"]!.GetValue<string>());
        Assert.Equal("", settings["secondPublicKey"]!.GetValue<string>());
        Assert.False(settings["secondPrivateKey"]!["isSet"]!.GetValue<bool>());
        Assert.DoesNotContain("failure", await EventsAsync(world));
    }

    [Fact]
    public async Task FirstKeyDeletedBeforeTheSwitch_TheSecondIsUsedFromTheSameCallOn()
    {
        await using var proxy = new SmallProxy();
        await using var world = await StartAsync(pages: true);
        var second = await NewKeyAsync(world);
        await ChangeAsync(world, new JsonObject { ["proxy"] = proxy.Address.ToString(), ["secondPublicKey"] = second.PublicKey, ["secondPrivateKey"] = second.PrivateKey });
        await world.PollAsync();

        proxy.RefusedKeys[Basic(world, world.Sandbox.ConnectWise.PublicKey, world.Sandbox.ConnectWise.PrivateKey)] = true;
        var ticket = await world.PostTicketAsync("Tape library jammed");
        await world.PollAsync();
        await EventuallyAsync("the phone rings", async () => (await world.PagesAsync()).Any(page => page["title"]!.ToString().Contains("Tape library jammed")));
        await EventuallyAsync("the ticket is marked as retrieved", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");

        Assert.DoesNotContain("failure", await EventsAsync(world));
    }

    [Fact]
    public async Task FirstKey_IsDroppedOnlyWhenItIsRefusedAgainMinutesLater()
    {
        await using var proxy = new SmallProxy();
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await StartAsync(pages: true, clock: time);
        var first = world.Sandbox.ConnectWise.PublicKey;
        var refused = Basic(world, first, world.Sandbox.ConnectWise.PrivateKey);
        var second = await NewKeyAsync(world);
        await ChangeAsync(world, new JsonObject { ["proxy"] = proxy.Address.ToString(), ["secondPublicKey"] = second.PublicKey, ["secondPrivateKey"] = second.PrivateKey });
        var keys = world.Get<SwitchKeys>();

        proxy.RefusedKeys[refused] = true;
        await world.PollAsync();
        await keys.LookAsync(world.ConnectionId, default);
        Assert.Equal(first, await PublicKeyAsync(world));

        proxy.RefusedKeys.Clear();
        time.Advance(SwitchKeys.TriedAgainAfter);
        await keys.LookAsync(world.ConnectionId, default);
        Assert.Equal(first, await PublicKeyAsync(world));
        Assert.Null(((IHoldsTwoKeys)(await world.Get<ConnectorPool>().FindAsync(world.ConnectionId, default))!.Connector).SecondKeySince);

        proxy.RefusedKeys[refused] = true;
        await world.PollAsync();
        time.Advance(SwitchKeys.TriedAgainAfter);
        await keys.LookAsync(world.ConnectionId, default);
        Assert.Equal(second.PublicKey, await PublicKeyAsync(world));
        Assert.Equal(2, (await EventsAsync(world)).Count(kind => kind == "keys"));
    }

    [Fact]
    public async Task FirstKeyRefusedTwice_WhileTheSecondCannotTakeItsPlace_IsTriedNoMoreAndToldOnce()
    {
        await using var proxy = new SmallProxy();
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await StartAsync(pages: true, clock: time);
        var others = await NewKeyAsync(world, "dreyes");
        await ChangeAsync(world, new JsonObject { ["proxy"] = proxy.Address.ToString(), ["secondPublicKey"] = others.PublicKey, ["secondPrivateKey"] = others.PrivateKey });
        var refused = Basic(world, world.Sandbox.ConnectWise.PublicKey, world.Sandbox.ConnectWise.PrivateKey);
        proxy.RefusedKeys[refused] = true;
        await world.PollAsync();

        time.Advance(SwitchKeys.TriedAgainAfter);
        await world.Get<SwitchKeys>().LookAsync(world.ConnectionId, default);
        proxy.RefusedKeys.Clear(); // it would be taken now, but an account may be locked by asking
        for (var minute = 0; minute < 5; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await world.Get<SwitchKeys>().LookAsync(world.ConnectionId, default);
        }

        Assert.NotNull(((IHoldsTwoKeys)(await world.Get<ConnectorPool>().FindAsync(world.ConnectionId, default))!.Connector).SecondKeySince);
        Assert.Equal(world.Sandbox.ConnectWise.PublicKey, await PublicKeyAsync(world));
        Assert.Single(await EventsAsync(world), kind => kind == "keys");
    }

    [Fact]
    public async Task SecondKeyThatIsWrong_OrAnotherMembers_IsRefusedAndTheFirstGoesOn()
    {
        await using var world = await StartAsync(pages: true);
        await ChangeAsync(world, new JsonObject { ["secondPublicKey"] = "unknown", ["secondPrivateKey"] = "unknown" });
        var unknown = await world.Get<SwitchKeys>().RunAsync(world.ConnectionId, world.Dana, default);
        var others = await NewKeyAsync(world, "dreyes");
        await ChangeAsync(world, new JsonObject { ["secondPublicKey"] = others.PublicKey, ["secondPrivateKey"] = others.PrivateKey });
        var anothers = await world.Get<SwitchKeys>().RunAsync(world.ConnectionId, world.Dana, default);

        Assert.Contains("The first key stays.", unknown!.Message, StringComparison.Ordinal);
        Assert.Contains("belongs to dreyes, not to deskbridge", anothers!.Message, StringComparison.Ordinal);
        await world.PollAsync();
        Assert.DoesNotContain("failure", await EventsAsync(world));
    }

    [Fact]
    public async Task RemoteThatIsAway_LeavesBothKeysAndSaysSo_AsItDoesForMembersAndRights()
    {
        await using var world = await StartAsync(pages: true);
        var second = await NewKeyAsync(world);
        await ChangeAsync(world, new JsonObject { ["secondPublicKey"] = second.PublicKey, ["secondPrivateKey"] = second.PrivateKey });
        var first = await PublicKeyAsync(world);
        using var dana = await world.ProgramAsync();
        using var browser = await world.SignedInAsync();
        await world.EndSandboxAsync();
        var connection = $"/api/v1/connections/{world.ConnectionId}";

        foreach (var ask in new Func<Task<HttpResponseMessage>>[]
        {
            () => dana.PostJsonAsync(connection + "/switch-keys", new { }), () => dana.PostJsonAsync(connection + "/rights", new { }), () => dana.GetAsync(connection + "/members"),
            () => dana.Http.PutAsJsonAsync($"{connection}/members/{world.Dana.Id}", new { memberId = "1" }),
        })
        {
            using var answer = await ask();
            Assert.Equal(System.Net.HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains("does not accept connections", (await Visitor.JsonAsync(answer))["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        Assert.Contains("does not accept connections", await browser.ReadAsync($"/connections/{world.ConnectionId}/members"), StringComparison.Ordinal);
        Assert.Equal(first, await PublicKeyAsync(world));
    }

    private static async Task<string> PublicKeyAsync(StoryWorld world) =>
        (await world.Get<ConnectionQueries>().FindAsync(world.ConnectionId, default))!.Settings["publicKey"]!.GetValue<string>();

    private static async Task<(string PublicKey, string PrivateKey)> NewKeyAsync(StoryWorld world, string? member = null)
    {
        member ??= world.Sandbox.ConnectWise.MemberId;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"system/members/{member}/tokens") { Content = JsonContent.Create(new { memberIdentifier = member }) };
        request.Headers.Add("x-cw-usertype", "member");
        var keys = (await (await world.Psa.SendAsync(request)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!;
        return (keys["publicKey"]!.GetValue<string>(), keys["privateKey"]!.GetValue<string>());
    }

    private static string Basic(StoryWorld world, string publicKey, string privateKey) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{world.Sandbox.ConnectWise.CompanyId}+{publicKey}:{privateKey}")));

    private static async Task ChangeAsync(StoryWorld world, JsonObject settings)
    {
        var saved = await world.Get<ChangeConnection>().RunAsync(world.ConnectionId, new ConnectionDraft { Settings = settings }, world.Dana, default);
        Assert.True(saved.Failure is null, saved.Failure?.Message);
    }

    private static Task<List<string>> EventsAsync(StoryWorld world) =>
        world.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.Select(entry => entry.Kind).ToListAsync(), default);
}
