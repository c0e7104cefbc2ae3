using System.Net;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Features;

/// <summary>The editor of a chain, as a browser without script uses it.</summary>
public sealed class EscalationPageTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task Steps_AddedMovedAndRemoved_AreKeptInTheForm_AndSavedBySave()
    {
        var (dispatcher, path, team) = await StartAsync();
        using var _ = dispatcher;
        (string, string)[] two = [("Form.Version", "0"), ("Form.Steps[0].Pages", "Duty"), ("Form.Steps[0].Wait", "0"), ("Form.Steps[1].Pages", "Everybody"), ("Form.Steps[1].Wait", "7")];

        var added = await TextAsync(await dispatcher.PostFormAsync(path, two, path + "?handler=Add"));
        Assert.Contains("id=\"step-3\"", added, StringComparison.Ordinal);
        Assert.Contains("Not saved yet.", added, StringComparison.Ordinal);
        var moved = await TextAsync(await dispatcher.PostFormAsync(path, [.. two, ("at", "1")], path + "?handler=Up"));
        Assert.Contains("name=\"Form.Steps[1].Wait\" value=\"10\"", moved, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"step-2\"", await TextAsync(await dispatcher.PostFormAsync(path, [.. two, ("at", "1")], path + "?handler=Remove")), StringComparison.Ordinal);
        Assert.False((await host.Services.GetRequiredService<EscalationQueries>().GetAsync(team, default))!.Own);

        using var saved = await dispatcher.PostFormAsync(path, two, path + "?handler=Save");

        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal([StepAudience.Duty, StepAudience.Everybody], (await host.Services.GetRequiredService<EscalationQueries>().GetAsync(team, default))!.Steps.Select(step => step.Pages));
        Assert.Contains("After 7 minutes, everybody in", WebUtility.HtmlDecode(await dispatcher.ReadAsync($"/duty/teams/{team}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_WithASlip_SaysWhichStep_AndKeepsWhatWasTyped()
    {
        var (dispatcher, path, _) = await StartAsync();
        using var browser = dispatcher;

        var refused = await TextAsync(await browser.PostFormAsync(path, [("Form.Version", "0"), ("Form.Steps[0].Pages", "Duty"), ("Form.Steps[1].Pages", "People"), ("Form.Steps[1].Wait", "33")], path + "?handler=Save"));

        Assert.Contains("Step 2: it names nobody.", refused, StringComparison.Ordinal);
        Assert.Contains("value=\"33\"", refused, StringComparison.Ordinal);
        var stale = await TextAsync(await browser.PostFormAsync(path, [("Form.Version", "5"), ("Form.Steps[0].Pages", "Everybody")], path + "?handler=Save"));
        Assert.Contains("Somebody else changed the escalation chain", stale, StringComparison.Ordinal);
        Assert.Contains("name=\"Form.Version\" value=\"0\"", stale, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Editor_IsForDispatchers()
    {
        var (dispatcher, path, _) = await StartAsync();
        dispatcher.Dispose();
        using var responder = await host.SignedInAsync(PersonRole.Responder);

        using var answer = await responder.GetAsync(path);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private async Task<(Visitor Dispatcher, string Path, Guid Team)> StartAsync()
    {
        await host.PersonAsync(PersonRole.Admin); // before there is one, every page leads to the first set-up
        var person = await host.PersonAsync(PersonRole.Dispatcher);
        var team = (await host.Services.GetRequiredService<CreateTeam>().RunAsync(new TeamDraft($"Team {new RandomIds().NewMarker()}"), person, default)).Value.Id;
        return (await host.SignedInAsync(person), $"/duty/teams/{team}/escalation", team);
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        using (answer) return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
