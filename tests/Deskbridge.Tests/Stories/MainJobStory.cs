using Deskbridge.Core.Alerting;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>The job the product exists for, on real HTTP and a real database.</summary>
public sealed class MainJobStory
{
    [Fact]
    public async Task Ticket_PagesTheEngineerOnDuty_AndTheAnswerGoesBack()
    {
        await using var world = await StartAsync();

        var ticket = await world.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("Dana's phone rings", async () => (await world.PagesAsync()).Any(p => p["title"]!.ToString().Contains("Mail server down at Harborview")));
        await EventuallyAsync("the ticket is marked as retrieved", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");

        var alert = await world.AlertAsync(ticket);
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the ticket is assigned", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "Assigned (responded)");
        await EventuallyAsync("Dana owns it", async () => (await world.TicketAsync(ticket))["owner"]?["name"]?.ToString() == "Dana Reyes");
        Assert.Equal("Acknowledged", await world.FieldAsync(ticket, "Signl4Status_c"));
        Assert.Equal("dana.reyes@northbridge-msp.test", await world.FieldAsync(ticket, "Signl4User_c"));

        Value(await world.Get<AddAlertNote>().RunAsync(alert.Id, world.Dana, "Restarted the transport service.", null, default));
        await EventuallyAsync("the note is on the ticket", async () => (await world.NotesAsync(ticket)).Count(n => n!["text"]!.ToString().Contains("Restarted the transport service.")) == 1);

        await world.SetStatusAsync(ticket, "Closed (resolved)");
        await world.PollAsync();
        await EventuallyAsync("the alert is closed", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Closed);
        await EventuallyAsync("the marker follows", async () => await world.FieldAsync(ticket, "Signl4Status_c") == "Resolved");
    }
}
