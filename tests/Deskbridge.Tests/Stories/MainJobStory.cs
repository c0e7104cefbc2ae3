using Deskbridge.Core.Alerting;
using Deskbridge.Testing;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>The job the product exists for, on real HTTP and a real database, with either system.</summary>
public sealed class MainJobStory
{
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Ticket_PagesTheEngineerOnDuty_AndTheAnswerGoesBack(Vendor vendor)
    {
        await using var technician = await StoryTechnician.StartAsync(vendor);
        var world = technician.World;

        var ticket = await technician.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("Dana's phone rings", async () => (await world.PagesAsync()).Any(p => p["title"]!.ToString().Contains("Mail server down at Harborview")));
        await EventuallyAsync("the ticket is marked as retrieved", () => technician.IsMarkedAsync(ticket));

        var alert = await world.AlertAsync(ticket);
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the ticket is assigned", async () => await technician.StatusAsync(ticket) == technician.Taken);
        await EventuallyAsync("Dana owns it", async () => await technician.OwnerAsync(ticket) == world.Dana.Email);
        await EventuallyAsync("the marker says that it is acknowledged", () => technician.MarkerSaysAsync(ticket, "Acknowledged"));
        await EventuallyAsync("the marker names Dana", () => technician.MarkerNamesAsync(ticket, world.Dana.Email));

        Value(await world.Get<AddAlertNote>().RunAsync(alert.Id, world.Dana, "Restarted the transport service.", null, default));
        await EventuallyAsync("the note is on the ticket", async () => (await technician.NotesAsync(ticket)).Count(note => note.Text.Contains("Restarted the transport service.", StringComparison.Ordinal)) == 1);

        await technician.SetStatusAsync(ticket, technician.Closed);
        await world.PollAsync();
        await EventuallyAsync("the alert is closed", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Closed);
        await EventuallyAsync("the marker follows", () => technician.MarkerSaysAsync(ticket, "Resolved"));
    }
}
