using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>A customer says that it is not fixed after all: the ticket is opened again, and each policy does its own (S56).</summary>
public sealed class ReturnStory
{
    [Theory]
    [InlineData(Vendor.ConnectWise, "ReopenAlert", 1, AlertStatus.Open, 2)]
    [InlineData(Vendor.ConnectWise, "NewAlert", 2, AlertStatus.Open, 2)]
    [InlineData(Vendor.ConnectWise, "NewAlertLater", 1, AlertStatus.Open, 2)]
    [InlineData(Vendor.ConnectWise, "Ignore", 1, AlertStatus.Closed, 1)]
    [InlineData(Vendor.Autotask, "NewAlert", 2, AlertStatus.Open, 2)]
    [InlineData(Vendor.Autotask, "Ignore", 1, AlertStatus.Closed, 1)]
    public async Task ClosedTicket_OpenedAgain_DoesWhatTheSettingsSay(Vendor vendor, string policy, int generation, AlertStatus status, int pages)
    {
        await using var technician = await StoryTechnician.StartAsync(vendor, settings: new JsonObject { ["whenTicketReturns"] = policy });
        var world = technician.World;
        var ticket = await technician.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("Dana's phone rings", async () => (await world.PagesAsync()).Count == 1);
        await technician.SetStatusAsync(ticket, technician.Closed);
        await world.PollAsync();
        await EventuallyAsync("the alert is closed", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Closed);
        await EventuallyAsync("the marker follows the close", () => technician.MarkerSaysAsync(ticket, "Resolved"));

        await technician.SetStatusAsync(ticket, technician.New);
        await world.PollAsync();

        await EventuallyAsync("the timeline tells that the ticket came back", async () => (await LinesAsync(world, ticket)).Exists(line => line.StartsWith("Ticket came back", StringComparison.Ordinal)));
        await EventuallyAsync($"Dana was paged {pages} times", async () => (await world.PagesAsync()).Count == pages);
        var alert = await world.AlertAsync(ticket);
        Assert.Equal((generation, status), (alert.Generation, alert.Status));
        await EventuallyAsync("the marker says so too", () => technician.MarkerSaysAsync(ticket, status == AlertStatus.Open ? "" : "Resolved"));
    }

    private static Task<List<string>> LinesAsync(StoryWorld world, int ticket)
    {
        var id = ticket.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return world.Get<HubStore>().ReadAsync(
            db => (from link in db.Links
                   join alert in db.Alerts on link.Id equals alert.LinkId
                   join line in db.AlertEvents on alert.Id equals line.AlertId
                   where link.RemoteId == id
                   orderby line.At
                   select line.Message).ToListAsync(),
            default);
    }
}
