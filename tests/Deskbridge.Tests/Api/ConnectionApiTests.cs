using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Tests.Api;

public sealed class ConnectionApiTests(ApiHost hub) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Ticket_OfAnInstalledConnection_IsAnAlertWithItsTicketAndItsWrites()
    {
        var id = await hub.InstallAsync();
        var ticket = hub.Psa.Add("Backup of Müller & Söhne failed");
        (await hub.Admin.PostAsync($"connections/{id}/sync?wait=60")).Body();

        var item = await EventuallyAsync(
            async () => (await hub.Viewer.ReadAsync("alerts?q=m%C3%BCller")).Body()["items"]!.AsArray().FirstOrDefault(i => i!["connectionId"]!.GetValue<Guid>() == id));
        var path = $"alerts/{item["id"]}";
        var raised = (await hub.Viewer.ReadAsync(path)).Body();
        Assert.Equal("open", raised["status"]!.GetValue<string>());
        Assert.Equal(ticket.Id, raised["ticket"]!["remoteId"]!.GetValue<string>());
        Assert.Equal("New", raised["ticket"]!["status"]!.GetValue<string>());
        Assert.Equal($"https://psa.example.test/ticket/{ticket.Id}", raised["ticket"]!["webLink"]!.GetValue<string>());
        Assert.NotEmpty(raised["timeline"]!.AsArray());

        (await hub.Responder.PostAsync($"{path}/acknowledge")).Body();
        var done = await EventuallyAsync(async () =>
            (await hub.Viewer.ReadAsync(path)).Body() is var now && now["ticket"]!["status"]?.GetValue<string>() == "Assigned" ? now : null);
        var write = Assert.Single(done["effects"]!.AsArray(), e => e!["kind"]!.GetValue<string>() == "transition" && e["what"]!.GetValue<string>().Contains("Assigned", StringComparison.Ordinal))!;
        Assert.Equal("confirmed", write["state"]!.GetValue<string>());
        Assert.NotEmpty(write["attempts"]!.AsArray());

        var events = (await hub.Viewer.ReadAsync($"events?connection={id}&kind=raised&ticket={ticket.Id}")).Body()["items"]!.AsArray();
        Assert.Equal(ticket.Id, Assert.Single(events)!["ticket"]!.GetValue<string>());
    }

    [Fact]
    public async Task Create_ShowsSettingsButNeverASecret()
    {
        var id = await hub.ConnectAsync(url: "https://psa.example.test");

        var answer = await hub.Viewer.ReadAsync($"connections/{id}");

        var connection = answer.Body();
        Assert.Equal("draft", connection["state"]!.GetValue<string>());
        Assert.Equal("https://psa.example.test", connection["settings"]!["url"]!.GetValue<string>());
        Assert.True(connection["settings"]!["apiKey"]!["isSet"]!.GetValue<bool>());
        Assert.Contains("readsTickets", connection["capabilities"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.True(connection["callbacks"]!["supported"]!.GetValue<bool>());
        Assert.NotNull(connection["calls"]!["classes"]);
        Assert.DoesNotContain("\"k\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithoutWhatIsNeeded_NamesTheFieldAndStoresNothing()
    {
        var missing = await hub.Admin.PostAsync("connections", new { kind = "fake-psa", name = "Half a PSA", settings = new { url = "https://x.example.test" } });
        var unknown = await hub.Admin.PostAsync("connections", new { kind = "carrier-pigeon", name = "Pigeons" });
        var strange = await hub.Admin.PostAsync("connections", new { kind = "fake-psa", name = "Strange", settings = new { url = "https://x", apiKey = "k", colour = "red" } });

        Assert.Contains("API key", missing.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("fake-psa", unknown.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("colour", strange.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        var names = (await hub.Viewer.ReadAsync("connections")).Body()["items"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()).ToList();
        Assert.DoesNotContain("Half a PSA", names);
    }

    [Fact]
    public async Task Create_TwiceWithOneKey_MakesOneConnection()
    {
        var body = new { kind = "fake-psa", name = "Only once", settings = new { url = "https://psa.example.test/", apiKey = "k" } };

        var first = await hub.Admin.PostAsync("connections", body, "only-once");
        var second = await hub.Admin.PostAsync("connections", body, "only-once");

        Assert.Equal(first.Text, second.Text);
        Assert.Contains("slash", first.Body(HttpStatusCode.Created)["notices"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallbackAddress_IsShownToThoseOnlyWhoManageConnections()
    {
        var id = await hub.InstallAsync();
        (await hub.Admin.PutAsync("settings", new { publicUrl = "https://hub.example.test" })).Body();
        using var looking = await hub.ClientAsync(PersonRole.Admin, TokenScope.Read);

        var shown = (await hub.Admin.ReadAsync($"connections/{id}")).Body()["callbacks"]!["address"]!.GetValue<string>();

        Assert.StartsWith("https://hub.example.test/callbacks/", shown, StringComparison.Ordinal);
        foreach (var client in new[] { hub.Viewer, hub.Dispatcher, looking })
            Assert.DoesNotContain(new Uri(shown).Segments[^1], (await client.ReadAsync($"connections/{id}")).Text, StringComparison.Ordinal);
        (await hub.Admin.PutAsync("settings", new { publicUrl = "" })).Body();
    }

    [Fact]
    public async Task Change_ToAnotherServer_WithoutItsSecret_IsRefusedNamingIt()
    {
        var id = await hub.ConnectAsync();
        var elsewhere = $"https://{Guid.CreateVersion7():N}.example.test";

        var refused = (await hub.Admin.CallAsync(HttpMethod.Patch, $"connections/{id}", JsonContent.Create(new { settings = new { url = elsewhere } }))).Body(HttpStatusCode.BadRequest);

        Assert.Equal("apiKey", refused["field"]!.GetValue<string>());
        Assert.Contains("API key must be entered again", refused["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        (await hub.Admin.PutAsync($"connections/{id}", new { settings = new { url = elsewhere, apiKey = "k" } })).Body();
    }

    [Fact]
    public async Task Change_OfTheName_KeepsSettingsAndSecret()
    {
        var id = await hub.ConnectAsync();

        var changed = (await hub.Admin.PutAsync($"connections/{id}", new { name = $"Renamed {id}", settings = new { hours = 24 }, unknownMember = 1 })).Body()["connection"]!;

        Assert.Equal($"Renamed {id}", changed["name"]!.GetValue<string>());
        Assert.Equal(24, changed["settings"]!["hours"]!.GetValue<int>());
        Assert.True(changed["settings"]!["apiKey"]!["isSet"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Run_WithoutWait_IsAcceptedAndFoundAtItsPlace()
    {
        var id = await hub.ConnectAsync();

        var started = await hub.Admin.PostAsync($"connections/{id}/test");

        Assert.True(started.Status is HttpStatusCode.Accepted or HttpStatusCode.OK, started.Text);
        var runId = JsonNode.Parse(started.Text)!["id"]!.GetValue<string>();
        var run = (await hub.Viewer.ReadAsync($"connections/{id}/runs/{runId}?wait=30")).Body();
        Assert.Equal("succeeded", run["state"]!.GetValue<string>());
        Assert.Equal("test", run["kind"]!.GetValue<string>());
        Assert.Equal(3, run["total"]!.GetValue<int>());
        Assert.Equal(3, run["items"]!.AsArray().Count);
        Assert.Contains("warning", run["summary"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(runId, (await hub.Viewer.ReadAsync($"connections/{id}/runs")).Body()["items"]![0]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task DryRun_WithWait_SaysWhatInstallWouldCreate()
    {
        var id = await hub.ConnectAsync();

        var run = (await hub.Admin.PostAsync($"connections/{id}/dry-run?wait=60")).Body();

        Assert.Equal("dryRun", run["kind"]!.GetValue<string>());
        Assert.Contains("Nothing was written", run["summary"]!.GetValue<string>(), StringComparison.Ordinal);
        (await hub.Admin.PostAsync($"connections/{id}/dry-run?wait=61")).Problem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Install_RulesThatFightEachOther_IsRefusedWithClauseAndFix()
    {
        var id = await hub.ConnectAsync();
        var closes = new FakeRule("e9", InboundEventKind.Close, "status is Assigned or so", static (ticket, _) => ticket.Status?.Id == FakePsa.Assigned);
        hub.Psa.Rules.Add(closes);
        JsonNode run;
        try
        {
            run = (await hub.Admin.PostAsync($"connections/{id}/install?wait=60", new { adopt = true })).Body();
        }
        finally
        {
            hub.Psa.Rules.Remove(closes);
        }

        Assert.Equal("failed", run["state"]!.GetValue<string>());
        Assert.Contains("\"status is Assigned or so\" of rule \"Update\" holds", run["summary"]!.GetValue<string>(), StringComparison.Ordinal);
        (await hub.Admin.PostAsync($"connections/{id}/install?wait=60", new { adopt = true })).Body();
        var rules = (await hub.Viewer.ReadAsync($"connections/{id}")).Body()["rules"]!;
        Assert.Empty(rules["problems"]!.AsArray());
        Assert.Null(rules["refused"]);
    }

    [Fact]
    public async Task PauseResumeDisableAndRemove_MoveTheStateAndRefuseWhatCannotBe()
    {
        var id = await hub.ConnectAsync();
        Assert.Contains("Install it first", (await hub.Admin.PostAsync($"connections/{id}/pause")).Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("Install it first", (await hub.Admin.PostAsync($"connections/{id}/sync")).Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
        (await hub.Admin.PostAsync($"connections/{id}/confirm-rules")).Problem(HttpStatusCode.Conflict);
        (await hub.Admin.PostAsync($"connections/{id}/install?wait=60", new { adopt = true })).Body();
        async Task<string> DoAsync(string action) => (await hub.Admin.PostAsync($"connections/{id}/{action}")).Body()["state"]!.GetValue<string>();

        Assert.Equal("paused", await DoAsync("pause"));
        Assert.Equal("paused", await DoAsync("pause"));
        Assert.Equal("active", await DoAsync("resume"));
        Assert.Equal("disabled", await DoAsync("disable"));
        Assert.Equal("succeeded", (await hub.Admin.PostAsync($"connections/{id}/remove?wait=60", new { deleteFields = false })).Body()["state"]!.GetValue<string>());
        Assert.DoesNotContain(id.ToString(), (await hub.Viewer.ReadAsync("connections")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_BesideAnotherConnectionToTheSameSystem_IsRefusedUntilItIsConfirmed()
    {
        var first = await hub.ConnectAsync("The first", "https://twice.example.test");
        (await hub.Admin.PostAsync($"connections/{first}/install?wait=60", new { adopt = true })).Body();
        var second = await hub.ConnectAsync("The second", "https://twice.example.test");
        Assert.Equal("The first", (await hub.Viewer.ReadAsync($"connections/{second}")).Body()["sameSystem"]![0]!.GetValue<string>());

        var refused = (await hub.Admin.PostAsync($"connections/{second}/install?wait=60")).Problem(HttpStatusCode.Conflict);
        var run = (await hub.Admin.PostAsync($"connections/{second}/install?wait=60", new { confirmSecond = true, adopt = true })).Body();

        Assert.Contains("'The first' already works on the same system", refused, StringComparison.Ordinal);
        Assert.Contains("pages twice", refused, StringComparison.Ordinal);
        Assert.Equal("succeeded", run["state"]!.GetValue<string>());
        Assert.Equal("succeeded", (await hub.Admin.PostAsync($"connections/{second}/install?wait=60")).Body()["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task MissingTickets_AreListedAndConfirmedByAnAdministratorOnly()
    {
        var id = await hub.InstallAsync();
        var (gone, _) = (hub.Psa.Add("Deleted by mistake"), hub.Psa.Add("Stays"));
        (await hub.Admin.PostAsync($"connections/{id}/sync?wait=60")).Body();
        foreach (var word in new[] { "mistake", "Stays" }) // one that stays is read to tell a deleted ticket from a lost right
        {
            await EventuallyAsync(async () => (await hub.Viewer.ReadAsync($"alerts?q={word}")).Body()["items"]!.AsArray().FirstOrDefault(i => i!["connectionId"]!.GetValue<Guid>() == id));
        }

        hub.Psa.Delete(gone.Id);

        var missing = await EventuallyAsync(async () =>
        {
            (await hub.Admin.PostAsync($"connections/{id}/sync?wait=60")).Body(); // a page that was read before may still be applied after it
            var now = (await hub.Viewer.ReadAsync($"connections/{id}/missing-tickets")).Body();
            return now["tickets"]!.AsArray().Count > 0 ? now : null;
        });
        Assert.Equal(gone.Id, missing["tickets"]![0]!["remoteId"]!.GetValue<string>());
        Assert.False(missing["asks"]!.GetValue<bool>());
        (await hub.Dispatcher.PostAsync($"connections/{id}/missing-tickets/confirm", new { tickets = new[] { gone.Id } })).Problem(HttpStatusCode.Forbidden);
        (await hub.Admin.PostAsync($"connections/{id}/missing-tickets/confirm", new { tickets = new[] { "1" } })).Problem(HttpStatusCode.BadRequest);
        var left = (await hub.Admin.PostAsync($"connections/{id}/missing-tickets/confirm", new { tickets = new[] { gone.Id } })).Body();

        Assert.Empty(left["tickets"]!.AsArray());
        var alert = (await hub.Viewer.ReadAsync("alerts?q=mistake&status=closed")).Body()["items"]!.AsArray().Single(i => i!["connectionId"]!.GetValue<Guid>() == id)!;
        Assert.Equal("closed", alert["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Connectors_TellTheFieldsOfEachKind()
    {
        var kinds = (await hub.Viewer.ReadAsync("connectors")).Body()["items"]!.AsArray();

        Assert.Contains(kinds, kind => kind!["kind"]!.GetValue<string>() == "connectwise-psa");
        var fake = kinds.Single(kind => kind!["kind"]!.GetValue<string>() == "fake-psa")!;
        var key = fake["fields"]!.AsArray().Single(field => field!["name"]!.GetValue<string>() == "apiKey")!;
        Assert.Equal("secret", key["kind"]!.GetValue<string>());
        Assert.True(key["required"]!.GetValue<bool>());
    }

    [Fact]
    public async Task OnlyAdministrators_ChangeConnections()
    {
        var id = await hub.ConnectAsync();
        foreach (var action in new[] { "test", "dry-run", "install", "sync", "remove", "pause", "resume", "disable", "confirm-rules" })
        {
            (await hub.Dispatcher.PostAsync($"connections/{id}/{action}")).Problem(HttpStatusCode.Forbidden);
            (await hub.Stranger.PostAsync($"connections/{id}/{action}")).Problem(HttpStatusCode.Unauthorized);
        }

        (await hub.Dispatcher.PutAsync($"connections/{id}", new { name = "Mine" })).Problem(HttpStatusCode.Forbidden);
        (await hub.Dispatcher.PostAsync("connections", new { kind = "fake-psa" })).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Callback_AtTheRegisteredAddressWithWhatTheSenderAppends_IsVerifiedAndStored()
    {
        var id = await hub.InstallAsync();
        var ticket = hub.Psa.Add();
        var token = await hub.Get<HubStore>().ReadAsync(db => db.Connections.Where(c => c.Id == id).Select(c => c.CallbackToken).SingleAsync(), default);
        Task<Answer> CallAsync(string path, string signature) => hub.Stranger.CallAsync(
            HttpMethod.Post, path, new StringContent($$"""{"key":"{{path.Length}}","id":"{{ticket.Id}}","action":"added"}"""), null, ("x-signature", signature));

        Assert.Equal(HttpStatusCode.OK, (await CallAsync($"/callbacks/{token}?recordId={ticket.Id}&action=added", "good")).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync($"/callbacks/{token}/{ticket.Id}&action=added", "good")).Status);
        var forged = await CallAsync($"/callbacks/{token}?recordId={ticket.Id}", "bad");
        Assert.Contains("signature", forged.Problem(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        Assert.Contains("\"title\":\"The callback is not verified\"", forged.Text, StringComparison.Ordinal); // a machine has nowhere to sign in
        (await CallAsync("/callbacks/nobody?recordId=1", "good")).Problem(HttpStatusCode.NotFound);

        var events = (await hub.Viewer.ReadAsync($"connections/{id}/events?ticket={ticket.Id}&kind=callback")).Body()["items"]!.AsArray();
        Assert.Equal(2, events.Count);
        Assert.Contains(ticket.Id, events[0]!["payload"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single((await hub.Viewer.ReadAsync($"events?connection={id}&kind=refused-callback")).Body()["items"]!.AsArray());
    }

    [Fact]
    public async Task Callback_LargerThanFourMegabytes_IsRefusedUnread()
    {
        using var body = new ByteArrayContent(new byte[(4 * 1024 * 1024) + 1]);

        var answer = await hub.Stranger.CallAsync(HttpMethod.Post, "/callbacks/nobody", body);

        Assert.Contains("4 MB", answer.Problem(HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_CutIntoParts_AreSeenOnceEach()
    {
        var connection = Guid.Parse((await hub.ConnectAsync()).ToString());
        await hub.Get<HubStore>().WriteAsync(
            db =>
            {
                for (var i = 0; i < 5; i++) db.LogConnectionEvent(connection, "skipped", "7", $"Number {i}", null, "clause", TimeProvider.System.GetUtcNow());
                return Task.CompletedTask;
            },
            default);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await hub.Viewer.ReadAsync($"connections/{connection}/events?limit=2&cursor={cursor}")).Body();
            seen.AddRange(page["items"]!.AsArray().Select(item => item!["message"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    private static async Task<JsonNode> EventuallyAsync(Func<Task<JsonNode?>> find)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(2))
        {
            if (await find() is { } found) return found;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("It did not come within 2 minutes.");
    }
}
