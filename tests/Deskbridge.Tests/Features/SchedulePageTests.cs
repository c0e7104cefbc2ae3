using System.Net;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Features;

/// <summary>The schedule of a team, as a browser without script uses it.</summary>
public sealed class SchedulePageTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task Rotation_IsMadeByButtons_AndSavedBySave()
    {
        var (dispatcher, team, person) = await StartAsync();
        using var _ = dispatcher;
        var path = $"/duty/teams/{team}/schedule/layers";
        (string, string)[] form =
        [
            ("Form.Version", "0"), ("Form.Layers[0].Name", "Weeks"), ("Form.Layers[0].Length", "1"), ("Form.Layers[0].Unit", "Weeks"), ("Form.Layers[0].Start", "2020-01-06"),
            ("Form.Layers[0].HandOver", "08:00"), ("Form.Layers[0].Zone", "Europe/Berlin"), ("Form.Layers[0].From", "00:00"), ("Form.Layers[0].To", "00:00"),
        ];

        var joined = await TextAsync(await dispatcher.PostFormAsync(path, [.. form, ("Form.Layers[0].Next", person.ToString()), ("at", "0")], path + "?handler=Join"));
        Assert.Contains($"name=\"Form.Layers[0].People[0]\" value=\"{person}\"", joined, StringComparison.Ordinal);
        Assert.Contains("Not saved yet.", joined, StringComparison.Ordinal);
        Assert.Contains("1 to 50 people take turns", await TextAsync(await dispatcher.PostFormAsync(path, form, path + "?handler=Save")), StringComparison.Ordinal);
        using var saved = await dispatcher.PostFormAsync(path, [.. form, ("Form.Layers[0].People[0]", person.ToString())], path + "?handler=Save");

        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        var page = await dispatcher.ReadAsync($"/duty/teams/{team}/schedule");
        Assert.Contains("is on duty since", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"gaps\"", page, StringComparison.Ordinal);
        Assert.Contains("Somebody else changed the duty schedule", await TextAsync(await dispatcher.PostFormAsync(path, [.. form, ("Form.Layers[0].People[0]", person.ToString())], path + "?handler=Save")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Override_IsAddedAndRemoved_AndAGapIsTold()
    {
        var (dispatcher, team, person) = await StartAsync();
        using var _ = dispatcher;
        var path = $"/duty/teams/{team}/schedule";
        using var added = await dispatcher.PostFormAsync(
            path, [("Form.Person", person.ToString()), ("Form.From", "2020-01-01T08:00"), ("Form.Until", "2190-01-01T08:00"), ("Form.Zone", "UTC")], path + "?handler=Add");
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        Assert.Contains("in addition", await dispatcher.ReadAsync(path), StringComparison.Ordinal);
        var schedules = host.Services.GetRequiredService<ScheduleQueries>();
        var one = Assert.Single((await schedules.GetAsync(team, default))!.Schedule.Overrides);

        using var removed = await dispatcher.PostFormAsync(path, [("one", one.Id.ToString())], path + "?handler=Remove");

        Assert.Empty((await schedules.GetAsync(team, default))!.Schedule.Overrides);
        Assert.Contains("Nobody is on duty.", await dispatcher.ReadAsync(path), StringComparison.Ordinal);
    }

    private async Task<(Visitor Dispatcher, Guid Team, Guid Person)> StartAsync()
    {
        await host.PersonAsync(PersonRole.Admin); // before there is one, every page leads to the first set-up
        var person = await host.PersonAsync(PersonRole.Dispatcher);
        var team = (await host.Services.GetRequiredService<CreateTeam>().RunAsync(new TeamDraft($"Team {new RandomIds().NewMarker()}"), person, default)).Value.Id;
        Assert.Null(await host.Services.GetRequiredService<SetTeamMembers>().RunAsync(team, [person.Id], person, default));
        return (await host.SignedInAsync(person), team, person.Id);
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        using (answer) return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
