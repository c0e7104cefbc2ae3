using System.Net;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Tests.Intake;

/// <summary>Extension callouts without a connection (T13, T15).</summary>
public sealed class CalloutIntakeTests(HubHost host) : IClassFixture<HubHost>
{
    private const string Xml = "<ticket><id>48213</id><number>T20261120.0009</number><status>New</status><title>Backup failed</title></ticket>";

    [Fact]
    public async Task Callout_InEachForm_RaisesOneAlert_AndRepeatsAreNotToldAgain()
    {
        using var box = await BoxAsync();

        var (status, first) = await box.CallAsync(Xml, "text/xml");
        var (_, same) = await box.CallAsync(Xml, "application/x-www-form-urlencoded");
        var (_, edited) = await box.CallAsync("id=48213&number=T20261120.0009&status=In+Progress", "application/x-www-form-urlencoded");

        Assert.True(status == HttpStatusCode.OK, first.ToString());
        Assert.Equal(("raised", "added", "added"), (first["outcome"]!.ToString(), same["outcome"]!.ToString(), edited["outcome"]!.ToString()));
        var alert = Assert.Single(await box.AlertsAsync());
        Assert.Equal(("Backup failed", "T20261120.0009", "48213"), (alert.Title, alert.TicketNumber, alert.TicketRemoteId));
        Assert.Single((await box.DetailAsync(alert.Id)).Timeline, line => line.Kind == "received");
    }

    [Fact]
    public async Task Callout_AndMailOfTheSameTicket_EndWithOneAlert()
    {
        using var box = await BoxAsync();

        await Task.WhenAll(box.CallAsync(Xml, "text/xml"), box.SendAsync("From: a@b.test\nMessage-ID: <m@x>\nSubject: T20261120.0009\n\nText"));

        Assert.Single(await box.AlertsAsync());
    }

    [Fact]
    public async Task Callout_WithoutTheSecretOrWithABomb_IsRefusedInWords()
    {
        using var box = await BoxAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await box.CallAsync(Xml, "text/xml", password: "wrong")).Status);
        var (status, said) = await box.CallAsync("<!DOCTYPE t [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><t><id>&b;</id></t>", "text/xml");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("document type", said["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(await box.AlertsAsync());
        Assert.Equal(1, await box.ReadAsync(db => db.ConnectionEvents.CountAsync(e => e.Kind == "refused-intake" && db.TeamIntakes.Any(i => i.Id == e.ConnectionId && i.TeamId == box.TeamId))));
    }

    [Fact]
    public async Task Page_MakesTheAddresses_TestsThem_AndShowsWhatCame()
    {
        using var box = await BoxAsync();
        using var dispatcher = await host.SignedInAsync(PersonRole.Dispatcher);
        var path = $"/duty/teams/{box.TeamId}/intake";

        using var tested = await dispatcher.PostFormAsync(path, [], path + "?handler=Test");
        using var saved = await dispatcher.PostFormAsync(path, [("Form.Title", "kurztext"), ("Form.Shown", "status, queue")], path + "?handler=Fields");
        var page = await dispatcher.ReadAsync(path);

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (tested.StatusCode, saved.StatusCode));
        Assert.Contains("raised an alert.", page, StringComparison.Ordinal);
        Assert.Contains("value=\"status, queue\"", page, StringComparison.Ordinal);
        var alert = Assert.Single(await box.AlertsAsync());
        Assert.Equal(AlertStatus.Open, alert.Status);
        var log = await dispatcher.ReadAsync("/events");
        Assert.Contains("Mail and callouts of", log, StringComparison.Ordinal);
    }

    private async Task<TeamBox> BoxAsync() => await TeamBox.MakeAsync(host, await host.PersonAsync(PersonRole.Responder));
}
