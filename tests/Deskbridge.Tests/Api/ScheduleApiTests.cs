using System.Net;
using System.Text.Json.Nodes;
using Deskbridge.Core.Common;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests.Api;

public sealed class ScheduleApiTests(ApiHost hub) : IClassFixture<ApiHost>
{
    private static readonly RandomIds Ids = new();

    [Fact]
    public async Task Schedule_SetAndRead_SaysWhoIsOnNowAndNext_AndPutsThemOnDuty()
    {
        var (team, ada, ben) = await TeamAsync();

        var set = (await SetAsync(team, 0, Layer(ada, ben))).Body();

        Assert.Equal(1, set["version"]!.GetValue<int>());
        Assert.Equal(("Europe/Berlin", "08:00", "weeks"), (Text(set["layers"]![0]!, "zone"), Text(set["layers"]![0]!, "handOver"), Text(set["layers"]![0]!, "unit")));
        var on = set["now"]![0]!["personId"]!.GetValue<Guid>();
        var next = set["next"]!["personId"]!.GetValue<Guid>();
        Assert.Equal(new HashSet<Guid> { ada, ben }, new HashSet<Guid> { on, next });
        var duty = (await hub.Viewer.ReadAsync("duty?limit=200")).Body()["items"]!.AsArray().Single(one => Text(one!, "teamId") == team)!["onDuty"]!.AsArray();
        Assert.Equal((on, set["now"]![0]!["until"]!.ToString()), (duty.Single()!["personId"]!.GetValue<Guid>(), duty.Single()!["until"]!.ToString()));
        (await SetAsync(team, 0, Layer(ada))).Problem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Shifts_AreReadInParts()
    {
        var (team, ada, ben) = await TeamAsync();
        (await SetAsync(team, 0, Layer(ada, ben) with { Unit = "days" })).Body();

        var path = $"teams/{team}/schedule/shifts?from=2026-03-28T07:00:00Z&days=3&limit=2";
        var first = (await hub.Viewer.ReadAsync(path)).Body();
        var second = (await hub.Viewer.ReadAsync($"{path}&cursor={Text(first, "next")}")).Body();

        Assert.Equal(["2026-03-28T07:00", "2026-03-29T06:00"], first["items"]!.AsArray().Select(shift => Text(shift!, "start")[..16]));
        Assert.Equal("2026-03-30T06:00", Text(second["items"]![0]!, "start")[..16]);
        (await hub.Viewer.ReadAsync($"teams/{team}/schedule/shifts?days=900")).Problem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Override_IsAddedAndRemoved()
    {
        var (team, ada, _) = await TeamAsync();
        var body = new { person = ada, from = "2020-03-29T18:00", until = "2190-03-30T08:00", zone = "Europe/Berlin" };

        var added = (await hub.Dispatcher.PostAsync($"teams/{team}/schedule/overrides", body)).Body(HttpStatusCode.Created);
        Assert.Equal(ada, (await hub.Viewer.ReadAsync($"teams/{team}/schedule")).Body()["now"]![0]!["personId"]!.GetValue<Guid>());
        Assert.Equal(HttpStatusCode.NoContent, (await hub.Dispatcher.CallAsync(HttpMethod.Delete, $"teams/{team}/schedule/overrides/{Text(added, "id")}")).Status);

        Assert.Empty((await hub.Viewer.ReadAsync($"teams/{team}/schedule")).Body()["now"]!.AsArray());
        Assert.Contains("must be a date and time", (await hub.Dispatcher.PostAsync($"teams/{team}/schedule/overrides", new { person = ada, from = "soon", until = "later", zone = "UTC" })).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        (await hub.Responder.PostAsync($"teams/{team}/schedule/overrides", body)).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task WhatCannotBe_IsRefusedNamingTheField()
    {
        var (team, ada, _) = await TeamAsync();

        Assert.Contains("must be one of hours, days, weeks, months", (await SetAsync(team, 0, Layer(ada) with { Unit = "fortnights" })).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("must be a date", (await SetAsync(team, 0, Layer(ada) with { Start = "30.3.2026" })).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("no day of the week", (await SetAsync(team, 0, Layer(ada) with { Days = ["caturday"] })).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("no time zone", (await SetAsync(team, 0, Layer(ada) with { Zone = "Mars" })).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        (await hub.Viewer.ReadAsync($"teams/{Guid.Empty}/schedule")).Problem(HttpStatusCode.NotFound);
    }

    private static Deskbridge.Features.Teams.LayerBody Layer(params Guid[] people) => new("Weeks", people, 1, "weeks", "2020-01-06", "08:00", "Europe/Berlin");

    private static string Text(JsonNode of, string field) => of[field]!.GetValue<string>();

    private Task<Answer> SetAsync(string team, int version, Deskbridge.Features.Teams.LayerBody layer) => hub.Dispatcher.PutAsync($"teams/{team}/schedule", new { version, layers = new[] { layer } });

    private async Task<(string Team, Guid Ada, Guid Ben)> TeamAsync()
    {
        var (ada, ben) = (Build.Person($"Ada {Ids.NewMarker()}"), Build.Person($"Ben {Ids.NewMarker()}"));
        await hub.AddAsync(ada, ben);
        var team = Text((await hub.Dispatcher.PostAsync("teams", new { name = $"Team {Ids.NewMarker()}" })).Body(HttpStatusCode.Created), "id");
        (await hub.Dispatcher.PutAsync($"teams/{team}/members", new { members = new[] { ada.Id, ben.Id } })).Body();
        return (team, ada.Id, ben.Id);
    }
}
