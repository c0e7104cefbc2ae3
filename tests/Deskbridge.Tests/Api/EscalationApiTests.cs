using System.Net;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Health;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Tests.Api;

public sealed class EscalationApiTests(ApiHost hub) : IClassFixture<ApiHost>
{
    private static readonly RandomIds Ids = new();

    [Fact]
    public async Task Chain_SetAndRead_SaysWhoWouldBePagedNow()
    {
        var (team, other) = (await TeamAsync(), await TeamAsync());
        var lea = hub.Person(PersonRole.Responder).Id;

        var set = (await hub.Dispatcher.PutAsync($"teams/{team}/escalation", new
        {
            version = 0,
            steps = new object[] { new { pages = "duty" }, new { pages = "everybody", waitMinutes = 10 }, new { pages = "people", waitMinutes = 5, people = new[] { lea } }, new { pages = "team", waitMinutes = 5, teamId = other } },
        })).Body();

        Assert.Equal((1, true, 4), (set["version"]!.GetValue<int>(), set["own"]!.GetValue<bool>(), set["steps"]!.AsArray().Count));
        var read = (await hub.Viewer.ReadAsync($"teams/{team}/escalation")).Body();
        Assert.Equal(set.ToJsonString(), read.ToJsonString());
        Assert.Equal(("people", lea), (read["steps"]![2]!["pages"]!.GetValue<string>(), read["steps"]![2]!["people"]![0]!.GetValue<Guid>()));
        Assert.StartsWith("At once, on duty in ", read["sentences"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(4, (await hub.Viewer.ReadAsync($"teams/{team}")).Body()["escalationSteps"]!.GetValue<int>());
    }

    [Fact]
    public async Task Chain_WithWhatCannotBe_IsRefusedNamingTheStep()
    {
        var team = await TeamAsync();
        async Task<string> RefusedAsync(object body) => (await hub.Dispatcher.PutAsync($"teams/{team}/escalation", body)).Problem(HttpStatusCode.BadRequest);

        Assert.Contains("Send the steps", await RefusedAsync(new { version = 0 }), StringComparison.Ordinal);
        Assert.Contains("version", await RefusedAsync(new { steps = Array.Empty<object>() }), StringComparison.Ordinal);
        Assert.Contains("must be one of duty, everybody, people, team", await RefusedAsync(new { version = 0, steps = new[] { new { pages = "boss" } } }), StringComparison.Ordinal);
        Assert.Contains("Step 1: pages is ''", await RefusedAsync(new { version = 0, steps = new object?[] { null } }), StringComparison.Ordinal);
        Assert.Contains("Step 2: it waits 0 minutes", await RefusedAsync(new { version = 0, steps = new[] { new { pages = "duty" }, new { pages = "everybody" } } }), StringComparison.Ordinal);
        (await hub.Dispatcher.PutAsync($"teams/{team}/escalation", new { version = 7, steps = Array.Empty<object>() })).Problem(HttpStatusCode.Conflict);
        (await hub.Responder.PutAsync($"teams/{team}/escalation", new { version = 0, steps = Array.Empty<object>() })).Problem(HttpStatusCode.Forbidden);
        (await hub.Viewer.ReadAsync($"teams/{Guid.Empty}/escalation")).Problem(HttpStatusCode.NotFound);
        (await hub.Dispatcher.PutAsync($"teams/{Guid.Empty}/escalation", new { version = 0, steps = Array.Empty<object>() })).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Escalate_WithWhatWasSeen_HappensOnce_AndNotForViewers()
    {
        var alert = await AlertAsync();
        var mark = (await hub.Viewer.ReadAsync($"alerts/{alert.Id}")).Body()["next"]!["mark"]!.GetValue<string>();
        (await hub.Viewer.PostAsync($"alerts/{alert.Id}/escalate", new { seen = mark })).Problem(HttpStatusCode.Forbidden);
        (await hub.Responder.PostAsync($"alerts/{Guid.Empty}/escalate")).Problem(HttpStatusCode.NotFound);

        var first = (await hub.Responder.PostAsync($"alerts/{alert.Id}/escalate", new { seen = mark })).Body();
        var stale = (await hub.Responder.PostAsync($"alerts/{alert.Id}/escalate", new { seen = "9.9.9" })).Body();

        Assert.Equal("open", first["status"]!.GetValue<string>());
        Assert.Single(stale["timeline"]!.AsArray(), line => line!["kind"]!.GetValue<string>() == "escalated");
        (await hub.Responder.PostAsync($"alerts/{alert.Id}/close")).Body();
        Assert.Contains("Re-open it", (await hub.Responder.PostAsync($"alerts/{alert.Id}/escalate")).Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    /// <summary>No hub runs the step, for its alert's row says that it is held; the health looks at both.</summary>
    [Fact]
    public async Task Step_OverdueByMoreThanAMinute_IsAProblemOfTheHub()
    {
        var now = TimeProvider.System.GetUtcNow();
        var problems = HealthProblems.Of(new PagerHealth(0, 0, 0, 1, 0, 0, 0)).ToList();
        Assert.Contains("1 escalation step is overdue by more than a minute", Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.Equal(HealthGravity.Broken, problems[0].Gravity);

        var alert = await AlertAsync();
        await hub.AddAsync(new DueStep { AlertId = alert.Id, Episode = 1, Round = 1, Step = 2, RanAt = now.AddHours(-1), DueAt = now.AddMinutes(-2), HeldUntil = now.AddHours(1) });
        Assert.Equal(0, (await hub.Get<HubHealth>().ReadAsync(default)).Pager.StepsLate);
        await hub.Get<HubStore>().WriteAsync(db => db.DueSteps.Where(step => step.AlertId == alert.Id).ExecuteDeleteAsync(), default);
    }

    private async Task<string> TeamAsync() => (await hub.Dispatcher.PostAsync("teams", new { name = $"Team {Ids.NewMarker()}" })).Body(HttpStatusCode.Created)["id"]!.GetValue<string>();

    private async Task<Alert> AlertAsync()
    {
        var connection = Build.Connection();
        connection.State = ConnectionState.Draft;
        var alert = Build.Alert(connection, title: $"Alert {Ids.NewMarker()}");
        await hub.AddAsync(connection, alert);
        return alert;
    }
}
