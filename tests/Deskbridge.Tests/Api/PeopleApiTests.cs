using System.Net;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Xunit;

namespace Deskbridge.Tests.Api;

public sealed class PeopleApiTests(ApiHost hub) : IClassFixture<ApiHost>
{
    private static readonly RandomIds Ids = new();

    [Fact]
    public async Task Team_OfADispatcher_TakesMembersAndDuty()
    {
        var person = hub.Person(PersonRole.Responder).Id;
        var name = $"Night shift {Ids.NewMarker()}";
        var team = (await hub.Dispatcher.PostAsync("teams", new { name, repeatMinutes = 10 })).Body(HttpStatusCode.Created);
        var path = $"teams/{team["id"]}";

        var changed = (await hub.Dispatcher.PutAsync(path, new { description = "After hours" })).Body();
        Assert.Equal(name, changed["name"]!.GetValue<string>());
        Assert.Equal(10, changed["repeatMinutes"]!.GetValue<int>());

        (await hub.Responder.PostAsync("duty/punch-in", new { team = name })).Problem(HttpStatusCode.Conflict);
        (await hub.Dispatcher.PutAsync($"{path}/members", new { members = new[] { person } })).Body();
        var first = (await hub.Responder.PostAsync("duty/punch-in", new { team = name })).Body();
        var second = (await hub.Dispatcher.PostAsync("duty/punch-in", new { team = team["id"]!.GetValue<string>(), person = "responder@example.test" })).Body();
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.Equal(person, first["onDuty"]![0]!["personId"]!.GetValue<Guid>());
        Assert.Contains(name, (await hub.Viewer.ReadAsync("duty")).Text, StringComparison.Ordinal);

        Assert.Empty((await hub.Responder.PostAsync("duty/punch-out", new { team = name })).Body()["onDuty"]!.AsArray());
        Assert.Empty((await hub.Responder.PostAsync("duty/punch-out", new { team = name })).Body()["onDuty"]!.AsArray());
        Assert.Equal(HttpStatusCode.NoContent, (await hub.Dispatcher.RemoveAsync(path)).Status);
        (await hub.Viewer.ReadAsync(path)).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Team_WithWhatCannotBe_IsRefusedNamingTheField()
    {
        Assert.Equal("name", (await hub.Admin.PostAsync("teams", new { })).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        Assert.Equal("repeatMinutes", (await hub.Admin.PostAsync("teams", new { name = "T", repeatMinutes = 0 })).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        (await hub.Responder.PostAsync("teams", new { name = "T" })).Problem(HttpStatusCode.Forbidden);
        (await hub.Responder.PostAsync("duty/punch-in", new { team = "no such team" })).Problem(HttpStatusCode.NotFound);
        (await hub.Responder.PostAsync("duty/punch-in", new { })).Problem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task PunchIn_OfSomebodyElse_IsForDispatchers()
    {
        var team = (await hub.Dispatcher.PostAsync("teams", new { name = $"Team {Ids.NewMarker()}" })).Body(HttpStatusCode.Created)["id"]!.GetValue<string>();
        (await hub.Dispatcher.PutAsync($"teams/{team}/members", new { members = new[] { hub.Person(PersonRole.Dispatcher).Id } })).Body();

        var refused = (await hub.Responder.PostAsync("duty/punch-in", new { team, person = "dispatcher@example.test" })).Problem(HttpStatusCode.Forbidden);

        Assert.Contains("dispatcher", refused, StringComparison.OrdinalIgnoreCase);
        (await hub.Viewer.PostAsync("duty/punch-in", new { team })).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Channel_ShowsItsSecretOnceAndIsSeenByItsOwnerAndAdministrators()
    {
        var made = (await hub.Responder.PostAsync("channels", new { kind = "webhook", name = "Hook", address = "http://127.0.0.1:9/hook" })).Body(HttpStatusCode.Created);
        var secret = made["newSecret"]!.GetValue<string>();
        var path = $"channels/{made["id"]}";

        var seen = await hub.Responder.ReadAsync(path);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.True(seen.Body()["hasSecret"]!.GetValue<bool>());
        Assert.DoesNotContain(secret, seen.Text, StringComparison.Ordinal);
        (await hub.Admin.ReadAsync(path)).Body();
        (await hub.Dispatcher.ReadAsync(path)).Problem(HttpStatusCode.NotFound);
        (await hub.Dispatcher.ReadAsync($"channels?person={hub.Person(PersonRole.Responder).Id}")).Problem(HttpStatusCode.Forbidden);
        (await hub.Dispatcher.PutAsync(path, new { name = "Mine" })).Problem(HttpStatusCode.NotFound);

        var tested = (await hub.Responder.PostAsync($"{path}/test")).Body();
        Assert.False(tested["accepted"]!.GetValue<bool>());
        Assert.Equal("Renamed", (await hub.Responder.PutAsync(path, new { name = "Renamed" })).Body()["name"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NoContent, (await hub.Responder.RemoveAsync(path)).Status);
    }

    [Fact]
    public async Task TestOfAPerson_SendsByEveryChannelInUse_AndTellsEachOutcome()
    {
        await using var phone = await Phone.StartAsync();
        var person = (await hub.Admin.PostAsync("people", new { name = "Tess", email = $"{Ids.NewMarker()}@example.test" })).Body(HttpStatusCode.Created)["id"]!.GetValue<Guid>();
        Assert.Contains("no channel in use", (await hub.Admin.PostAsync($"people/{person}/test")).Body()["summary"]!.GetValue<string>(), StringComparison.Ordinal);
        (await hub.Admin.PostAsync("channels", new { person, kind = "ntfy", name = "Phone", address = phone.Url + "/tess" })).Body(HttpStatusCode.Created);
        (await hub.Admin.PostAsync("channels", new { person, kind = "webhook", name = "Broken", address = "http://127.0.0.1:9/hook" })).Body(HttpStatusCode.Created);
        (await hub.Admin.PostAsync("channels", new { person, kind = "ntfy", name = "Old phone", address = phone.Url + "/old", enabled = false })).Body(HttpStatusCode.Created);

        var tested = (await hub.Dispatcher.PostAsync($"people/{person}/test")).Body();

        var tries = tested["channels"]!.AsArray();
        Assert.Equal(["Phone True", "Broken False"], tries.Select(t => $"{t!["name"]} {t["accepted"]!.GetValue<bool>()}"));
        Assert.Contains("could not be reached", tries[1]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(tested["reachable"]!.GetValue<bool>());
        Assert.Contains("Test message", Assert.Single(phone.Received), StringComparison.Ordinal);
        (await hub.Responder.PostAsync($"people/{person}/test")).Problem(HttpStatusCode.Forbidden);
        (await hub.Responder.PostAsync($"people/{hub.Person(PersonRole.Responder).Id}/test")).Body();
        (await hub.Admin.PostAsync($"people/{Guid.CreateVersion7()}/test")).Problem(HttpStatusCode.NotFound);
        (await hub.Admin.PostAsync($"people/{person}/deactivate")).Body();
        Assert.Contains("deactivated", (await hub.Admin.PostAsync($"people/{person}/test")).Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestOfATeam_SaysWhoWouldBePaged_AndTriesThem()
    {
        await using var phone = await Phone.StartAsync();
        var name = $"Evening {Ids.NewMarker()}";
        var team = (await hub.Dispatcher.PostAsync("teams", new { name })).Body(HttpStatusCode.Created)["id"]!.GetValue<string>();
        var (tess, tom) = (await AddAsync("Tess"), await AddAsync("Tom"));
        (await hub.Dispatcher.PutAsync($"teams/{team}/members", new { members = new[] { tess, tom } })).Body();
        (await hub.Admin.PostAsync("channels", new { person = tess, kind = "ntfy", name = "Phone", address = phone.Url + "/tess" })).Body(HttpStatusCode.Created);

        var nobody = (await hub.Dispatcher.PostAsync($"teams/{team}/test")).Body();
        (await hub.Dispatcher.PostAsync("duty/punch-in", new { team, person = tess })).Body();
        var somebody = (await hub.Dispatcher.PostAsync($"teams/{team}/test")).Body();

        Assert.StartsWith($"Nobody is on duty in {name}.", nobody["summary"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(nobody["reachable"]!.GetValue<bool>());
        Assert.Equal($"An alert of {name} would page Tess.", somebody["summary"]!.GetValue<string>());
        Assert.Equal(tess, Assert.Single(somebody["paged"]!.AsArray())!["personId"]!.GetValue<Guid>());
        Assert.Single(phone.Received);
        (await hub.Responder.PostAsync($"teams/{team}/test")).Problem(HttpStatusCode.Forbidden);
        (await hub.Admin.PostAsync($"teams/{Guid.CreateVersion7()}/test")).Problem(HttpStatusCode.NotFound);

        async Task<Guid> AddAsync(string who) =>
            (await hub.Admin.PostAsync("people", new { name = who, email = $"{Ids.NewMarker()}@example.test" })).Body(HttpStatusCode.Created)["id"]!.GetValue<Guid>();
    }

    [Theory]
    [InlineData("slack", "address", "http://127.0.0.1:9/services/T0/B0/only-we-know-it")]
    [InlineData("teams", "secret", "http://127.0.0.1:9/workflows/a/triggers/manual/paths/invoke?sig=only-we-know-it")]
    public async Task ChatChannel_TakesItsAddressOnce_AndAnswersOnlyItsServer(string kind, string field, string address)
    {
        var created = (await hub.Responder.PostAsync("channels", new Dictionary<string, string> { ["kind"] = kind, ["name"] = "On call", [field] = address })).Body(HttpStatusCode.Created);
        var path = $"channels/{created["id"]}";

        var renamed = (await hub.Responder.PutAsync(path, new { name = "Night" })).Body();
        var sentBack = (await hub.Responder.PutAsync(path, new { address = renamed["address"]!.GetValue<string>(), name = "Night" })).Body();

        Assert.All([created, renamed, sentBack], view =>
        {
            Assert.Equal((kind, "http://127.0.0.1:9", true), (view["kind"]!.GetValue<string>(), view["address"]!.GetValue<string>(), view["hasSecret"]!.GetValue<bool>()));
            Assert.DoesNotContain("only-we-know-it", view.ToJsonString(), StringComparison.Ordinal);
        });
        var tested = (await hub.Responder.PostAsync($"{path}/test")).Body();
        Assert.False(tested["accepted"]!.GetValue<bool>());
        Assert.Contains("could not be reached", tested["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("address", (await hub.Responder.PutAsync(path, new { secret = "" })).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NoContent, (await hub.Responder.RemoveAsync(path)).Status);
    }

    [Fact]
    public async Task Channel_WithWhatCannotBe_IsRefusedNamingTheField()
    {
        (await hub.Responder.PostAsync("channels", new { name = "X", address = "a@example.test" })).Problem(HttpStatusCode.BadRequest);
        Assert.Equal("address", (await hub.Responder.PostAsync("channels", new { kind = "email", name = "X", address = "nobody" })).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        Assert.Contains("kind", (await hub.Responder.PostAsync("channels", new { kind = "pigeon" })).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        (await hub.Viewer.PostAsync("channels", new { kind = "email", name = "X", address = "a@example.test" })).Problem(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("people", "{\"name\":\"\\u202e\",\"email\":\"hidden@example.test\"}", "name")]
    [InlineData("people", "{\"name\":\"Eve\",\"email\":\"e\\u202eve@example.test\"}", "email")]
    [InlineData("teams", "{\"name\":\"a\\u202eb\"}", "name")]
    [InlineData("channels", "{\"kind\":\"email\",\"name\":\"a\\u2028b\",\"address\":\"a@example.test\"}", "name")]
    public async Task Name_ThatDoesNotShowAsItIs_IsRefused(string path, string body, string field)
    {
        var answer = await hub.Admin.CallAsync(HttpMethod.Post, path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(field, answer.Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Person_ChangesTheirOwnNameButNotTheirRole()
    {
        var path = $"people/{hub.Person(PersonRole.Viewer).Id}";

        Assert.Equal("Вера", (await hub.Viewer.PutAsync(path, new { name = "Вера" })).Body()["name"]!.GetValue<string>());
        (await hub.Viewer.PutAsync(path, new { role = "admin" })).Problem(HttpStatusCode.Forbidden);
        (await hub.Viewer.PutAsync($"people/{hub.Person(PersonRole.Admin).Id}", new { name = "Mine" })).Problem(HttpStatusCode.Forbidden);
        Assert.Equal("viewer", (await hub.Viewer.ReadAsync("people/me")).Body()["role"]!.GetValue<string>());
    }

    [Fact]
    public async Task Person_AddedByAnAdministrator_IsListedChangedAndDeactivated()
    {
        var email = $"{Ids.NewMarker()}@example.test";
        var made = (await hub.Admin.PostAsync("people", new { name = "Nia", email })).Body(HttpStatusCode.Created);
        var path = $"people/{made["id"]}";

        Assert.Equal("responder", made["role"]!.GetValue<string>());
        Assert.NotEmpty(made["initialPassword"]!.GetValue<string>());
        Assert.Equal("dispatcher", (await hub.Admin.PutAsync(path, new { role = "dispatcher" })).Body()["role"]!.GetValue<string>());
        Assert.False((await hub.Admin.PostAsync($"{path}/deactivate")).Body()["active"]!.GetValue<bool>());
        Assert.Equal("email", (await hub.Admin.PostAsync("people", new { name = "Nia", email })).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        (await hub.Dispatcher.PostAsync("people", new { name = "Nia", email })).Problem(HttpStatusCode.Forbidden);
    }
}
